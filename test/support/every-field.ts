import { MailsealError } from '../../src/core/errors.js';
import { Certificate } from '../../src/x509/certificate/certificate.js';
import type { GeneralName } from '../../src/x509/certificate/general-name.js';
import { printGeneralName } from '../../src/x509/certificate/general-name-text.js';

/** The names of all getters of a certificate. */
export const certificateFields: readonly string[] = gettersOf(Certificate.prototype);

function gettersOf(prototype: object): string[] {
  const above: unknown = Object.getPrototypeOf(prototype);
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => name);
  return above === Object.prototype || typeof above !== 'object' || above === null
    ? own
    : [...own, ...gettersOf(above).filter((name) => !own.includes(name))];
}

/** The value, or the MailsealError that was thrown; anything else that is thrown is thrown on. */
export function attempt<T>(run: () => T): T | MailsealError {
  try {
    return run();
  } catch (error) {
    if (error instanceof MailsealError) return error;
    throw error;
  }
}

/** Reads every field of a certificate and the names inside; gives the fields that cannot be read. */
export function unreadableFields(certificate: Certificate): string[] {
  return certificateFields.filter((name) => {
    const value: unknown = attempt(() => Reflect.get(certificate, name));
    if (value instanceof MailsealError) return true;
    for (const inner of namesIn(value)) attempt(() => printGeneralName(inner));
    return false;
  });
}

/** The GeneralNames in a value of any shape. */
function namesIn(value: unknown): GeneralName[] {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [];
  if ('kind' in value && 'value' in value && !('uri' in value)) return [value as GeneralName];
  return Object.values(value).flatMap(namesIn);
}
