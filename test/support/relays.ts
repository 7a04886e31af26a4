import { bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';

/** What a server or a mailbox on the way does to the octets of a message. */
export type Relay = readonly [name: string, relay: (octets: Uint8Array) => Uint8Array<ArrayBuffer>];

function onText(change: (text: string) => string): (octets: Uint8Array) => Uint8Array<ArrayBuffer> {
  return (octets) => bytesFromLatin1(change(latin1FromBytes(octets)));
}

/** Each line of a body, since From_ quoting begins after the header. */
function onBody(change: (body: string) => string): (text: string) => string {
  return (text) => {
    const end = text.indexOf('\r\n\r\n');
    return end < 0 ? text : text.slice(0, end + 4) + change(text.slice(end + 4));
  };
}

export const relays: readonly Relay[] = [
  [
    'dot-stuffing and back',
    onText((text) => {
      const stuffed = text.replace(/^\./gm, '..');
      return stuffed.replace(/^\.\./gm, '.');
    }),
  ],
  ['dots that get lost', onText((text) => text.replace(/^\./gm, ''))],
  ['From_ quoting (mboxo)', onText(onBody((body) => body.replace(/^From /gm, '>From ')))],
  ['From_ quoting (mboxrd)', onText(onBody((body) => body.replace(/^(>*From )/gm, '>$1')))],
  ['trailing blanks stripped', onText((text) => text.replace(/[ \t]+$/gm, ''))],
  [
    'trailing blanks and the last line end stripped and put back',
    onText((text) => `${text.replace(/[ \t]+(\r\n|$)/g, '$1').replace(/\r\n$/, '')}\r\n`),
  ],
  ['seven bits', (octets) => Uint8Array.from(octets, (octet) => octet & 0x7f)],
  ['NUL dropped', onText((text) => text.replaceAll('\0', ''))],
  ['line ends to LF and back', onText((text) => text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'))],
  ['line ends made CRLF', onText((text) => text.replace(/\r\n?|\n/g, '\r\n'))],
];
