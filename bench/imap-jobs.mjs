// One job, done by each reader of IMAP in its own way: what a server has sent,
// in chunks, made values.

import { Buffer } from 'node:buffer';
import { PassThrough } from 'node:stream';
import { loadPeer } from './peers/load.mjs';

/**
 * What a job counts, so that a wrong answer is seen.
 *
 * @typedef {object} Found
 * @property {number} responses untagged ones
 * @property {number} uids the sum of UIDs, or of the numbers found
 * @property {number} flags
 * @property {number} text characters of subjects, names, message-ids and the like
 * @property {number} parts
 * @property {number} octets of messages
 *
 * @typedef {Uint8Array<ArrayBuffer>[]} Wire
 * @typedef {(wire: Wire) => Found | Promise<Found>} Job
 */

/** @returns {Found} */
const nothing = () => ({ responses: 0, uids: 0, flags: 0, text: 0, parts: 0, octets: 0 });

/** @returns {Promise<any>} what the built package exports */
const load = () =>
  import(process.env['MAILSEAL_IMAP'] ?? new URL('../dist/imap/index.js', import.meta.url).href);

/** @param {any} text */
const lengthOf = (text) => (typeof text === 'string' ? text.length : 0);

/** @param {any} body @returns {number} */
function countParts(body) {
  if (body.kind !== 'multipart') return 1;
  let parts = 1;
  for (const part of body.parts) parts += countParts(part);
  return parts;
}

/**
 * @param {any} response
 * @param {Found} found
 * @param {boolean} everything whether envelopes and structures are read
 */
function takeOurs(response, found, everything) {
  found.responses++;
  if (response.type === 'SEARCH') {
    for (const number of response.numbers) found.uids += number;
    return;
  }
  found.uids += response.uid ?? 0;
  found.flags += response.flags?.length ?? 0;
  if (response.sections !== undefined)
    for (const { octets } of response.sections) found.octets += octets?.length ?? 0;
  if (!everything) return;
  const { envelope, bodyStructure } = response;
  found.text += lengthOf(envelope.subject) + lengthOf(envelope.messageId);
  for (const { name, mailbox, host } of envelope.from)
    found.text += lengthOf(name) + lengthOf(mailbox) + lengthOf(host);
  found.parts += countParts(bodyStructure);
}

/**
 * @param {boolean} everything
 * @param {{ literals?: { streamFrom: number } }} [options]
 * @returns {Promise<Job>}
 */
export async function ours(everything, options = {}) {
  const { ResponseDecoder } = await load();
  return (wire) => {
    const found = nothing();
    const decoder = new ResponseDecoder(options);
    for (const chunk of wire) {
      for (const event of decoder.push(chunk)) {
        if (event.type === 'response') {
          if (event.response.tag === undefined) takeOurs(event.response, found, everything);
        } else if (event.type === 'literal-data') found.octets += event.octets.length;
        else if (event.type === 'unparsed') throw event.error;
      }
    }
    return found;
  };
}

/** @param {any} body @returns {number} */
function countNodes(body) {
  let parts = 1;
  for (const part of body.childNodes ?? []) parts += countNodes(part);
  return parts;
}

/**
 * imapflow's stream and parser, and what makes a message of a FETCH; without
 * its logging and its turns of the event loop.
 *
 * @param {boolean} everything
 * @returns {Promise<Job>}
 */
export async function imapflow(everything) {
  const { ImapStream } = await loadPeer('imapflow/lib/handler/imap-stream.js');
  const { parser } = await loadPeer('imapflow/lib/handler/imap-handler.js');
  const { formatMessageResponse } = await loadPeer('imapflow/lib/tools.js');
  const quiet = () => undefined;
  const logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const mailbox = { path: 'INBOX', uidValidity: 1n, flags: new Set(), highestModseq: 0n };

  /** @param {any} parsed @param {Found} found */
  async function take(parsed, found) {
    if (parsed.tag !== '*') return;
    found.responses++;
    if (parsed.command === 'SEARCH') {
      if (parsed.numbers === undefined) {
        for (const { value } of parsed.attributes) found.uids += Number(value);
      } else for (const number of parsed.numbers) found.uids += number;
      return;
    }
    const message = await formatMessageResponse(parsed, mailbox, 'md5', { log: logger });
    found.uids += message.uid;
    found.flags += message.flags?.size ?? 0;
    found.octets += message.source?.length ?? 0;
    if (!everything) return;
    const { envelope, bodyStructure } = message;
    found.text += lengthOf(envelope.subject) + lengthOf(envelope.messageId);
    for (const { name, address } of envelope.from) found.text += lengthOf(name) + lengthOf(address) - 1;
    found.parts += countNodes(bodyStructure);
  }

  return async (wire) => {
    const found = nothing();
    const stream = new ImapStream({ logger, cid: 'bench' });
    /** @type {(value?: unknown) => void} */
    let resolve = quiet;
    /** @type {(error: unknown) => void} */
    let reject = quiet;
    const ended = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    let isReading = false;
    const read = async () => {
      if (isReading) return;
      isReading = true;
      for (let data = stream.read(); data !== null; data = stream.read()) {
        const parsed = await parser(data.payload, { literals: data.literals });
        await take(parsed, found);
        data.next();
        if (parsed.tag === 'A1') resolve();
      }
      isReading = false;
    };
    stream.on('readable', () => read().catch(reject));
    stream.on('error', reject);
    for (const chunk of wire) {
      // As a socket does, it waits until there is room.
      if (!stream.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)))
        await new Promise((drained) => stream.once('drain', drained));
    }
    await ended;
    stream.destroy();
    return found;
  };
}

/** @param {any} struct @returns {number} */
function countStruct(struct) {
  let parts = 1;
  for (const part of struct.slice(1)) parts += countStruct(part);
  return parts;
}

/**
 * node-imap's parser; bodies are streams that are read to their ends.
 *
 * @param {boolean} everything
 * @returns {Promise<Job>}
 */
export async function nodeImap(everything) {
  const { Parser } = await loadPeer('node-imap/lib/Parser.js').then((module) => module.default ?? module);
  return (wire) =>
    new Promise((resolve) => {
      const found = nothing();
      const stream = new PassThrough({ highWaterMark: 1 << 16 });
      const parser = new Parser(stream);
      parser.on('body', (/** @type {any} */ body) => {
        body.on('data', (/** @type {Uint8Array} */ data) => {
          found.octets += data.length;
        });
      });
      parser.on('untagged', (/** @type {any} */ { type, text }) => {
        found.responses++;
        if (type === 'search') {
          for (const number of text) found.uids += number;
          return;
        }
        found.uids += Number(text.uid);
        found.flags += text.flags?.length ?? 0;
        if (!everything) return;
        const { envelope, bodystructure, struct = bodystructure } = text;
        found.text += lengthOf(envelope.subject) + lengthOf(envelope.messageId);
        for (const { name, mailbox, host } of envelope.from)
          found.text += lengthOf(name) + lengthOf(mailbox) + lengthOf(host);
        found.parts += countStruct(struct);
      });
      parser.on('tagged', () => resolve(found));
      const write = async () => {
        for (const chunk of wire) {
          if (!stream.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)))
            await new Promise((drained) => stream.once('drain', drained));
        }
      };
      write();
    });
}

/** @param {any} attribute @returns {number} */
function countTree(attribute) {
  if (!Array.isArray(attribute)) return 0;
  if (!Array.isArray(attribute[0])) return 1;
  let parts = 1;
  for (const part of attribute) {
    if (!Array.isArray(part) || part.length < 2 || part[0]?.value === 'BOUNDARY') break;
    if (Array.isArray(part[0]) || part.length > 6) parts += countTree(part);
  }
  return parts;
}

/**
 * emailjs-imap-handler's parser, which takes whole responses: they are cut
 * here, where none holds a literal. It gives a tree of words, no values.
 *
 * @param {boolean} everything
 * @returns {Promise<Job>}
 */
export async function emailjs(everything) {
  const { parser } = await loadPeer('emailjs-imap-handler').then((module) => module.default ?? module);
  return (wire) => {
    const found = nothing();
    let rest = Buffer.alloc(0);
    for (const chunk of wire) {
      const octets = rest.length === 0 ? Buffer.from(chunk.buffer) : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = octets.indexOf(10); end >= 0; end = octets.indexOf(10, from)) {
        const { tag, command, attributes } = parser(octets.subarray(from, end - 1));
        from = end + 1;
        if (tag !== '*') continue;
        found.responses++;
        if (command === 'SEARCH') {
          for (const { value } of attributes) found.uids += Number(value);
          continue;
        }
        const items = attributes[1];
        for (let at = 0; at < items.length; at += 2) {
          const value = items[at + 1];
          switch (items[at].value) {
            case 'UID':
              found.uids += Number(value.value);
              break;
            case 'FLAGS':
              found.flags += value.length;
              break;
            case 'ENVELOPE':
              if (!everything) break;
              found.text += lengthOf(value[1].value) + lengthOf(value[9].value);
              for (const [name, , user, host] of value[2])
                found.text += lengthOf(name?.value) + lengthOf(user?.value) + lengthOf(host?.value);
              break;
            case 'BODYSTRUCTURE':
              if (everything) found.parts += countTree(value);
              break;
          }
        }
      }
      rest = octets.subarray(from);
    }
    return found;
  };
}

/** @returns {Promise<Job>} looks for the line ends alone, with the platform's own search */
export async function bareScan() {
  return (wire) => {
    const found = nothing();
    let lines = 0;
    for (const chunk of wire) {
      const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      for (let at = octets.indexOf(10); at >= 0; at = octets.indexOf(10, at + 1)) lines++;
      found.octets += chunk.length;
    }
    found.responses = lines;
    return found;
  };
}
