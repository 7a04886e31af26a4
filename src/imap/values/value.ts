import type { ImapText } from '../text.js';

/**
 * A value whose meaning is not known: what an unknown response, response code
 * or fetch item holds, kept so that it can be written again.
 */
export type ImapValue =
  | { readonly type: 'atom'; readonly text: string }
  | { readonly type: 'string'; readonly text: ImapText }
  | { readonly type: 'nil' }
  | { readonly type: 'list'; readonly items: readonly ImapValue[] };
