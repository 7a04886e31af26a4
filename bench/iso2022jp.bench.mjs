// ISO-2022-JP: letters of our own, as a body, as nothing but Japanese, as
// English with a Japanese name in it, and as one subject; and its detection.

import { defineBench } from './bench.mjs';
import { expect, load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

const letter = `いつもお世話になっております。営業部の山田です。
先日お送りした見積書(No. 2026-0417)について、ご確認いただけましたでしょうか。
ご不明な点がございましたら、お電話(03-5555-0100)またはメールにてお知らせください。
なお、次回の打ち合わせは11月24日(火) 14:00から、本社3階のA会議室で行います。
資料はPDFで添付いたします。Windows 11とmacOSの両方で開けることを確認しました。
以上、よろしくお願い申し上げます。

`;
const japanese =
  '昨夜から降り続いた雨は明け方になってようやく上がった。窓を開けると湿った土のにおいがした。庭の梅はもう散りかけている。' +
  '憲法の改正には各議院の総議員の三分の二以上の賛成が必要であり、国民投票で過半数の賛成を得なければならない。';
const english = `Please find attached the minutes of our meeting last Tuesday. The next one
will be held in the main office, third floor, at two o'clock in the afternoon.
As we agreed, the contract is to be signed before the end of the month, and
the first delivery follows within six weeks. Should there be any question, do
not hesitate to call me or my colleague, Mr 鈴木, at any time of the day.

`;
/** 65 octets when encoded. */
const subject = 'Re: 【重要】お見積書送付のご案内と来週の会議について (10/3)';

/** @param {string} piece */
const long = (piece) => piece.repeat(Math.ceil(65_536 / piece.length));

const versions = () => ({ TextDecoder: `of Node, ICU ${process.versions.icu}` });

/**
 * The contenders that decode, each checked with the whole text before anything is measured.
 *
 * @param {string} text
 */
async function decoders(text) {
  const { decode, encode } = await load('iso2022jp');
  const { default: Encoding } = await loadPeer('encoding-japanese');
  const { createMultibyteDecoder } = await loadPeer('@exodus/bytes/multi-byte.js');
  /** @type {Uint8Array} */
  const octets = encode(text);
  const { length } = text;
  // Both keep their state between texts, so one of each serves for all.
  const textDecoder = new TextDecoder('iso-2022-jp');
  const exodusDecode = createMultibyteDecoder('iso-2022-jp', true);
  const state = {
    octets,
    length,
    ours: () => decode(octets),
    textDecoder: () => textDecoder.decode(octets),
    encodingJapanese: () => Encoding.convert(octets, { from: 'JIS', to: 'UNICODE', type: 'string' }),
    exodus: () => exodusDecode(octets),
  };
  for (const run of [state.ours, state.textDecoder, state.encodingJapanese, state.exodus])
    expect(run(), text);
  return state;
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} text
 * @param {Record<string, number>} goals
 */
const decoding = (name, title, text, goals) =>
  defineBench({
    name,
    title,
    setup: () => decoders(text),
    contenders: {
      ours: ({ ours, length }) => expect(ours().length, length),
      TextDecoder: ({ textDecoder, length }) => expect(textDecoder().length, length),
      'encoding-japanese': ({ encodingJapanese, length }) => expect(encodingJapanese().length, length),
      '@exodus/bytes': ({ exodus, length }) => expect(exodus().length, length),
    },
    native: ['TextDecoder'],
    goals,
    versions,
  });

/**
 * @param {string} text
 */
async function encoders(text) {
  const { encode } = await load('iso2022jp');
  const { default: Encoding } = await loadPeer('encoding-japanese');
  const { createMultibyteEncoder } = await loadPeer('@exodus/bytes/multi-byte.js');
  const exodusEncode = createMultibyteEncoder('iso-2022-jp');
  const options = { from: 'UNICODE', to: 'JIS', type: 'arraybuffer' };
  const state = {
    /** @type {() => Uint8Array} */
    ours: () => encode(text),
    /** @type {() => Uint8Array} */
    encodingJapanese: () => new Uint8Array(Encoding.convert(text, options)),
    /** @type {() => Uint8Array} */
    exodus: () => exodusEncode(text),
    length: encode(text).length,
  };
  const read = new TextDecoder('iso-2022-jp', { fatal: true });
  for (const run of [state.ours, state.encodingJapanese, state.exodus]) expect(read.decode(run()), text);
  return { ...state, peerLength: state.encodingJapanese().length, exodusLength: state.exodus().length };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} text
 */
const encoding = (name, title, text) =>
  defineBench({
    name,
    title,
    setup: () => encoders(text),
    contenders: {
      ours: ({ ours, length }) => expect(ours().length, length),
      '@exodus/bytes': ({ exodus, exodusLength }) => expect(exodus().length, exodusLength),
      'encoding-japanese': ({ encodingJapanese, peerLength }) =>
        expect(encodingJapanese().length, peerLength),
    },
    goals: { '@exodus/bytes': 1.2, 'encoding-japanese': 25 },
  });

const bothDecoders = { TextDecoder: 2, 'encoding-japanese': 25 };

const detecting = defineBench({
  name: 'iso2022jp-detect',
  title: 'Tell the charset of a letter in Shift_JIS, EUC-JP and ISO-2022-JP.',
  async setup() {
    const { detectCharset, encode } = await load('iso2022jp');
    const { default: Encoding } = await loadPeer('encoding-japanese');
    /** @param {string} to */
    const as = (to) => new Uint8Array(Encoding.convert(letter, { from: 'UNICODE', to, type: 'arraybuffer' }));
    return { detectCharset, Encoding, letters: [as('SJIS'), as('EUCJP'), encode(letter)] };
  },
  contenders: {
    ours({ detectCharset, letters }) {
      const names = letters.map((octets) => detectCharset(octets).charset);
      expect(names.join(), 'shift_jis,euc-jp,iso-2022-jp');
    },
    'encoding-japanese'({ Encoding, letters }) {
      expect(letters.map((octets) => Encoding.detect(octets)).join(), 'SJIS,EUCJP,JIS');
    },
  },
});

export default [
  decoding(
    'iso2022jp-decode-mixed',
    'Decode 64 Ki characters of letters: Japanese with ASCII in it.',
    long(letter),
    bothDecoders,
  ),
  decoding(
    'iso2022jp-decode-kanji',
    'Decode 64 Ki characters of kana and kanji.',
    long(japanese),
    bothDecoders,
  ),
  decoding(
    'iso2022jp-decode-ascii',
    'Decode 64 Ki characters of English with a Japanese name every 370.',
    long(english),
    {
      TextDecoder: 2,
    },
  ),
  decoding('iso2022jp-decode-subject', 'Decode one subject.', subject, { TextDecoder: 1 }),
  encoding(
    'iso2022jp-encode-mixed',
    'Encode 64 Ki characters of letters: Japanese with ASCII in it.',
    long(letter),
  ),
  encoding('iso2022jp-encode-kanji', 'Encode 64 Ki characters of kana and kanji.', long(japanese)),
  detecting,
];
