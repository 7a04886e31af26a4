// Base64 and quoted-printable of mail, 64 KiB of content, octets in and out. Peers
// that take or give strings are given and asked for just those.

import { Buffer } from 'node:buffer';
import { defineBench } from './bench.mjs';
import { loadPeer } from './peers/load.mjs';

const size = 65_536;
const noise = new Uint8Array(size);
for (let at = 0, state = 1; at < size; at++) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  noise[at] = state >>> 16;
}
const english = 'The minutes of the meeting are attached = with the figures that you asked for.\r\n';
const japanese = 'いつもお世話になっております。\r\n';
/** @param {string} line */
const filled = (line) => new Uint8Array(Buffer.from(line.repeat(Math.ceil(size / Buffer.byteLength(line)))));

/** @returns {Promise<any>} what the built package exports */
const load = () => import(new URL('../dist/encoding/index.js', import.meta.url).href);

/**
 * @param {number} actual
 * @param {number} expected
 */
function expect(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} octets, not ${expected}`);
}

async function base64() {
  const encoding = await load();
  const { default: libbase64 } = await loadPeer('libbase64');
  const { default: emailjs } = await loadPeer('emailjs-base64');
  /** @type {Uint8Array} */
  const octets = encoding.encodeMimeBase64(noise);
  const text = Buffer.from(octets).toString('latin1');
  for (const decoded of [
    encoding.decodeMimeBase64(octets).content,
    emailjs.decode(text, emailjs.OUTPUT_TYPED_ARRAY),
    libbase64.decode(text),
  ]) {
    if (Buffer.compare(decoded, noise) !== 0) throw new Error('it is decoded wrongly');
  }
  return { encoding, libbase64, emailjs, octets, text };
}

/** @param {Uint8Array} content */
async function quotedPrintable(content) {
  const encoding = await load();
  const { default: libqp } = await loadPeer('libqp');
  /** @type {Uint8Array} */
  const octets = encoding.encodeQuotedPrintable(content);
  const source = Buffer.from(octets);
  for (const decoded of [encoding.decodeQuotedPrintable(octets).content, libqp.decode(source)]) {
    if (Buffer.compare(decoded, content) !== 0) throw new Error('it is decoded wrongly');
  }
  return { encoding, libqp, octets, source, content, buffer: Buffer.from(content) };
}

/**
 * @param {string} name
 * @param {string} what
 * @param {Uint8Array} content
 * @param {number} goal
 */
const decodeQuotedPrintable = (name, what, content, goal) =>
  defineBench({
    name: `quoted-printable-decode-${name}`,
    title: `Decode 64 KiB of ${what} in quoted-printable.`,
    setup: () => quotedPrintable(content),
    contenders: {
      ours: ({ encoding, octets }) =>
        expect(encoding.decodeQuotedPrintable(octets).content.length, content.length),
      libqp: ({ libqp, source }) => expect(libqp.decode(source).length, content.length),
    },
    goals: { libqp: goal },
  });

export default [
  defineBench({
    name: 'base64-decode',
    title: 'Decode 64 KiB in lines of base64, in TypeScript alone; the peer takes a string.',
    setup: base64,
    contenders: {
      ours: ({ encoding, octets }) =>
        expect(encoding.decodeMimeBase64(octets, { engine: 'typescript' }).content.length, size),
      'emailjs-base64': ({ emailjs, text }) =>
        expect(emailjs.decode(text, emailjs.OUTPUT_TYPED_ARRAY).length, size),
    },
    goals: { 'emailjs-base64': 1.5 },
  }),
  defineBench({
    name: 'base64-decode-native',
    title:
      "Decode 64 KiB in lines of base64, with the platform's help; the peers take a string and check nothing.",
    setup: base64,
    contenders: {
      ours: ({ encoding, octets }) => expect(encoding.decodeMimeBase64(octets).content.length, size),
      'Buffer.from': ({ text }) => expect(Buffer.from(text, 'base64').length, size),
      libbase64: ({ libbase64, text }) => expect(libbase64.decode(text).length, size),
    },
  }),
  defineBench({
    name: 'base64-encode',
    title: 'Encode 64 KiB in lines of base64; the peer gives a string.',
    setup: base64,
    contenders: {
      ours: ({ encoding, octets }) => expect(encoding.encodeMimeBase64(noise).length, octets.length),
      // The line end at the end is ours alone.
      libbase64: ({ libbase64, octets }) =>
        expect(libbase64.wrap(libbase64.encode(Buffer.from(noise.buffer))).length + 2, octets.length),
    },
    goals: { libbase64: 2 },
  }),
  decodeQuotedPrintable('ascii', 'English', filled(english), 3.5),
  decodeQuotedPrintable('dense', 'Japanese in UTF-8', filled(japanese), 15),
  defineBench({
    name: 'quoted-printable-encode',
    title: 'Encode 64 KiB of Japanese in UTF-8 as quoted-printable; the peer gives a string.',
    setup: () => quotedPrintable(filled(japanese)),
    contenders: {
      ours: ({ encoding, content, octets }) =>
        expect(encoding.encodeQuotedPrintable(content).length, octets.length),
      libqp: ({ libqp, buffer }) => {
        if (libqp.wrap(libqp.encode(buffer)).length < size) throw new Error('it is too short');
      },
    },
  }),
];
