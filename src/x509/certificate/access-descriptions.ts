import { decodeOid } from '../../asn1/oid.js';
import { readBer } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { nonEmptySequence } from './extension-syntax.js';
import { type GeneralName, generalName } from './general-name.js';

/** Access methods of authorityInfoAccess and subjectInfoAccess (RFC 5280 §4.2.2). */
export const AccessMethodOid = {
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  timeStamping: '1.3.6.1.5.5.7.48.3',
  caRepository: '1.3.6.1.5.5.7.48.5',
} as const;

/** An AccessDescription: how something is reached (a dotted OID), and where. */
export interface AccessDescription {
  readonly method: string;
  readonly location: GeneralName;
}

/** Reads the value of authorityInfoAccess and of subjectInfoAccess. */
export function readAccessDescriptions(value: Uint8Array): readonly AccessDescription[] {
  return nonEmptySequence(readBer(value), 'a list of AccessDescription').map((node) => {
    const [method, location, ...more] = sequenceOf(node, 'an AccessDescription');
    if (method === undefined || location === undefined || more.length > 0)
      throw unexpected(node, 'an AccessDescription');
    return { method: decodeOid(method), location: generalName(location) };
  });
}
