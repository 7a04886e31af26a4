import type { GeneralName } from './general-name.js';
import { isAscii, readableMailbox } from './internet-names.js';
import { emailAddressOid, type Name } from './name.js';

/**
 * The mail addresses of a subjectAltName and a subject, each once: rfc822Name
 * and emailAddress in ASCII, and SmtpUTF8Mailbox, which alone has a place for
 * what is not (RFC 9598 §3).
 */
export function mailAddresses(subjectAltName: readonly GeneralName[], subject: Name): readonly string[] {
  const names = subjectAltName.flatMap((name) =>
    (name.kind === 'rfc822Name' && isAscii(name.value)) || name.kind === 'smtpUtf8Mailbox'
      ? [name.value]
      : [],
  );
  // What is no text is no address, whatever its octets spell.
  const old = subject.rdns
    .flat()
    .filter(({ type, isText, value }) => isText && type === emailAddressOid && isAscii(value));
  const addresses = new Map<string, string>();
  for (const each of [...names, ...old.map(({ value }) => value)]) {
    const form = readableMailbox(each);
    if (!addresses.has(form)) addresses.set(form, each);
  }
  return [...addresses.values()];
}
