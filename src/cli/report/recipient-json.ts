import type { CertificateIdentifier } from '../../cms/certificate-identifier.js';
import type { RecipientInfo } from '../../cms/enveloped/recipient-info.js';
import { MailsealError } from '../../core/errors.js';
import { encodeHex } from '../../encoding/hex.js';

/** One recipient as `--json` prints it. */
export function recipientJson(recipient: RecipientInfo): unknown {
  const { kind } = recipient;
  try {
    if (kind === 'key-transport') return { kind, ...nameJson(recipient.identifier) };
    if (kind === 'key-agreement')
      return { kind, recipients: recipient.recipients.map(({ identifier }) => nameJson(identifier)) };
    return { kind };
  } catch (error) {
    // A recipient that is damaged must not hide the others.
    if (error instanceof MailsealError) return { kind };
    throw error;
  }
}

function nameJson(identifier: CertificateIdentifier): object {
  return identifier.kind === 'subjectKeyIdentifier'
    ? { keyIdentifier: encodeHex(identifier.keyIdentifier) }
    : { issuer: `${identifier.issuer}`, serialNumber: encodeHex(identifier.serialNumber) };
}
