// What the scaling page measures: each job at growing sizes, its own input made
// anew for each call. Those that read or write in pieces are given one piece
// again and again, so that no more of the input than that is in memory.

import { Buffer } from 'node:buffer';
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
const messages = [1, 10, 100, 1000];
const at = new Date('2026-11-01T00:00:00Z');

/** @param {string} room @returns {Promise<any>} what the built package exports for it */
const load = (room) => import(new URL(`../dist/${room}/index.js`, import.meta.url).href);

/** @param {unknown} actual @param {unknown} expected */
function expect(actual, expected) {
  if (actual !== expected) throw new Error(`the answer is ${String(actual)}, not ${String(expected)}`);
}

/** @param {number} size */
function noise(size) {
  const octets = new Uint8Array(size);
  for (let i = 0, state = 1; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    octets[i] = state >>> 16;
  }
  return octets;
}

/** @param {string} line @param {number} size @returns {Uint8Array} whole lines, of about that many octets */
const lines = (line, size) =>
  new Uint8Array(Buffer.from(line.repeat(Math.max(1, Math.floor(size / Buffer.byteLength(line))))));

const english = 'The minutes of the meeting are attached with the figures that you asked for.';
const japanese = 'いつもお世話になっております。';

/**
 * A job that gets its input in pieces.
 *
 * @param {string} name
 * @param {string} title
 * @param {(size: number) => Promise<{ piece: Uint8Array, begin: () => (chunk: Uint8Array) => unknown }>} open
 *   the piece, and what takes it
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
    const { piece: whole, begin } = await open(Math.min(size, piece));
    return () => {
      const take = begin();
      for (let left = size; left > 0; left -= whole.length) take(whole);
    };
  },
});

/**
 * @param {string} room
 * @param {(api: any) => any} make what has `update`
 * @param {(api: any, size: number) => Uint8Array} input
 */
const transformed = (room, make, input) => async (/** @type {number} */ size) => {
  const api = await load(room);
  return {
    piece: input(api, size),
    begin: () => {
      const transformer = make(api);
      return (/** @type {Uint8Array} */ chunk) => transformer.update(chunk);
    },
  };
};

/** @type {Job[]} */
const pieces = [
  streamed(
    'sha256',
    'SHA-256, native',
    transformed(
      'crypto',
      (api) => api.createDigest('sha256'),
      (_, size) => noise(size),
    ),
  ),
  streamed(
    'sha256-typescript',
    'SHA-256 in TypeScript',
    transformed(
      'crypto',
      (api) => api.createDigest('sha256', { engine: 'typescript' }),
      (_, size) => noise(size),
    ),
  ),
  streamed(
    'canonical',
    'LF made CRLF',
    transformed(
      'encoding',
      (api) => new api.LineEndCanonicalizer(),
      (_, size) => lines(`${english}\n`, size),
    ),
  ),
  streamed(
    'base64-encode',
    'base64, written',
    transformed(
      'encoding',
      (api) => new api.MimeBase64Encoder(),
      (_, size) => noise(Math.ceil(size / 57) * 57),
    ),
  ),
  streamed(
    'base64-decode',
    'base64, read',
    transformed(
      'encoding',
      (api) => new api.MimeBase64Decoder(),
      (api, size) => api.encodeMimeBase64(noise(Math.max(1, Math.floor(size / 78)) * 57)),
    ),
  ),
  streamed(
    'quoted-printable-encode',
    'quoted-printable, written',
    transformed(
      'encoding',
      (api) => new api.QuotedPrintableEncoder(),
      (_, size) => lines(`${japanese}\r\n`, size),
    ),
  ),
  streamed(
    'quoted-printable-decode',
    'quoted-printable, read',
    transformed(
      'encoding',
      (api) => new api.QuotedPrintableDecoder(),
      (api, size) => api.encodeQuotedPrintable(lines(`${japanese}\r\n`, size / 3)),
    ),
  ),
  streamed('mime-reader', 'MIME', async (size) => {
    const { MimeReader } = await load('mime');
    return {
      piece: lines(`${english}\r\n`, size),
      begin: () => {
        const reader = new MimeReader();
        reader.push(
          new Uint8Array(
            Buffer.from('Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n'),
          ),
        );
        return (/** @type {Uint8Array} */ chunk) => reader.push(chunk);
      },
    };
  }),
  streamed('pop3-retr', 'POP3 RETR', async (size) => {
    const { Pop3ReplyDecoder } = await load('pop3');
    return {
      piece: lines(`${english}\r\n`, size),
      begin: () => {
        const decoder = new Pop3ReplyDecoder({ greeting: false });
        decoder.expect({ name: 'RETR', message: 1 });
        decoder.push(new Uint8Array(Buffer.from('+OK\r\n')));
        return (/** @type {Uint8Array} */ chunk) => decoder.push(chunk);
      },
    };
  }),
  {
    name: 'imap-literal',
    title: 'IMAP literal',
    label: 'IMAP literal',
    unit: 'octets',
    sizes: inPieces,
    streamed: true,
    async prepare(size) {
      const { ResponseDecoder } = await load('imap');
      const chunk = lines(`${english}\r\n`, Math.min(size, piece));
      const head = new Uint8Array(Buffer.from(`* 1 FETCH (BODY[] {${size}}\r\n`));
      return () => {
        const decoder = new ResponseDecoder({ literals: { streamFrom: 1 } });
        decoder.push(head);
        for (let left = size; left > 0; left -= chunk.length) decoder.push(chunk.subarray(0, left));
      };
    },
  },
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
    return () => signMessage(letter, { signers: [signer], signingTime: at });
  }),
  eachMessage('messages-verify', 'each verified, with its chain', messages, async ({ signer, root }) => {
    const { signMessage, verifyMessage } = await load('smime');
    const signed = await signMessage(letter, { signers: [signer], signingTime: at });
    return async () => expectVerified(await verifyMessage(signed, { roots: [root], at }));
  }),
  eachMessage('messages-encrypt', 'each encrypted to one (RSA-2048)', messages, async ({ recipient }) => {
    const { encryptMessage } = await load('smime');
    return () => encryptMessage(letter, { recipients: [recipient], at });
  }),
  eachMessage('messages-decrypt', 'each opened (RSA-2048)', messages, async ({ recipient, keys }) => {
    const { decryptMessage, encryptMessage } = await load('smime');
    const [sealed] = await encryptMessage(letter, { recipients: [recipient], at });
    return () => decryptMessage(sealed.message, { keys });
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
