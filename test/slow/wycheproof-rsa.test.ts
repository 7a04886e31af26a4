import { testOaepFile, testPkcs1File } from '../conformance/wycheproof-transport.js';
import { describeCorpus } from '../support/corpus.js';

// What test/conformance leaves out, since a decryption with so long a key takes long in TypeScript.
const sample = process.env['MAILSEAL_SLOW'] === 'sample';

describeCorpus('wycheproof', () => {
  testPkcs1File('rsa_pkcs1_4096_test.json', 'typescript');
  testOaepFile('rsa_oaep_misc_test.json', 'native', { keySizes: (bits) => bits > 4096 });
  testOaepFile('rsa_oaep_misc_test.json', 'typescript', {
    keySizes: (bits) => bits > 2048 && bits <= (sample ? 3104 : 8192),
  });
});
