import { bytesFromUtf8 } from '../../core/utf8.js';
import { digest } from '../../crypto/digests/digest.js';
import { domainToAscii } from '../../encoding/domain.js';
import { encodeHex } from '../../encoding/hex.js';
import { smimeaMalformed } from './smimea-malformed.js';

/**
 * The domain name at which the SMIMEA records of a mail address stand
 * (RFC 8162 §3): the SHA-256 of the local part, cut to 28 octets, in
 * hexadecimal, `_smimecert`, and the domain, with A-labels for what is not ASCII.
 *
 * The letter case of the local part counts. Where nothing is found, the same
 * address in lower case may be asked for (§4). Quotes and comments of the local
 * part are taken away, so that each way of writing it gives the same name.
 *
 * @param address `local@domain`, the local part in any script
 * @throws MailsealError `x509-smimea-malformed` when there is no local part or
 * no domain, `domain-malformed` when the domain cannot be in the DNS.
 * @example
 * ```ts
 * import { smimeaOwnerName } from 'mailseal/x509';
 *
 * console.log(smimeaOwnerName('hugh@example.com'));
 * // c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com
 * ```
 */
export function smimeaOwnerName(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const local = at < 0 ? '' : plainLocalPart(address.slice(0, at));
  if (local === '' || domain === '' || domain.startsWith('['))
    throw smimeaMalformed('a mail address with a local part and the name of a domain is wanted', 0);
  const hash = digest('sha256', bytesFromUtf8(local.normalize('NFC'))).subarray(0, 28);
  return `${encodeHex(hash)}._smimecert.${domainToAscii(domain)}`;
}

/** RFC 8162 §3: without what RFC 5322 lets stand around the words, without quotes and quoting. */
function plainLocalPart(written: string): string {
  const local = written.trim();
  if (/^[^\s"\\()]*$/.test(local)) return local;
  let plain = '';
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < local.length; i++) {
    const character = local[i]!;
    if (character === '\\') {
      i++;
      if (depth === 0) plain += local[i] ?? '';
    } else if (quoted) {
      if (character === '"') quoted = false;
      else plain += character;
    } else if (character === '(') depth++;
    else if (character === ')' && depth > 0) depth--;
    else if (depth === 0) {
      if (character === '"') quoted = true;
      else if (!/\s/.test(character)) plain += character;
    }
  }
  if (quoted || depth > 0) throw smimeaMalformed('a quoted string or a comment in the address has no end', 0);
  return plain;
}
