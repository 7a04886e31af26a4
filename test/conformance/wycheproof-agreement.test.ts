import { describeCorpus } from '../support/corpus.js';
import { testHkdf, testWrapsAndAgreements } from './wycheproof-agreement.js';

describeCorpus('wycheproof', () => {
  testWrapsAndAgreements(['native', 'typescript']);
  testHkdf();
});
