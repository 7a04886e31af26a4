import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import type { ContentCipher } from '../../src/crypto/ciphers/content-cipher.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import { decodeHex } from '../../src/encoding/hex.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { readCorpus, readCorpusJson } from './corpus.js';

/** The key of one of openssl-generated, with its certificate. */
export async function opensslKey(name: string): Promise<DecryptionKey> {
  return {
    privateKey: await parsePrivateKey(readCorpus(`openssl-generated/keys/${name}.key.pem`)),
    certificate: parseCertificate(readCorpus(`openssl-generated/certs/${name}.crt.pem`)),
  };
}

/** Whom an envelope of openssl-generated is for, and by what he opens it. */
export interface ExpectedRecipient {
  readonly type: 'ktri' | 'kari' | 'pwri' | 'kekri';
  readonly recipient?: string;
  readonly password?: string;
  readonly keyHex?: string;
  readonly keyIdHex?: string;
}

/** What that recipient opens it with. */
export async function keyOfRecipient(expected: ExpectedRecipient): Promise<DecryptionKey> {
  const { type, recipient, password, keyHex, keyIdHex } = expected;
  if (type === 'pwri') return { password: password! };
  if (type === 'kekri') return { kek: decodeHex(keyHex!), id: decodeHex(keyIdHex!) };
  return opensslKey(recipient!);
}

/** A cipher as the corpora name it. */
export function cipherName(cipher: ContentCipher): string {
  return cipher.name === 'rc2-cbc' ? `rc2-${cipher.effectiveKeyBits}-cbc` : cipher.name;
}

/** All that the decrypter of openssl-generated has: private keys, a password, a key-encryption key. */
export async function opensslKeys(): Promise<readonly DecryptionKey[]> {
  const { keysHeldByDecrypter, password } = readCorpusJson<{
    readonly keysHeldByDecrypter: readonly string[];
    readonly password: string;
  }>('openssl-generated/expected.json');
  return [
    ...(await Promise.all(keysHeldByDecrypter.map(opensslKey))),
    { password },
    { kek: decodeHex('000102030405060708090a0b0c0d0e0f'), id: decodeHex('c0ffee') },
  ];
}

/** The keys of those to whom messages of thunderbird-smime are encrypted. */
export async function thunderbirdKeys(): Promise<readonly DecryptionKey[]> {
  const files = ['smime/Bob.p12', 'interop/Fran.p12', 'interop/Fran-ec.p12'];
  const stores = files.map((file) =>
    parsePkcs12(readCorpus(`thunderbird-smime/${file}`), { password: 'nss' }),
  );
  return (await Promise.all(stores)).flatMap(({ keys }) => keys);
}

/** Bob's key of rfc4134. */
export async function rfc4134Keys(): Promise<readonly DecryptionKey[]> {
  return [
    {
      privateKey: await parsePrivateKey(readCorpus('rfc4134/BobPrivRSAEncrypt.pri')),
      certificate: parseCertificate(readCorpus('rfc4134/BobRSASignByCarl.cer')),
    },
  ];
}

/** All that the envelopes of NSS are opened with. */
export async function nssKeys(): Promise<readonly DecryptionKey[]> {
  const { files, password } = readCorpusJson<{
    readonly password: string;
    readonly files: readonly { readonly key: string }[];
  }>('nss-interop/expected.json');
  const names = [...new Set(files.map(({ key }) => key))];
  const stores = names.map((key) => parsePkcs12(readCorpus(`nss-interop/${key}`), { password }));
  return (await Promise.all(stores)).flatMap(({ keys }) => keys);
}

/** The sets of the corpus with envelopes, the keys to them, and how many open at least. */
export const keySets: readonly {
  readonly set: string;
  readonly keys: () => Promise<readonly DecryptionKey[]>;
  readonly opened: number;
}[] = [
  { set: 'openssl-generated', keys: opensslKeys, opened: 36 },
  { set: 'thunderbird-smime', keys: thunderbirdKeys, opened: 23 },
  { set: 'rfc4134', keys: rfc4134Keys, opened: 3 },
  { set: 'nss-interop', keys: nssKeys, opened: 17 },
];
