import { der, derBoolean, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { IssuingDistributionPoint } from '../../x509/certificate/distribution-points.js';
import type { Extension } from '../../x509/certificate/extensions.js';
import { CrlExtensionOid } from '../../x509/revocation/crl.js';
import { distributionPointName, extension, reasonBits } from './extension-writer.js';
import { givenObject } from './given.js';

const flags = [
  'onlyContainsUserCerts',
  'onlyContainsCACerts',
  'indirectCrl',
  'onlyContainsAttributeCerts',
] as const;
const fields: ReadonlySet<string> = /* @__PURE__ */ new Set(['name', 'onlySomeReasons', ...flags]);

/**
 * issuingDistributionPoint, critical (RFC 5280 §5.2.5). A scope that leaves
 * nothing out is that of a CRL without the extension, which is never empty.
 */
export function issuingDistributionPoint(scope: Partial<IssuingDistributionPoint>): Extension[] {
  givenObject(scope, 'scope');
  // A field that is misspelt would make the CRL one of everything.
  const unknown = Object.keys(scope).find((field) => !fields.has(field));
  if (unknown !== undefined) throw usage(`scope has no field ${shown(unknown)}`);
  for (const flag of flags) {
    if (scope[flag] !== undefined && typeof scope[flag] !== 'boolean') {
      throw usage(`${flag} of scope is true or false`);
    }
  }
  const only = flags.filter((flag) => flag !== 'indirectCrl' && scope[flag] === true);
  if (only.length > 1) throw usage(`${only.join(' and ')} exclude each other (RFC 5280 §5.2.5)`);
  const { name, onlySomeReasons } = scope;
  const elements = [
    ...(name === undefined ? [] : [der(0xa0, distributionPointName(name))]),
    ...flagElement(1, scope.onlyContainsUserCerts),
    ...flagElement(2, scope.onlyContainsCACerts),
    ...(onlySomeReasons === undefined ? [] : [reasonBits(3, onlySomeReasons)]),
    ...flagElement(4, scope.indirectCrl),
    ...flagElement(5, scope.onlyContainsAttributeCerts),
  ];
  if (elements.length === 0) return [];
  return [extension(CrlExtensionOid.issuingDistributionPoint, true, derSequence(...elements))];
}

/** DER leaves out what is FALSE by default. */
function flagElement(tag: number, given: boolean | undefined): Bytes[] {
  if (given !== true) return [];
  const element = derBoolean(true);
  element[0] = 0x80 | tag;
  return [element];
}
