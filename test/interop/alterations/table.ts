import { lineChapters } from './line-rows.js';
import type { Chapter } from './row.js';
import { structureChapters } from './structure-rows.js';
import { textChapters } from './text-rows.js';

/** All that docs/alterations.md tells, and the tests hold. */
export const chapters: readonly Chapter[] = [...textChapters, ...lineChapters, ...structureChapters];
