import { vi } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { testAeadFile, testCbcFile, unusualNonces } from './wycheproof-aead.js';
import { type DecryptionGroup, testOaepFile } from './wycheproof-transport.js';

// Without node:crypto the engine `native` means WebCrypto, as in a browser.
vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });

/** WebCrypto has one digest for label and MGF1, and no SHA-224 (W3C Web Cryptography, RSA-OAEP). */
const beyondWebCrypto = ({ sha, mgfSha }: DecryptionGroup): boolean => sha !== mgfSha || sha === 'SHA-224';

describeCorpus('wycheproof', () => {
  testCbcFile('native');
  testCbcFile('auto');
  testAeadFile('aes_gcm_test.json', ({ keySize }) => `aes${keySize}-gcm`, 'native', unusualNonces);
  testOaepFile('rsa_oaep_2048_sha1_mgf1sha1_test.json', 'native');
  testOaepFile('rsa_oaep_2048_sha256_mgf1sha256_test.json', 'native');
  testOaepFile('rsa_oaep_2048_sha384_mgf1sha384_test.json', 'native');
  testOaepFile('rsa_oaep_2048_sha512_mgf1sha512_test.json', 'native');
  testOaepFile('rsa_oaep_3072_sha256_mgf1sha256_test.json', 'native');
  testOaepFile('rsa_oaep_2048_sha256_mgf1sha1_test.json', 'native', { unavailable: beyondWebCrypto });
  testOaepFile('rsa_oaep_misc_test.json', 'native', {
    keySizes: (bits) => bits <= 4096,
    unavailable: beyondWebCrypto,
  });
});
