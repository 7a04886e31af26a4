// IMAP: what a server sends, made values, from chunks of 16 KiB.

import { defineBench } from './bench.mjs';
import * as jobs from './imap-jobs.mjs';
import * as wires from './imap-wires.mjs';

/**
 * A contender whose answers are checked.
 *
 * @param {() => Promise<jobs.Job>} load
 * @param {Partial<jobs.Found>} wanted
 */
function contender(load, wanted) {
  /** @type {jobs.Job | undefined} */
  let job;
  return async (/** @type {jobs.Wire} */ wire) => {
    job ??= await load();
    const answer = job(wire);
    const found = answer instanceof Promise ? await answer : answer;
    for (const [name, value] of Object.entries(wanted)) {
      const got = Reflect.get(found, name);
      if (got !== value) throw new Error(`${name} is ${got}, not ${value}`);
    }
  };
}

/** The sum of the numbers from 1 to `count`, each with `more` added. */
const sum = (/** @type {number} */ count, more = 0) => (count * (count + 1)) / 2 + count * more;

const listed = { responses: 10_000, uids: sum(10_000, 4000), flags: 10_000 + 2 * 3333 };
const all = { ...listed, text: 1_345_710, parts: 60_000 };
const flags = { responses: 100_000, uids: sum(100_000, 4000), flags: 100_000 };
const search = { responses: 1, uids: sum(1_000_000) };
const literals = { octets: 100_000_000 };

export default [
  defineBench({
    name: 'imap-fetch',
    title: '10,000 FETCH responses with ENVELOPE and BODYSTRUCTURE, all of them read.',
    setup: wires.messageWire,
    contenders: {
      ours: contender(() => jobs.ours(true), all),
      imapflow: contender(() => jobs.imapflow(true), all),
      'node-imap': contender(() => jobs.nodeImap(true), all),
      'emailjs-imap-handler': contender(() => jobs.emailjs(true), all),
    },
    goals: { imapflow: 8, 'node-imap': 2.5 },
  }),
  defineBench({
    name: 'imap-fetch-lazy',
    title: 'UID, flags and sizes of the same 10,000 FETCH responses.',
    setup: wires.messageWire,
    contenders: {
      ours: contender(() => jobs.ours(false), listed),
      imapflow: contender(() => jobs.imapflow(false), listed),
      'node-imap': contender(() => jobs.nodeImap(false), listed),
      'emailjs-imap-handler': contender(() => jobs.emailjs(false), listed),
    },
    goals: { imapflow: 20 },
  }),
  defineBench({
    name: 'imap-flags',
    title: '100,000 FETCH responses with UID, FLAGS and MODSEQ.',
    setup: wires.flagsWire,
    contenders: {
      ours: contender(() => jobs.ours(false), flags),
      imapflow: contender(() => jobs.imapflow(false), flags),
      'node-imap': contender(() => jobs.nodeImap(false), flags),
      'emailjs-imap-handler': contender(() => jobs.emailjs(false), flags),
    },
    goals: { imapflow: 15, 'node-imap': 2 },
  }),
  defineBench({
    name: 'imap-literals',
    title: 'Ten messages of 10 MB as literals, gathered; beside it a search for line ends that does nothing.',
    setup: wires.literalWire,
    contenders: {
      ours: contender(() => jobs.ours(false), literals),
      imapflow: contender(() => jobs.imapflow(false), literals),
      'node-imap': contender(() => jobs.nodeImap(false), literals),
      'bare search for LF': contender(jobs.bareScan, {}),
    },
    native: ['bare search for LF'],
    goals: { imapflow: 1.8, 'bare search for LF': 0.5 },
  }),
  defineBench({
    name: 'imap-literals-streamed',
    title: 'The same, handed out in pieces as they come.',
    setup: wires.literalWire,
    contenders: {
      ours: contender(() => jobs.ours(false, { literals: { streamFrom: 65_536 } }), literals),
      'node-imap': contender(() => jobs.nodeImap(false), literals),
      'bare search for LF': contender(jobs.bareScan, {}),
    },
    native: ['bare search for LF'],
    goals: { 'bare search for LF': 0.5 },
  }),
  defineBench({
    name: 'imap-search',
    title: 'A SEARCH response of 1,000,000 numbers.',
    setup: wires.searchWire,
    contenders: {
      ours: contender(() => jobs.ours(false), search),
      imapflow: contender(() => jobs.imapflow(false), search),
      'node-imap': contender(() => jobs.nodeImap(false), search),
    },
    goals: { imapflow: 1 },
  }),
];
