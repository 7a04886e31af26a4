// One job, done by each MIME parser in its own way: everything that a mail
// holds, decoded; and for ours the envelope and the list of parts alone.

import { Buffer } from 'node:buffer';
import { load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

/**
 * What a job counts of one mail, so that a wrong answer is seen.
 *
 * @typedef {object} Found
 * @property {string | undefined} subject
 * @property {string | undefined} from
 * @property {number} attachments
 * @property {number} attached octets
 * @property {readonly string[]} texts
 *
 * @typedef {(octets: Uint8Array<ArrayBuffer>) => Found | Promise<Found>} Job
 */

const addressFields = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc'];

/**
 * @param {any} mime
 * @param {any} message
 */
function envelope(mime, message) {
  /** @type {string | undefined} */
  let from;
  for (const name of addressFields) {
    for (const field of message.headers.all(name)) {
      const addresses = mime.parseAddressList(field.value);
      if (name === 'from') from ??= addresses[0]?.address;
    }
  }
  const date = message.headers.get('date');
  if (date !== undefined) mime.parseDate(date.value);
  return { from, subject: message.headers.get('subject')?.text };
}

/**
 * What postal-mime hands out: all header fields of the message as text, the
 * addresses and the date as values, all text as strings, and of each attachment
 * its type, disposition, name, id, description and octets. (It reads the fields
 * of the parts and gives no other; mailparser and emailjs-mime-parser give all.)
 *
 * @param {'typescript' | 'native' | 'auto'} engine
 * @returns {Promise<Job>}
 */
export async function ours(engine) {
  const mime = await load('mime');
  return (octets) => {
    const message = mime.parseMessage(octets, { engine });
    const texts = [];
    let attachments = 0;
    let attached = 0;
    for (const field of message.headers) {
      if (field.name.length + field.text.length === 0) throw new Error('a field has no name');
    }
    for (const part of message.walk()) {
      if (part.parts.length > 0 || part.isMultipart) continue;
      const disposition = part.contentDisposition?.type;
      const { mediaType } = part.contentType;
      if (disposition !== 'attachment' && mediaType.startsWith('text/')) {
        texts.push(part.text());
        continue;
      }
      attachments++;
      const id = part.headers.get('content-id')?.value;
      const description = part.headers.get('content-description')?.text;
      if (part.filename === undefined || mediaType === '' || id === '' || description === '') {
        throw new Error('an attachment has no name, or another value is empty');
      }
      attached += part.content().length;
    }
    return { ...envelope(mime, message), attachments, attached, texts };
  };
}

/**
 * Addresses, date, subject, and of each part its place, type, name and size.
 *
 * @returns {Promise<Job>}
 */
export async function oursEnvelope() {
  const mime = await load('mime');
  return (octets) => {
    const message = mime.parseMessage(octets);
    let attachments = 0;
    let attached = 0;
    for (const part of message.walk()) {
      if (part.parts.length > 0) continue;
      if (part.contentDisposition?.type !== 'attachment') continue;
      attachments++;
      if (part.path === '' || part.filename === undefined) throw new Error('an attachment has no name');
      attached += part.end - part.bodyStart;
    }
    return { ...envelope(mime, message), attachments, attached, texts: [] };
  };
}

/** @returns {Promise<Job>} */
export async function postalMime() {
  const { default: PostalMime } = await loadPeer('postal-mime');
  return async ({ buffer }) => {
    // An ArrayBuffer is taken as it is, a view would be copied.
    const found = await PostalMime.parse(buffer);
    return {
      subject: found.subject,
      from: found.from?.address,
      attachments: found.attachments.length,
      attached: sum(found.attachments.map((/** @type {any} */ each) => each.content.byteLength)),
      texts: [found.text ?? '', found.html ?? ''],
    };
  };
}

/** @returns {Promise<Job>} */
export async function mailparser() {
  const { default: module } = await loadPeer('mailparser');
  // What the others do not do either.
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };
  return async (octets) => {
    const input = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    const found = await module.simpleParser(input, options);
    return {
      subject: found.subject,
      from: found.from?.value[0]?.address,
      attachments: found.attachments.length,
      attached: sum(found.attachments.map((/** @type {any} */ each) => each.content.length)),
      texts: [found.text ?? '', found.html || ''],
    };
  };
}

/** @returns {Promise<Job>} */
export async function emailjs() {
  const { default: module } = await loadPeer('emailjs-mime-parser');
  const parse = module.default;
  return (octets) => {
    // It takes octets too, but as arguments on the stack, which a larger mail does not fit.
    const root = parse(Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1'));
    /** @type {string[]} */
    const texts = [];
    let attachments = 0;
    let attached = 0;
    const waiting = [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      waiting.push(...node.childNodes);
      if (node.content === undefined) continue;
      if (node.contentType.value.startsWith('text/')) texts.push(new TextDecoder().decode(node.content));
      else {
        attachments++;
        attached += node.content.length;
      }
    }
    return {
      subject: root.headers.subject?.[0].value,
      from: root.headers.from?.[0].value[0]?.address,
      attachments,
      attached,
      texts,
    };
  };
}

/** @returns {Promise<Job>} */
export async function letterparser() {
  const { extract } = await loadPeer('letterparser');
  return (octets) => {
    const found = extract(new TextDecoder().decode(octets));
    return {
      subject: found.subject,
      from: found.from?.address,
      attachments: found.attachments?.length ?? 0,
      attached: sum((found.attachments ?? []).map((/** @type {any} */ each) => each.body.length)),
      texts: [found.text ?? '', found.html ?? ''],
    };
  };
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);
