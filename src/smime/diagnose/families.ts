import { bodyFamilies } from './body/families.js';
import type { Family } from './guess.js';
import { headerCase } from './header/header-case.js';
import { headerFieldsChanged } from './header/header-fields.js';
import { headerFolds, headerQuoting, headerSpacing } from './header/header-layout.js';
import { headerOrder, headerParameters } from './header/header-order.js';
import { headerWords } from './header/header-words.js';
import { jisEscapes, kanjiCode, lostEscapes } from './text/kanji-code.js';
import { charsetLabel } from './text/label.js';
import { width } from './text/width.js';

/** All that is undone. A family of each stage may come after those of the stages before it. */
export const families: readonly Family[] = [
  ...bodyFamilies,
  kanjiCode,
  jisEscapes,
  lostEscapes,
  width,
  charsetLabel,
  headerWords,
  headerFieldsChanged,
  headerFolds,
  headerCase,
  headerQuoting,
  headerSpacing,
  headerOrder,
  headerParameters,
];
