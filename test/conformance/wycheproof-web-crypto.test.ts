import { vi } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { digestNamed, testSignatureFile, type WycheproofGroup } from './wycheproof-support.js';

// Without node:crypto the engine `native` means WebCrypto, as in a browser.
vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });

const ecdsa = (group: WycheproofGroup) => ({ name: 'ecdsa', digest: digestNamed(group.sha) }) as const;

describeCorpus('wycheproof', () => {
  for (const file of [
    'ecdsa_secp256r1_sha256_test.json',
    'ecdsa_secp256r1_sha512_test.json',
    'ecdsa_secp384r1_sha256_test.json',
    'ecdsa_secp384r1_sha384_test.json',
    'ecdsa_secp521r1_sha512_test.json',
  ]) {
    testSignatureFile(file, ecdsa, 0, ['native']);
  }
  testSignatureFile('ed25519_test.json', () => ({ name: 'ed25519' }), 0, ['native']);
});
