import { bmpPassword } from '../../src/crypto/passwords/password.js';
import { Derivations } from '../../src/crypto/passwords/password-derivations.js';
import {
  computePkcs12Mac,
  encodePkcs12Mac,
  type Pkcs12MacAlgorithm,
} from '../../src/pki/pkcs12/pkcs12-mac.js';

/** A MacData over an AuthenticatedSafe. */
export async function macOver(
  safe: Uint8Array<ArrayBuffer>,
  password: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm: Pkcs12MacAlgorithm = {
    kind: 'hmac',
    digest: 'sha256',
    salt: new Uint8Array(8),
    iterations: 3,
  };
  const forms = { octets: new Uint8Array(0), bmp: bmpPassword(password)! };
  const value = await computePkcs12Mac(algorithm, forms, safe, new Derivations({}));
  return encodePkcs12Mac({ algorithm, value });
}
