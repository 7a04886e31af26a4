// What a server sends, for the benches: responses in chunks as a socket gives them.

/** Octets of a chunk. */
const CHUNK = 16384;

/** @param {Uint8Array<ArrayBuffer>} wire @returns {Uint8Array<ArrayBuffer>[]} */
export function chunksOf(wire) {
  const chunks = [];
  // Each in memory of its own, as a socket's are.
  for (let at = 0; at < wire.length; at += CHUNK) chunks.push(wire.slice(at, at + CHUNK));
  return chunks;
}

/** @param {string} text */
const octetsOf = (text) => new TextEncoder().encode(text);

/** @param {number} n */
function envelope(n) {
  const day = 1 + (n % 28);
  return (
    `("Mon, ${day} Feb 2026 10:${10 + (n % 50)}:00 +0900" "Re: minutes of meeting ${n} and what we said of the \\"plan\\"" ` +
    `(("Anna Example ${n % 97}" NIL "anna.example${n % 97}" "mail.example.org")) ` +
    `(("Anna Example ${n % 97}" NIL "anna.example${n % 97}" "mail.example.org")) ` +
    `(("Anna Example ${n % 97}" NIL "anna.example${n % 97}" "mail.example.org")) ` +
    `(("Bert B. Sample" NIL "bert" "example.com")(NIL NIL "carol+lists" "lists.example.net")) ` +
    `(("=?UTF-8?Q?D=C3=B6rte?=" NIL "doerte" "example.de")) NIL ` +
    `"<${n - 1}.AB12CD34@mail.example.org>" "<${n}.AB12CD34@mail.example.org>")`
  );
}

/** @param {number} n */
function structure(n) {
  return (
    `((("TEXT" "PLAIN" ("CHARSET" "utf-8" "FORMAT" "flowed") NIL NIL "QUOTED-PRINTABLE" ${1000 + n} ${20 + (n % 80)} NIL NIL NIL NIL)` +
    `("TEXT" "HTML" ("CHARSET" "utf-8") NIL NIL "QUOTED-PRINTABLE" ${4000 + n} ${90 + (n % 80)} NIL NIL NIL NIL) ` +
    `"ALTERNATIVE" ("BOUNDARY" "----=_Part_${n}_alternative") NIL NIL NIL)` +
    `("APPLICATION" "PDF" ("NAME" "minutes-${n}.pdf") "<part${n}@example.org>" "the minutes" "BASE64" ${180000 + n} NIL ` +
    `("ATTACHMENT" ("FILENAME" "minutes-${n}.pdf" "SIZE" "${130000 + n}")) NIL NIL)` +
    `("APPLICATION" "PKCS7-SIGNATURE" ("NAME" "smime.p7s") NIL NIL "BASE64" 5932 NIL ("ATTACHMENT" ("FILENAME" "smime.p7s")) NIL NIL) ` +
    `"MIXED" ("BOUNDARY" "----=_Part_${n}_mixed") NIL ("EN") NIL)`
  );
}

/** 10,000 FETCH responses with all that a list of mails shows. */
export function messageWire() {
  let text = '';
  for (let n = 1; n <= 10_000; n++) {
    text +=
      `* ${n} FETCH (UID ${n + 4000} FLAGS (\\Seen${n % 3 === 0 ? ' \\Answered $Label1' : ''}) ` +
      `INTERNALDATE "${String(1 + (n % 28)).padStart(2)}-Feb-2026 10:11:12 +0900" RFC822.SIZE ${200_000 + n} ` +
      `ENVELOPE ${envelope(n)} BODYSTRUCTURE ${structure(n)})\r\n`;
  }
  return chunksOf(octetsOf(`${text}A1 OK FETCH completed\r\n`));
}

/** 100,000 FETCH responses as they come when flags are brought up to date. */
export function flagsWire() {
  let text = '';
  for (let n = 1; n <= 100_000; n++)
    text += `* ${n} FETCH (UID ${n + 4000} FLAGS (\\Seen) MODSEQ (${12_121_230_000 + n}))\r\n`;
  return chunksOf(octetsOf(`${text}A1 OK FETCH completed\r\n`));
}

/** A SEARCH response of a million numbers. */
export function searchWire() {
  let text = '* SEARCH';
  for (let n = 1; n <= 1_000_000; n++) text += ` ${n}`;
  return chunksOf(octetsOf(`${text}\r\nA1 OK SEARCH completed\r\n`));
}

/** Ten messages of 10 MB. */
export function literalWire() {
  const line = octetsOf('VGhpcyBpcyBhIGxpbmUgb2YgYmFzZTY0IGluIGEgbWFpbCB3aXRoIGFuIGF0dGFjaG1lbnQgLi4u\r\n');
  const body = new Uint8Array(10_000_000);
  for (let at = 0; at < body.length; at += line.length) {
    body.set(line.subarray(0, Math.min(line.length, body.length - at)), at);
  }
  const pieces = [];
  for (let n = 1; n <= 10; n++)
    pieces.push(octetsOf(`* ${n} FETCH (UID ${n} BODY[] {${body.length}}\r\n`), body, octetsOf(')\r\n'));
  pieces.push(octetsOf('A1 OK FETCH completed\r\n'));
  const wire = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    wire.set(piece, at);
    at += piece.length;
  }
  return chunksOf(wire);
}
