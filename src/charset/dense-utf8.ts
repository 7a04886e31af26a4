import { units, windowLength } from '../iso2022jp/runs.js';
import { stringFromScratch } from '../iso2022jp/units.js';

/**
 * Whether most of a text in UTF-8 is beyond ASCII, as Japanese is: told by 64
 * octets of it. For such text {@link decodeDenseUtf8} takes half the platform's
 * time; for text of Latin letters it takes twice as long.
 */
export function isDense(octets: Uint8Array): boolean {
  const step = octets.length >> 6;
  let beyond = 0;
  for (let i = 0, at = 0; i < 64; i++, at += step) if (octets[at]! > 0x7f) beyond++;
  return beyond > 32;
}

/** The text of octets that are well-formed UTF-8 (RFC 3629 §4) throughout; `undefined` for all others. A byte order mark is kept. */
export function decodeDenseUtf8(octets: Uint8Array): string | undefined {
  const { length } = octets;
  let text = '';
  let from = 0;
  while (from < length) {
    let to = 0;
    // A character beyond the Basic Multilingual Plane is two units.
    while (from < length && to < windowLength - 1) {
      const first = octets[from]!;
      if (first < 0x80) {
        units[to++] = first;
        from++;
        continue;
      }
      const second = from + 1 < length ? octets[from + 1]! : 0;
      if ((second & 0xc0) !== 0x80 || first < 0xc2 || first > 0xf4) return undefined;
      if (first < 0xe0) {
        units[to++] = ((first & 0x1f) << 6) | (second & 0x3f);
        from += 2;
        continue;
      }
      const third = from + 2 < length ? octets[from + 2]! : 0;
      if ((third & 0xc0) !== 0x80) return undefined;
      if (first < 0xf0) {
        const unit = ((first & 0xf) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
        if (unit < 0x800 || (unit & 0xf800) === 0xd800) return undefined;
        units[to++] = unit;
        from += 3;
        continue;
      }
      const fourth = from + 3 < length ? octets[from + 3]! : 0;
      const point = ((first & 7) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
      if ((fourth & 0xc0) !== 0x80 || point < 0x10000 || point > 0x10ffff) return undefined;
      units[to++] = 0xd7c0 + (point >> 10);
      units[to++] = 0xdc00 | (point & 0x3ff);
      from += 4;
    }
    text += stringFromScratch(to);
  }
  return text;
}
