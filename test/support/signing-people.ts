import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { asBytes } from '../../src/core/bytes.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import type { PrivateKey } from '../../src/crypto/keys/private-key.js';
import type { TestCertificate } from './pki.js';

const parsed = new WeakMap<object, Promise<PrivateKey>>();

/** The private key of a test certificate, as this package reads it. */
export function privateKeyOf({ key }: TestCertificate): Promise<PrivateKey> {
  let found = parsed.get(key);
  if (found === undefined) {
    found = parsePrivateKey(asBytes(key.privateKey.export({ type: 'pkcs8', format: 'der' })));
    parsed.set(key, found);
  }
  return found;
}

/** A signing key of a test certificate, changed as the test says. */
export async function signingKey(of: TestCertificate, change: Partial<SigningKey> = {}): Promise<SigningKey> {
  if (change.signer !== undefined) return { certificate: of.certificate, ...change };
  return { certificate: of.certificate, privateKey: await privateKeyOf(of), ...change };
}
