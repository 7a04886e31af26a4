import { describeCorpus } from '../support/corpus.js';
import { testOaepFile, testPkcs1File } from './wycheproof-transport.js';

const oaepFiles = [
  'rsa_oaep_2048_sha1_mgf1sha1_test.json',
  'rsa_oaep_2048_sha256_mgf1sha1_test.json',
  'rsa_oaep_2048_sha256_mgf1sha256_test.json',
  'rsa_oaep_2048_sha384_mgf1sha384_test.json',
  'rsa_oaep_2048_sha512_mgf1sha512_test.json',
  'rsa_oaep_3072_sha256_mgf1sha256_test.json',
];

describeCorpus('wycheproof', () => {
  // Longer keys are left to test/slow.
  testPkcs1File('rsa_pkcs1_4096_test.json', 'native');
  for (const engine of ['native', 'typescript'] as const) {
    for (const bits of [2048, 3072]) testPkcs1File(`rsa_pkcs1_${bits}_test.json`, engine);
    for (const file of oaepFiles) testOaepFile(file, engine);
  }
  testOaepFile('rsa_oaep_misc_test.json', 'native', { keySizes: (bits) => bits <= 4096 });
  testOaepFile('rsa_oaep_misc_test.json', 'typescript', { keySizes: (bits) => bits <= 2048 });
});
