// What the scaling page measures: each job at growing sizes. The inputs are made
// before, and each call checks its answer. Those that read or write in pieces get
// exactly as many octets as the size says, and the end of the input after them.

import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { expect, load, noise } from './common.mjs';
import { makePeople, manyCertificates } from './scaling-people.mjs';

/**
 * @typedef {object} Job
 * @property {string} name
 * @property {string} title a row of the page
 * @property {string} label of the curve in the figure, short
 * @property {'octets' | 'recipients' | 'messages'} unit
 * @property {readonly number[]} sizes
 * @property {boolean} [streamed] whether the input comes in pieces, so that memory must not grow with it
 * @property {(size: number) => Promise<() => unknown>} prepare gives the call that is measured
 */

const piece = 64 * 1024;
const inPieces = [1, 16, 256, 4096, 65_536, 1_048_576].map((each) => each * 1024);
/** What is held as a whole ends at 256 MB: a mail is seldom larger, and the input alone takes it several times. */
const atOnce = [1, 8, 64, 512, 4096, 32_768, 262_144].map((each) => each * 1024);
const recipients = [1, 10, 100, 1000, 10_000, 100_000];
const cheapMessages = [1, 10, 100, 1000, 10_000, 100_000];
const messages = [1, 10, 100, 1000, 10_000];
const at = new Date('2026-11-01T00:00:00Z');

const english = 'The minutes of the meeting are attached with the figures that you asked for.';
const japanese = 'いつもお世話になっております。';

/** So much of the input is in memory, far more than a core has in its own cache; what is longer goes through it again. */
const held = 64 * 1024 * 1024;

/**
 * What an input is made of: whole lines, and what makes up the octets that are left at the end.
 *
 * @typedef {object} Stretch
 * @property {number} line octets of one
 * @property {(lines: number) => Uint8Array} fill
 * @property {(octets: number) => Uint8Array} rest fewer octets than a line has
 */

/**
 * Makes an input of exactly so many octets, to be gone through piece by piece.
 *
 * @param {number} size
 * @param {Stretch} stretch
 * @param {number} [most] octets that are in memory
 * @returns {() => Generator<Uint8Array>}
 */
export function inputOf(size, { line, fill, rest }, most = held) {
  const whole = size - (size % line);
  const ring = fill(Math.floor(Math.min(size, most) / line));
  const end = rest(size - whole);
  return function* () {
    for (let left = whole; left > 0; ) {
      const round = Math.min(left, ring.length);
      for (let at = 0; at < round; at += piece) yield ring.subarray(at, Math.min(at + piece, round));
      left -= round;
    }
    if (end.length > 0) yield end;
  };
}

/** @type {Stretch} */
const noisy = { line: 1, fill: noise, rest: noise };

/** @param {string} text @returns {Stretch} lines of text, of which the last may be cut anywhere */
function textual(text) {
  const octets = new Uint8Array(Buffer.from(text));
  return {
    line: octets.length,
    fill: (count) => new Uint8Array(Buffer.alloc(count * octets.length, octets)),
    rest: (count) => octets.slice(0, count),
  };
}

/**
 * A job that gets its input in pieces, ends it and checks the answer.
 *
 * @template Answer
 * @param {string} name
 * @param {string} title
 * @param {(size: number) => Promise<{
 *   stretch: Stretch,
 *   begin: () => { take: (chunk: Uint8Array) => unknown, finish: () => Answer },
 *   answer: (input: () => Generator<Uint8Array>) => Answer,
 * }>} open the input, what takes it, and what must come out
 * @returns {Job}
 */
const streamed = (name, title, open) => ({
  name,
  title,
  label: title,
  unit: 'octets',
  sizes: inPieces,
  streamed: true,
  async prepare(size) {
    const { stretch, begin, answer } = await open(size);
    const input = inputOf(size, stretch);
    const known = answer(input);
    return () => {
      const { take, finish } = begin();
      for (const chunk of input()) take(chunk);
      expect(finish(), known);
    };
  },
});

/** @param {string} name @param {string} title @param {object} [options] */
const digesting = (name, title, options) =>
  streamed(name, title, async () => {
    const { createDigest } = await load('crypto');
    return {
      stretch: noisy,
      begin() {
        const digest = createDigest('sha256', options);
        return {
          take: (chunk) => digest.update(chunk),
          finish: () => Buffer.from(digest.finish()).toString('hex'),
        };
      },
      answer(input) {
        const hash = createHash('sha256');
        for (const chunk of input()) hash.update(chunk);
        return hash.digest('hex');
      },
    };
  });

/**
 * An encoder or decoder, whose answer is how many octets come out.
 *
 * @param {string} name
 * @param {string} title
 * @param {(api: any) => { update(chunk: Uint8Array): Uint8Array, finish(): Uint8Array }} make
 * @param {(api: any) => Stretch} stretchOf
 * @param {(size: number, api: any) => number} octetsOut
 */
const transforming = (name, title, make, stretchOf, octetsOut) =>
  streamed(name, title, async (size) => {
    const api = await load('encoding');
    return {
      stretch: stretchOf(api),
      begin() {
        const transformer = make(api);
        let out = 0;
        return {
          take(chunk) {
            out += transformer.update(chunk).length;
          },
          finish: () => out + transformer.finish().length,
        };
      },
      answer: () => octetsOut(size, api),
    };
  });

/**
 * A reader of octets that are handed on in events, whose answer is how many there were.
 *
 * @param {string} name
 * @param {string} title
 * @param {string} room
 * @param {(api: any, size: number) => { decoder: any, head: string, end: string }} make
 * @param {(event: any) => Uint8Array | undefined} octetsOf
 * @param {number} [extra] octets of the end that belong to what is read
 */
const reading = (name, title, room, make, octetsOf, extra = 0) =>
  streamed(name, title, async (size) => {
    const api = await load(room);
    return {
      stretch: textual(`${english}\r\n`),
      begin() {
        const { decoder, head, end } = make(api, size);
        let out = 0;
        const take = (/** @type {Uint8Array} */ chunk) => {
          for (const event of decoder.push(chunk)) out += octetsOf(event)?.length ?? 0;
        };
        take(new Uint8Array(Buffer.from(head)));
        return {
          take,
          finish() {
            take(new Uint8Array(Buffer.from(end)));
            return out;
          },
        };
      },
      answer: () => size + extra,
    };
  });

const base64Line = { encoded: 78, octets: 57 };
const japaneseLine = `${japanese}\r\n`;

/** @param {any} api @param {Uint8Array | string} text @returns {number} */
const quotedLength = (api, text) => api.encodeQuotedPrintable(new Uint8Array(Buffer.from(text))).length;

/** @type {Job[]} */
const pieces = [
  digesting('sha256', 'SHA-256, native'),
  digesting('sha256-typescript', 'SHA-256 in TypeScript', { engine: 'typescript' }),
  transforming(
    'canonical',
    'LF made CRLF',
    (api) => new api.LineEndCanonicalizer(),
    () => textual(`${english}\n`),
    (size) => size + Math.floor(size / (english.length + 1)),
  ),
  transforming(
    'base64-encode',
    'base64, written',
    (api) => new api.MimeBase64Encoder(),
    () => noisy,
    (size) => 4 * Math.ceil(size / 3) + 2 * Math.ceil(size / base64Line.octets),
  ),
  transforming(
    'base64-decode',
    'base64, read',
    (api) => new api.MimeBase64Decoder(),
    (api) => ({
      line: base64Line.encoded,
      fill: (count) => api.encodeMimeBase64(noise(count * base64Line.octets)),
      rest: (count) => new Uint8Array(Buffer.from('A'.repeat(count - (count % 4)).padEnd(count, '\n'))),
    }),
    (size) =>
      base64Line.octets * Math.floor(size / base64Line.encoded) +
      3 * Math.floor((size % base64Line.encoded) / 4),
  ),
  transforming(
    'quoted-printable-encode',
    'quoted-printable, written',
    (api) => new api.QuotedPrintableEncoder(),
    () => textual(japaneseLine),
    (size, api) => {
      const line = Buffer.from(japaneseLine);
      const count = Math.floor(size / line.length);
      return count * quotedLength(api, line) + quotedLength(api, line.subarray(0, size % line.length));
    },
  ),
  transforming(
    'quoted-printable-decode',
    'quoted-printable, read',
    (api) => new api.QuotedPrintableDecoder(),
    (api) => {
      const line = api.encodeQuotedPrintable(new Uint8Array(Buffer.from(japaneseLine)));
      return {
        ...textual(Buffer.from(line).toString('latin1')),
        rest: (count) => new Uint8Array(count).fill(0x78),
      };
    },
    (size, api) => {
      const line = quotedLength(api, japaneseLine);
      return Math.floor(size / line) * Buffer.byteLength(japaneseLine) + (size % line);
    },
  ),
  reading(
    'mime-reader',
    'MIME',
    'mime',
    ({ MimeReader }) => ({
      decoder: new MimeReader(),
      head: 'Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n',
      end: '\r\n--b--\r\n',
    }),
    (event) => (event.type === 'body' ? event.bytes : undefined),
  ),
  reading(
    'pop3-retr',
    'POP3 RETR',
    'pop3',
    ({ Pop3ReplyDecoder }) => {
      const decoder = new Pop3ReplyDecoder({ greeting: false });
      decoder.expect({ name: 'RETR', message: 1 });
      return { decoder, head: '+OK\r\n', end: '\r\n.\r\n' };
    },
    (event) => (event.type === 'message-data' ? event.octets : undefined),
    // The line end before the dot.
    2,
  ),
  reading(
    'imap-literal',
    'IMAP literal',
    'imap',
    ({ ResponseDecoder }, size) => ({
      decoder: new ResponseDecoder({ literals: { streamFrom: 1 } }),
      head: `* 1 FETCH (BODY[] {${size}}\r\n`,
      end: ')\r\n',
    }),
    (event) => (event.type === 'literal-data' ? event.octets : undefined),
  ),
];

/** @param {number} size @returns {Promise<Uint8Array>} a mail with an attachment, of about that many octets */
async function mailOf(size) {
  const { encodeMimeBase64 } = await load('encoding');
  const attached = encodeMimeBase64(noise(Math.floor((size / 78) * 57)));
  return new Uint8Array(
    Buffer.concat([
      Buffer.from(
        'From: hanako@example.jp\r\nTo: taro@example.jp\r\nSubject: large\r\nMIME-Version: 1.0\r\n' +
          'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n' +
          `${english}\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
      ),
      attached,
      Buffer.from('--b--\r\n'),
    ]),
  );
}

/**
 * @param {string} name
 * @param {string} title
 * @param {(api: { mime: any, smime: any, people: any }, mail: Uint8Array) => Promise<() => unknown>} prepare
 * @returns {Job}
 */
const whole = (name, title, prepare) => ({
  name,
  title,
  label: name.replace('mail-', ''),
  unit: 'octets',
  sizes: atOnce,
  prepare: async (size) =>
    prepare(
      { mime: await load('mime'), smime: await load('smime'), people: await makePeople() },
      await mailOf(size),
    ),
});

/** @param {any} report */
const expectVerified = (report) => expect(report.verified, true);

/** @type {Job[]} */
const mails = [
  whole('mail-decode', 'a mail, parsed and its attachment decoded', async ({ mime }, mail) => () => {
    const [, attachment] = mime.parseMessage(mail).parts;
    if (attachment.content().length === 0) throw new Error('it is empty');
  }),
  whole('mail-sign', 'a mail, signed', async ({ smime, people }, mail) => async () => {
    const signed = await smime.signMessage(mail, { signers: [people.signer], signingTime: at });
    if (signed.length < mail.length) throw new Error('it is too short');
  }),
  whole('mail-verify', 'a signed mail, verified', async ({ smime, people }, mail) => {
    const signed = await smime.signMessage(mail, { signers: [people.signer], signingTime: at });
    return async () => expectVerified(await smime.verifyMessage(signed, { roots: [people.root], at }));
  }),
  whole('mail-encrypt', 'a mail, encrypted', async ({ smime, people }, mail) => async () => {
    const [sealed] = await smime.encryptMessage(mail, { recipients: [people.recipient], at });
    if (sealed.message.length < mail.length) throw new Error('it is too short');
  }),
  whole('mail-decrypt', 'an encrypted mail, opened', async ({ smime, people }, mail) => {
    const [sealed] = await smime.encryptMessage(mail, { recipients: [people.recipient], at });
    const limits = { octets: 2 ** 31 };
    return async () => {
      const { message } = await smime.decryptMessage(sealed.message, { keys: people.keys, limits });
      if (message.length < mail.length / 2) throw new Error('it is too short');
    };
  }),
];

/**
 * @param {string} name
 * @param {string} keys of the certificates
 * @param {import('./scaling-people.mjs').KeyKind} kind
 * @returns {Job[]}
 */
const toMany = (name, keys, kind) => [
  {
    name: `encrypt-${name}`,
    title: `3 kB encrypted to certificates of ${keys}`,
    label: `encrypt, ${keys}`,
    unit: 'recipients',
    sizes: recipients,
    async prepare(count) {
      const { createEnvelopedData } = await load('cms');
      const { certificates } = await manyCertificates(count, kind);
      const content = noise(3000);
      const all = certificates.map((certificate) => ({ certificate }));
      return async () => {
        const envelope = await createEnvelopedData({ content, recipients: all, cipher: 'aes256-cbc' });
        if (envelope.length < count * 48) throw new Error('it is too short');
      };
    },
  },
  {
    name: `open-${name}`,
    title: `opened by the last of them, ${keys}`,
    label: `open, ${keys}`,
    unit: 'recipients',
    sizes: recipients,
    async prepare(count) {
      const { createEnvelopedData, openEnveloped, parseEnvelopedData } = await load('cms');
      const { certificates, lastKey } = await manyCertificates(count, kind);
      const content = noise(3000);
      const all = certificates.map((certificate) => ({ certificate }));
      const envelope = await createEnvelopedData({ content, recipients: all, cipher: 'aes256-cbc' });
      const last = { certificate: certificates[count - 1], privateKey: lastKey };
      return async () => {
        const parsed = parseEnvelopedData(envelope, { limits: { recipients: 1_000_000 } });
        const opened = await openEnveloped(parsed, { keys: [last] });
        expect(opened.content.length, content.length);
      };
    },
  },
];

/**
 * @param {string} name
 * @param {string} title
 * @param {readonly number[]} sizes
 * @param {(people: any) => Promise<(i: number) => unknown>} open one message; a returned promise is awaited
 * @returns {Job}
 */
const eachMessage = (name, title, sizes, open) => ({
  name,
  title,
  label: name.replace('messages-', ''),
  unit: 'messages',
  sizes,
  async prepare(count) {
    const work = await open(await makePeople());
    return async () => {
      for (let i = 0; i < count; i++) {
        const result = work(i);
        if (result instanceof Promise) await result;
      }
    };
  },
});

/** A mail of 4 kB. */
const letter = new Uint8Array(
  Buffer.from(
    `From: hanako@example.jp\r\nTo: taro@example.jp\r\nSubject: Friday\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${`${english}\r\n`.repeat(50)}`,
  ),
);

/** @returns {Promise<Uint8Array[]>} mails of 2 to 10 kB in several languages */
async function smallMails() {
  const { smallMails: make } = await import('./mime-mails.mjs');
  return make().map(({ octets }) => octets);
}

/** @param {readonly Uint8Array[]} all @param {number} i */
const cycled = (all, i) => /** @type {Uint8Array} */ (all[i % all.length]);

/** @type {Job[]} */
const manyMessages = [
  eachMessage('messages-envelope', 'envelope and list of parts of each', cheapMessages, async () => {
    const { Envelope, parseMessage } = await load('mime');
    const all = await smallMails();
    return (i) => {
      const message = parseMessage(cycled(all, i));
      const envelope = new Envelope(message.headers);
      if (envelope.subject === '' || [...message.walk()].length === 0) throw new Error('it says nothing');
    };
  }),
  eachMessage('messages-decode', 'each parsed, and all of it decoded', cheapMessages, async () => {
    const { parseMessage } = await load('mime');
    const all = await smallMails();
    return (i) => {
      for (const part of parseMessage(cycled(all, i)).walk()) {
        if (part.parts.length > 0) continue;
        if (part.contentType.mediaType.startsWith('text/')) part.text();
        else part.content();
      }
    };
  }),
  eachMessage('messages-sign', 'each signed (RSA-2048)', messages, async ({ signer }) => {
    const { signMessage } = await load('smime');
    return async () => {
      const signed = await signMessage(letter, { signers: [signer], signingTime: at });
      if (signed.length < letter.length) throw new Error('it is too short');
    };
  }),
  eachMessage('messages-verify', 'each verified, with its chain', messages, async ({ signer, root }) => {
    const { signMessage, verifyMessage } = await load('smime');
    const signed = await signMessage(letter, { signers: [signer], signingTime: at });
    return async () => expectVerified(await verifyMessage(signed, { roots: [root], at }));
  }),
  eachMessage('messages-encrypt', 'each encrypted to one (RSA-2048)', messages, async ({ recipient }) => {
    const { encryptMessage } = await load('smime');
    return async () => {
      const [sealed] = await encryptMessage(letter, { recipients: [recipient], at });
      if (sealed.message.length < letter.length) throw new Error('it is too short');
    };
  }),
  eachMessage('messages-decrypt', 'each opened (RSA-2048)', messages, async ({ recipient, keys }) => {
    const { decryptMessage, encryptMessage } = await load('smime');
    const [sealed] = await encryptMessage(letter, { recipients: [recipient], at });
    return async () => {
      const { message } = await decryptMessage(sealed.message, { keys });
      if (message.length < letter.length) throw new Error('it is too short');
    };
  }),
  {
    name: 'messages-fetch',
    title: 'IMAP FETCH responses with flags',
    label: 'FETCH responses',
    unit: 'messages',
    sizes: cheapMessages,
    async prepare(count) {
      const { ResponseDecoder } = await load('imap');
      const { chunksOf } = await import('./imap-wires.mjs');
      let text = '';
      for (let n = 1; n <= count; n++) text += `* ${n} FETCH (UID ${n + 4000} FLAGS (\\Seen))\r\n`;
      const wire = chunksOf(new Uint8Array(Buffer.from(text, 'latin1')));
      return () => {
        const decoder = new ResponseDecoder();
        let seen = 0;
        for (const chunk of wire)
          for (const event of decoder.push(chunk)) if (event.type === 'response') seen++;
        expect(seen, count);
      };
    },
  },
];

/** @type {readonly Job[]} */
export const scalingJobs = [
  ...pieces,
  ...mails,
  ...toMany('rsa', 'RSA-2048', 'rsa'),
  ...toMany('p256', 'P-256', 'p256'),
  ...manyMessages,
];
