/** Bits of {@link characterClass}: the classes of RFC 9051 §9 that an octet is in. */
export const CharacterBit = {
  /** ATOM-CHAR: any CHAR but atom-specials. */
  atom: 1,
  /** ASTRING-CHAR: ATOM-CHAR and "]". */
  astring: 2,
  /** What may stand in quoted text without a backslash: TEXT-CHAR but quoted-specials. */
  quoted: 4,
  /** list-char: ATOM-CHAR, list-wildcards and "]". */
  list: 8,
  /** tag: ASTRING-CHAR but "+". */
  tag: 16,
  digit: 32,
} as const;

/** For each octet the bits of {@link CharacterBit}. */
export const characterClass: Uint8Array = /* @__PURE__ */ makeClasses();

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let octet = 1; octet < 0x80; octet++) {
    const character = String.fromCharCode(octet);
    let bits = 0;
    const isControl = octet < 0x20 || octet === 0x7f;
    if (!isControl && !'(){ %*"\\]'.includes(character)) bits |= CharacterBit.atom;
    if ((bits & CharacterBit.atom) !== 0 || character === ']') bits |= CharacterBit.astring;
    if ((bits & CharacterBit.astring) !== 0 || '%*'.includes(character)) bits |= CharacterBit.list;
    if ((bits & CharacterBit.astring) !== 0 && character !== '+') bits |= CharacterBit.tag;
    if (character !== '\r' && character !== '\n' && !'"\\'.includes(character)) bits |= CharacterBit.quoted;
    if (octet >= 0x30 && octet <= 0x39) bits |= CharacterBit.digit;
    classes[octet] = bits;
  }
  return classes;
}
