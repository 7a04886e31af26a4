// What each runtime is started with.

import { cases } from './cases.mjs';
import { runCases } from './suite.mjs';

const outcome = JSON.stringify(await runCases(cases));
const page = 'document' in globalThis ? /** @type {any} */ (globalThis).document : undefined;
if (page === undefined) console.log(outcome);
else page.body.textContent = outcome;
