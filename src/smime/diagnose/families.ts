import type { Family } from './guess.js';

/** All that is undone. A family of each stage may come after those of the stages before it. */
export const families: readonly Family[] = [];
