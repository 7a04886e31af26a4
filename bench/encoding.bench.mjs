// Base64 and quoted-printable of mail, octets in and out, from a short header's
// length to the largest attachment's. Peers that take or give strings are given
// and asked for just those.

import { Buffer } from 'node:buffer';
import { defineBench, from, mailSizes } from './bench.mjs';
import { expect, load, noise } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

const english = 'The minutes of the meeting are attached = with the figures that you asked for.\r\n';
const japanese = 'いつもお世話になっております。\r\n';

/** @param {string} line @returns {(size: number) => Uint8Array} */
const filled = (line) => (size) => {
  const piece = Buffer.from(line);
  const octets = new Uint8Array(size);
  for (let at = 0; at < size; at += piece.length) {
    octets.set(piece.subarray(0, Math.min(piece.length, size - at)), at);
  }
  return octets;
};

/** What `@exodus/bytes` does where a runtime has no base64 of its own: it is no export of the package. */
const loadExodus = () =>
  import(new URL('./peers/node_modules/@exodus/bytes/fallback/base64.js', import.meta.url).href);

/** What is larger is not compared octet by octet in each process: that takes longer than measuring it. */
const compared = 1_048_576;

/** @param {number} size */
async function base64(size) {
  const encoding = await load('encoding');
  const exodus = await loadExodus();
  const { default: libbase64 } = await loadPeer('libbase64');
  const { default: emailjs } = await loadPeer('emailjs-base64');
  const content = noise(size);
  /** @type {Uint8Array} */
  const octets = encoding.encodeMimeBase64(content);
  const text = Buffer.from(octets).toString('latin1');
  const plain = Buffer.from(content).toString('base64');
  const decoders = [
    () => encoding.decodeMimeBase64(octets).content,
    () => encoding.decodeBase64(plain),
    () => exodus.fromBase64(plain, false),
    () => emailjs.decode(text, emailjs.OUTPUT_TYPED_ARRAY),
    () => libbase64.decode(text),
  ];
  for (const decode of size > compared ? [] : decoders) {
    if (Buffer.compare(decode(), content) !== 0) throw new Error('it is decoded wrongly');
  }
  const output = new Uint8Array(2 * size + 64);
  return { encoding, exodus, libbase64, emailjs, octets, text, plain, content, size, output };
}

/** @param {(size: number) => Uint8Array} fill */
const quotedPrintable = (fill) => async (/** @type {number} */ size) => {
  const encoding = await load('encoding');
  const { default: libqp } = await loadPeer('libqp');
  const content = fill(size);
  /** @type {Uint8Array} */
  const octets = encoding.encodeQuotedPrintable(content);
  const source = Buffer.from(octets);
  const buffer = Buffer.from(content);
  /** How long the peer's answer is: its lines end elsewhere. */
  let peerLength = 0;
  if (size <= compared) {
    const peers = libqp.wrap(libqp.encode(buffer));
    peerLength = peers.length;
    const decoders = [
      () => encoding.decodeQuotedPrintable(octets).content,
      () => libqp.decode(source),
      () => encoding.decodeQuotedPrintable(Buffer.from(peers)).content,
    ];
    for (const decode of decoders) {
      if (Buffer.compare(decode(), content) !== 0) throw new Error('it is decoded wrongly');
    }
  }
  const output = new Uint8Array(4 * size + 256);
  return { encoding, libqp, octets, source, content, buffer, peerLength, size, output };
};

/**
 * @param {string} name
 * @param {string} what
 * @param {(size: number) => Uint8Array} fill
 * @param {import('./bench.mjs').Goal} decodeGoal
 * @param {{ title: string, upTo?: Record<string, string> }} [decoding]
 */
const quotedPrintableBenches = (name, what, fill, decodeGoal, { title, ...decoding } = { title: '' }) => [
  defineBench({
    name: `quoted-printable-decode-${name}`,
    title: `Decode ${what} in quoted-printable.${title}`,
    ...decoding,
    sizes: mailSizes,
    setup: quotedPrintable(fill),
    contenders: {
      ours: ({ encoding, octets, size }) =>
        expect(encoding.decodeQuotedPrintable(octets).content.length, size),
      'ours, into memory at hand': ({ encoding, octets, size, output }) =>
        expect(encoding.decodeQuotedPrintable(octets, { output }).content.length, size),
      libqp: ({ libqp, source, size }) => expect(libqp.decode(source).length, size),
    },
    goals: { libqp: decodeGoal },
  }),
  defineBench({
    name: `quoted-printable-encode-${name}`,
    title: `Encode ${what} as quoted-printable; the peer gives a string.`,
    sizes: mailSizes,
    setup: quotedPrintable(fill),
    contenders: {
      ours: ({ encoding, content, octets }) =>
        expect(encoding.encodeQuotedPrintable(content).length, octets.length),
      'ours, into memory at hand': ({ encoding, content, octets, output }) =>
        expect(encoding.encodeQuotedPrintable(content, { output }).length, octets.length),
      libqp({ libqp, buffer, size, peerLength }) {
        const { length } = libqp.wrap(libqp.encode(buffer));
        // Of what is too large to be compared, at least nothing is missing.
        if (peerLength === 0 ? length < size : length !== peerLength)
          throw new Error(`${length} octets, not ${peerLength === 0 ? size : peerLength}`);
      },
    },
    goals: { libqp: { '25MB': 20 } },
  }),
];

export default [
  defineBench({
    name: 'base64-decode',
    title:
      'Decode lines of base64, in TypeScript alone; the peers take a string, and @exodus/bytes one without line ends.',
    sizes: mailSizes,
    setup: base64,
    contenders: {
      ours: ({ encoding, octets, size }) =>
        expect(encoding.decodeMimeBase64(octets, { engine: 'typescript' }).content.length, size),
      'ours, into memory at hand': ({ encoding, octets, size, output }) =>
        expect(encoding.decodeMimeBase64(octets, { engine: 'typescript', output }).content.length, size),
      '@exodus/bytes': ({ exodus, plain, size }) => expect(exodus.fromBase64(plain, false).length, size),
      'emailjs-base64': ({ emailjs, text, size }) =>
        expect(emailjs.decode(text, emailjs.OUTPUT_TYPED_ARRAY).length, size),
    },
    goals: { '@exodus/bytes': from('64KB', 1.5), 'emailjs-base64': 1.5 },
  }),
  defineBench({
    name: 'base64-decode-native',
    title:
      "Decode lines of base64, with the platform's help; the peers, native themselves, take a string and check nothing.",
    sizes: mailSizes,
    setup: base64,
    contenders: {
      ours: ({ encoding, octets, size }) => expect(encoding.decodeMimeBase64(octets).content.length, size),
      'ours, into memory at hand': ({ encoding, octets, size, output }) =>
        expect(encoding.decodeMimeBase64(octets, { output }).content.length, size),
      'Buffer.from': ({ text, size }) => expect(Buffer.from(text, 'base64').length, size),
      libbase64: ({ libbase64, text, size }) => expect(libbase64.decode(text).length, size),
    },
    native: ['Buffer.from', 'libbase64'],
    goals: { 'Buffer.from': { '64KB': 0.45 } },
  }),
  defineBench({
    name: 'base64-encode',
    title: 'Encode in lines of base64; the peer gives a string.',
    sizes: mailSizes,
    setup: base64,
    contenders: {
      ours: ({ encoding, content, octets }) =>
        expect(encoding.encodeMimeBase64(content).length, octets.length),
      'ours, into memory at hand': ({ encoding, content, octets, output }) =>
        expect(encoding.encodeMimeBase64(content, { output }).length, octets.length),
      // The line end at the end is ours alone.
      libbase64: ({ libbase64, content, octets }) =>
        expect(libbase64.wrap(libbase64.encode(Buffer.from(content.buffer))).length + 2, octets.length),
    },
    goals: { libbase64: from('64KB', 2) },
  }),
  defineBench({
    name: 'base64-strict-decode',
    title: 'Decode one string of base64 and refuse all but the canonical form.',
    sizes: mailSizes,
    setup: base64,
    contenders: {
      ours: ({ encoding, plain, size }) => expect(encoding.decodeBase64(plain).length, size),
      'ours in TypeScript': ({ encoding, plain, size }) =>
        expect(encoding.decodeBase64(plain, { engine: 'typescript' }).length, size),
      'Buffer.from': ({ plain, size }) => expect(Buffer.from(plain, 'base64').length, size),
      '@exodus/bytes': ({ exodus, plain, size }) => expect(exodus.fromBase64(plain, false).length, size),
    },
    native: ['Buffer.from'],
    goals: { '@exodus/bytes': from('64KB', 1.5) },
  }),
  ...quotedPrintableBenches('ascii', 'English', filled(english), from('64KB', 3.5)),
  ...quotedPrintableBenches('dense', 'Japanese in UTF-8', filled(japanese), from('64KB', 15), {
    title: ' Of 25 MB the peer takes a quarter of a minute, and is left out.',
    upTo: { libqp: '1MB' },
  }),
];
