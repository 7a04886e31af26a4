import { describeCorpus } from '../support/corpus.js';
import { longNonces, testAeadFile, testCbcFile } from './wycheproof-aead.js';

describeCorpus('wycheproof', () => {
  testAeadFile('aes_gcm_test.json', ({ keySize }) => `aes${keySize}-gcm`, 'native', longNonces);
  testAeadFile('aes_gcm_test.json', ({ keySize }) => `aes${keySize}-gcm`, 'auto');
  testAeadFile('aes_gcm_test.json', ({ keySize }) => `aes${keySize}-gcm`, 'typescript');
  for (const engine of ['native', 'typescript'] as const) {
    testCbcFile(engine);
    testAeadFile('chacha20_poly1305_test.json', () => 'chacha20-poly1305', engine);
  }
});
