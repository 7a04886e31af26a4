// The mails of the MIME benches, the same octets in every run: our own texts,
// made by a small generator with a fixed seed.

import { Buffer } from 'node:buffer';

/**
 * What a parser has to find in a mail, whatever else it does.
 *
 * @typedef {object} Mail
 * @property {Uint8Array<ArrayBuffer>} octets in a buffer of their own
 * @property {string} subject
 * @property {string} from the address
 * @property {number} attachments how many
 * @property {number} attached their octets together
 * @property {string} phrase what its text holds
 */

/** xorshift32: enough to make mails differ. */
function generator(seed = 2_463_534_242) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const english = [
  'Thank you for your message of last week.',
  'The minutes of the meeting are attached, with the figures that you asked for.',
  'Please let us know until Thursday whether the delivery can go ahead as planned.',
  'The new office opens in March, and the old telephone numbers stay in use until then.',
  'As far as I can see there are three open points: the price, the date, and who signs.',
  'We have checked the invoice again and found that the discount was left out.',
  'I shall be travelling on Monday and can be reached by mail only.',
  'Would two in the afternoon suit you?',
];
const french = [
  'Merci beaucoup pour votre réponse détaillée à propos du contrat.',
  'La réunion est reportée à jeudi, à côté de la gare, comme prévu à l’origine.',
  'Le café sera offert ; le déjeuner coûte 12 € par personne.',
  'Nous espérons que la livraison arrivera avant la fête.',
];
const japanese = [
  'いつもお世話になっております。営業部の山田です。',
  '先日お送りした見積書について、ご確認いただけましたでしょうか。',
  'なお、次回の打ち合わせは本社3階のA会議室で行います。',
  '以上、よろしくお願い申し上げます。',
];
/** japanese[0], encoded by iconv; the benches do not use the codec that they measure to make their mails. */
const jisLine = '\x1b$B$$$D$b$*@$OC$K$J$C$F$*$j$^$9!#1D6HIt$N;3ED$G$9!#\x1b(B';
const jisSubject = '=?ISO-2022-JP?B?GyRCJCo4K0BRPXFBd0lVJE4kNDBGRmIbKEI=?=';

/** @param {string} binary */
const octetsOf = (binary) => {
  const octets = new Uint8Array(binary.length);
  octets.set(Buffer.from(binary, 'latin1'));
  return octets;
};
/** Text in UTF-8, one character for each octet. */
const utf8 = (/** @type {string} */ text) => Buffer.from(text).toString('latin1');

/** @param {string} binary */
function base64Lines(binary) {
  const encoded = Buffer.from(binary, 'latin1').toString('base64');
  return `${encoded.match(/.{1,76}/g)?.join('\r\n') ?? ''}\r\n`;
}

/** Quoted-printable of lines with CRLF: escapes what it must, breaks before column 76. @param {string} binary */
function quotedPrintable(binary) {
  return binary
    .split('\r\n')
    .map((line) => {
      const escaped = line
        .replace(/[^\t\x20-\x3c\x3e-\x7e]/g, (octet) => `=${hex(octet)}`)
        .replace(/[\t ]$/, (octet) => `=${hex(octet)}`);
      return escaped.match(/(?:=..|[^=]){1,73}/g)?.reduce(soft, '') ?? '';
    })
    .join('\r\n');
}
/** @param {string} octet */
const hex = (octet) => octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
/**
 * Lines of at most 76 characters out of pieces that may be long.
 *
 * @param {string} text
 * @param {string} piece
 */
const soft = (text, piece) => {
  // A piece has up to 73 units of which each may be three characters.
  let made = text === '' ? '' : `${text}=\r\n`;
  let line = '';
  for (const unit of piece.match(/=..|[^=]/g) ?? []) {
    if (line.length + unit.length > 75) {
      made += `${line}=\r\n`;
      line = '';
    }
    line += unit;
  }
  return made + line;
};

/**
 * @param {(below: number) => number} random
 * @param {number} length
 */
function noise(random, length) {
  const octets = Buffer.alloc(length);
  for (let at = 0; at < length; at++) octets[at] = random(256);
  return octets.toString('latin1');
}

/**
 * @param {(below: number) => number} random
 * @param {readonly string[]} sentences
 * @param {number} lines
 */
function paragraphs(random, sentences, lines) {
  let text = '';
  for (let i = 0; i < lines; i++) {
    text += `${sentences[random(sentences.length)]}\r\n`;
    if (random(5) === 0) text += '\r\n';
  }
  return text;
}

/** @param {string} text */
const html = (text) =>
  `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\r\n<body style="margin:0">\r\n${text
    .split('\r\n')
    .map((line) => (line === '' ? '' : `<p class="line">${line}</p>`))
    .join('\r\n')}</body></html>\r\n`;

/** What relays and mail programs put before the fields that people see. @param {(below: number) => number} random */
function trace(random) {
  let fields = 'Return-Path: <alice@example.jp>\r\nDelivered-To: bob@example.com\r\n';
  for (let hop = 2 + random(3); hop > 0; hop--) {
    fields +=
      `Received: from relay${hop}.example.net (relay${hop}.example.net [192.0.2.${random(255)}])\r\n` +
      `\tby mx${hop}.example.com (Postfix) with ESMTPS id ${random(1e9).toString(36).toUpperCase()}\r\n` +
      `\tfor <bob@example.com>; Tue, 24 Nov 2026 0${random(10)}:${10 + random(50)}:${10 + random(50)} +0900 (JST)\r\n`;
  }
  const signature = Buffer.from(noise(random, 192), 'latin1').toString('base64');
  fields +=
    'Authentication-Results: mx.example.com; dkim=pass header.d=example.jp; spf=pass smtp.mailfrom=example.jp\r\n' +
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.jp; s=2026;\r\n' +
    '\th=from:to:subject:date:message-id:mime-version:content-type; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n' +
    `\tb=${signature.match(/.{1,70}/g)?.join('\r\n\t ')}\r\n`;
  return fields;
}

/**
 * @param {(below: number) => number} random
 * @param {{ from?: string, to?: string, subject: string, more?: string }} fields
 */
const head = (random, { from = 'Alice Example <alice@example.jp>', to, subject, more = '' }) =>
  `${trace(random)}Date: Tue, 24 Nov 2026 09:${10 + random(50)}:${10 + random(50)} +0900\r\n` +
  `From: ${from}\r\nTo: ${to ?? 'Bob Example <bob@example.com>'}\r\nSubject: ${subject}\r\n` +
  `Message-ID: <${random(1e9)}.${random(1e9)}@example.jp>\r\n${more}MIME-Version: 1.0\r\n` +
  'User-Agent: Example Mail 7.1\r\nX-Priority: 3\r\n';

/** @param {string} type @param {string} encoding @param {string} body @param {string} [more] */
const part = (type, encoding, body, more = '') =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n${more}\r\n${body}`;

/** @param {string} subtype @param {string} boundary @param {readonly string[]} parts */
const multipart = (subtype, boundary, parts) =>
  `Content-Type: multipart/${subtype};\r\n\tboundary="${boundary}"\r\n\r\nThis is a message in several parts.\r\n` +
  `${parts.map((each) => `\r\n--${boundary}\r\n${each}`).join('')}\r\n--${boundary}--\r\n`;

/** @param {string} name @param {string} body @param {string} [type] */
const attachment = (name, body, type = 'application/pdf') =>
  part(
    `${type}; name="${name}"`,
    'base64',
    base64Lines(body),
    `Content-Disposition: attachment;\r\n\tfilename="${name}"\r\n`,
  );

/** @type {((random: (below: number) => number, i: number) => { binary: string, subject: string, phrase: string, attached?: number[] })[]} */
const kinds = [
  (random, i) => {
    const subject = `Minutes of meeting ${i}`;
    const body = paragraphs(random, english, 12);
    return {
      binary:
        head(random, { subject }) + part('text/plain; charset=us-ascii', '7bit', `Phrase ${i}.\r\n${body}`),
      subject,
      phrase: `Phrase ${i}.`,
    };
  },
  (random, i) => ({
    binary:
      head(random, {
        subject: `=?utf-8?Q?R=C3=A9union_${i}?=`,
        from: '=?utf-8?Q?H=C3=A9l=C3=A8ne?= <alice@example.jp>',
      }) +
      part(
        'text/plain; charset=utf-8',
        'quoted-printable',
        quotedPrintable(utf8(`Prévu ${i}.\r\n${paragraphs(random, french, 15)}`)),
      ),
    subject: `Réunion ${i}`,
    phrase: `Prévu ${i}.`,
  }),
  (random, i) => {
    const text = `Phrase ${i}.\r\n${paragraphs(random, english, 20)}`;
    return {
      binary:
        head(random, { subject: `Re: [list] offer ${i}`, more: listFields(random, i) }) +
        multipart('alternative', `=_alt_${i}`, [
          part('text/plain; charset="utf-8"', 'quoted-printable', quotedPrintable(text)),
          part('text/html; charset="utf-8"', 'quoted-printable', quotedPrintable(html(text))),
        ]),
      subject: `Re: [list] offer ${i}`,
      phrase: `Phrase ${i}.`,
    };
  },
  (random, i) => {
    const text = `文${i}。\r\n${paragraphs(random, japanese, 12)}`;
    return {
      binary:
        head(random, {
          subject: `=?UTF-8?B?${Buffer.from(`お知らせ${i}`).toString('base64')}?=`,
          from: `=?UTF-8?B?${Buffer.from('山田').toString('base64')}?= <alice@example.jp>`,
        }) +
        multipart('alternative', `000000000000${i}`, [
          part('text/plain; charset="UTF-8"', 'base64', base64Lines(utf8(text))),
          part('text/html; charset="UTF-8"', 'base64', base64Lines(utf8(html(text)))),
        ]),
      subject: `お知らせ${i}`,
      phrase: `文${i}。`,
    };
  },
  (random) => ({
    binary:
      head(random, { subject: jisSubject, from: 'alice@example.jp' }) +
      part('text/plain; charset=ISO-2022-JP', '7bit', `${jisLine}\r\n`.repeat(10)),
    subject: 'お見積書送付のご案内',
    phrase: japanese[0] ?? '',
  }),
  (random, i) => {
    const length = 3000 + random(3000);
    return {
      binary:
        head(random, { subject: `Invoice ${i}` }) +
        multipart('mixed', `----=_NextPart_${i}`, [
          part('text/plain; charset=utf-8', '7bit', `Phrase ${i}.\r\n${paragraphs(random, english, 6)}`),
          attachment(`invoice-${i}.pdf`, noise(random, length)),
        ]),
      subject: `Invoice ${i}`,
      phrase: `Phrase ${i}.`,
      attached: [length],
    };
  },
  (random, i) => ({
    binary:
      head(random, {
        subject: `Fwd: plan ${i}`,
        to: Array.from({ length: 12 }, (_, n) => `"Person ${n}, Team" <person${n}@example.com>`).join(
          ',\r\n\t',
        ),
        more: `In-Reply-To: <${i}.1@example.com>\r\nReferences: <${i}.0@example.com>\r\n <${i}.1@example.com>\r\n`,
      }) +
      part('text/plain; charset=utf-8', '8bit', utf8(`Prévu ${i}.\r\n${paragraphs(random, french, 10)}`)),
    subject: `Fwd: plan ${i}`,
    phrase: `Prévu ${i}.`,
  }),
  (random, i) => {
    const text = `Phrase ${i}.\r\n${paragraphs(random, english, 40)}`;
    return {
      binary:
        head(random, { subject: `Newsletter ${i}`, more: listFields(random, i) }) +
        part('text/html; charset=utf-8', 'quoted-printable', quotedPrintable(html(text))),
      subject: `Newsletter ${i}`,
      phrase: `Phrase ${i}.`,
    };
  },
];

/** @param {(below: number) => number} random @param {number} i */
const listFields = (random, i) =>
  `List-ID: Example <list.example.com>\r\nList-Unsubscribe: <mailto:leave-${random(1e9)}@example.com>,\r\n\t<https://list.example.com/u/${i}>\r\n` +
  'List-Post: <mailto:list@example.com>\r\nPrecedence: list\r\n';

/**
 * @param {string} binary
 * @param {string} subject
 * @param {string} phrase
 * @param {readonly number[]} [attached]
 * @returns {Mail}
 */
const mail = (binary, subject, phrase, attached = []) => ({
  octets: octetsOf(binary),
  subject,
  from: 'alice@example.jp',
  attachments: attached.length,
  attached: attached.reduce((sum, length) => sum + length, 0),
  phrase,
});

/** 200 mails of 2 to 10 kB as people and programs send them. */
export function smallMails() {
  const random = generator();
  return Array.from({ length: 200 }, (_, i) => {
    const kind = kinds[i % kinds.length];
    if (kind === undefined) throw new Error('there is no kind of mail');
    const { binary, subject, phrase, attached } = kind(random, i);
    return mail(binary, subject, phrase, attached);
  });
}

/** 4 mails of 1.4 MB, each with two attachments. */
export function attachmentMails() {
  const random = generator(77);
  return Array.from({ length: 4 }, (_, i) => {
    const lengths = [700_000 + i, 320_000 - i];
    const binary =
      head(random, { subject: `Plans ${i}` }) +
      multipart('mixed', `----=_Part_${i}`, [
        part('text/plain; charset=utf-8', '7bit', `Phrase ${i}.\r\n${paragraphs(random, english, 10)}`),
        ...lengths.map((length, n) => attachment(`plan-${n}.pdf`, noise(random, length))),
      ]);
    return mail(binary, `Plans ${i}`, `Phrase ${i}.`, lengths);
  });
}

/** One mail of 36 MB with an attachment of 25 MiB. */
export function largeMails() {
  const random = generator(5);
  const length = 25 * 1024 * 1024;
  const block = noise(random, 1 << 16);
  const binary =
    head(random, { subject: 'Film' }) +
    multipart('mixed', '----=_Part_large', [
      part('text/plain; charset=utf-8', '7bit', `Phrase 1.\r\n${paragraphs(random, english, 10)}`),
      attachment('film.mp4', block.repeat(length >> 16), 'video/mp4'),
    ]);
  return [mail(binary, 'Film', 'Phrase 1.', [length])];
}

/** One mail with multiparts inside each other, 50 deep. */
export function deepMails() {
  const random = generator(9);
  let inner = part('text/plain; charset=utf-8', '7bit', `Phrase 1.\r\n${paragraphs(random, english, 3)}`);
  for (let depth = 49; depth > 0; depth--) inner = multipart('mixed', `=_level_${depth}`, [inner]);
  return [mail(head(random, { subject: 'Deep' }) + inner, 'Deep', 'Phrase 1.')];
}

/** One mail of 500 parts, each a small attachment. */
export function wideMails() {
  const random = generator(13);
  const lengths = Array.from({ length: 499 }, () => 100 + random(200));
  const parts = lengths.map((length, i) => attachment(`page-${i}.bin`, noise(random, length)));
  const first = part('text/plain; charset=utf-8', '7bit', `Phrase 1.\r\n${paragraphs(random, english, 3)}`);
  return [
    mail(
      head(random, { subject: 'Wide' }) + multipart('mixed', '=_wide', [first, ...parts]),
      'Wide',
      'Phrase 1.',
      lengths,
    ),
  ];
}

/** One mail of 2,000 header fields. */
export function headerMails() {
  const random = generator(17);
  let more = '';
  for (let i = 0; i < 1980; i++) {
    more += `X-Field-${i}: value ${random(1e9)} of a field that goes on\r\n\tover a second line with number ${random(1e9)}\r\n`;
  }
  const binary =
    head(random, { subject: 'Many fields', more }) +
    part('text/plain; charset=utf-8', '7bit', 'Phrase 1.\r\n');
  return [mail(binary, 'Many fields', 'Phrase 1.')];
}

/** One mail of 4 MB of quoted-printable: French text in UTF-8 with some lines of HTML. */
export function quotedPrintableMails() {
  const random = generator(23);
  const text = paragraphs(random, [...french, ...english], 2000);
  const block = quotedPrintable(utf8(html(text)));
  const body = block.repeat(Math.ceil(4_000_000 / block.length));
  const binary =
    head(random, { subject: 'Novel' }) +
    part('text/plain; charset=utf-8', 'quoted-printable', `Phrase 1.\r\n${body}`);
  return [mail(binary, 'Novel', 'Phrase 1.')];
}
