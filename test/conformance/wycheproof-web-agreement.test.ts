import { vi } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { testWrapsAndAgreements } from './wycheproof-agreement.js';

// Without node:crypto the engine `native` means WebCrypto, as in a browser.
vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });

describeCorpus('wycheproof', () => {
  testWrapsAndAgreements(['native']);
});
