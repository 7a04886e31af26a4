import { describeCorpus } from '../support/corpus.js';
import { digestNamed, testSignatureFile } from './wycheproof-support.js';

describeCorpus('wycheproof', () => {
  testSignatureFile('ed25519_test.json', () => ({ name: 'ed25519' }), 0);
  // The acceptable one has an r without its leading zero, which makes it negative: refused.
  testSignatureFile(
    'dsa_2048_256_sha256_test.json',
    (group) => ({ name: 'dsa', digest: digestNamed(group.sha) }),
    0,
  );
});
