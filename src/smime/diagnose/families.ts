import { bodyFamilies } from './body/families.js';
import type { Family } from './guess.js';
import { jisEscapes, kanjiCode } from './text/kanji-code.js';

/** All that is undone. A family of each stage may come after those of the stages before it. */
export const families: readonly Family[] = [...bodyFamilies, kanjiCode, jisEscapes];
