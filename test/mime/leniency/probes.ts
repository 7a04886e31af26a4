import { addresses } from './addresses.js';
import { charsets } from './charsets.js';
import { dates } from './dates.js';
import { encodedWords } from './encoded-words.js';
import { headerLines } from './header-lines.js';
import { parameters } from './parameters.js';
import type { Probe } from './probe.js';
import { structure } from './structure.js';
import { transferEncodings } from './transfer-encodings.js';

/** Every probe by the chapter of `docs/leniency.md` that it stands in. */
export const probesByChapter: Readonly<Record<string, readonly Probe[]>> = {
  'Header lines': headerLines,
  'Encoded words and raw octets in fields': encodedWords,
  Addresses: addresses,
  Dates: dates,
  'Parameters and names of attachments': parameters,
  Structure: structure,
  'Transfer encodings': transferEncodings,
  'Charsets and flowed text': charsets,
};

/** All of them. */
export const probes: readonly Probe[] = Object.values(probesByChapter).flat();
