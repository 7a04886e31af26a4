import { bytesFromUtf8 } from '../../core/utf8.js';

/** Characters that a terminal obeys instead of showing, or that reorder or hide what stands around them. */
const unshowable =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** The text with what cannot be shown as the hex of its UTF-8, `\0a` (the form of RFC 4514 §2.4). */
export function showable(text: string): string {
  return text.replace(unshowable, (character) => {
    let hex = '';
    for (const octet of bytesFromUtf8(character)) hex += `\\${octet.toString(16).padStart(2, '0')}`;
    return hex;
  });
}
