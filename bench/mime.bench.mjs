// MIME: whole mails with everything in them decoded, in TypeScript alone and
// with the platform's help, and their envelope and list of parts alone.

import { defineBench } from './bench.mjs';
import * as jobs from './mime-jobs.mjs';
import * as mails from './mime-mails.mjs';
import { gmime, gmimeVersion } from './peers/gmime.mjs';

/**
 * @param {import('./mime-mails.mjs').Mail} mail
 * @param {import('./mime-jobs.mjs').Found} found
 * @param {boolean} counted whether the attachments' octets are known
 */
function check(mail, found, counted) {
  if (found.subject !== mail.subject) throw new Error(`the subject is ${found.subject}, not ${mail.subject}`);
  if (found.from !== mail.from) throw new Error(`it is from ${found.from}`);
  if (found.attachments !== mail.attachments) throw new Error(`it has ${found.attachments} attachments`);
  if (counted && found.attached !== mail.attached) {
    throw new Error(`attachments of ${found.attached} octets, not ${mail.attached}`);
  }
}

/**
 * A contender: one call does its job for each of the mails. Its first call
 * looks for each mail's text, too.
 *
 * @param {() => Promise<import('./mime-jobs.mjs').Job>} load
 * @param {boolean} [everything] whether it decodes bodies
 */
function contender(load, everything = true) {
  /** @type {import('./mime-jobs.mjs').Job | undefined} */
  let job;
  return async (/** @type {import('./mime-mails.mjs').Mail[]} */ state) => {
    const first = job === undefined;
    job ??= await load();
    for (const mail of state) {
      // Without an await for those that are synchronous.
      const answer = job(mail.octets);
      const found = answer instanceof Promise ? await answer : answer;
      check(mail, found, everything);
      if (first && everything && !found.texts.some((text) => text.includes(mail.phrase))) {
        throw new Error(`the text of ${mail.subject} is wrong`);
      }
    }
  };
}

const peers = {
  'postal-mime': contender(jobs.postalMime),
  mailparser: contender(jobs.mailparser),
  'emailjs-mime-parser': contender(jobs.emailjs),
  letterparser: contender(jobs.letterparser),
};
const fullJob = { ours: contender(() => jobs.ours('typescript')), ...peers };
const nativeJob = {
  ours: contender(() => jobs.ours('auto')),
  'postal-mime': peers['postal-mime'],
  mailparser: peers.mailparser,
};
const envelopeJob = {
  ours: contender(jobs.oursEnvelope, false),
  'postal-mime': peers['postal-mime'],
};

/** @type {readonly [name: string, what: string, make: () => import('./mime-mails.mjs').Mail[]][]} */
const sets = [
  ['small', '200 mails of 2 to 10 kB', mails.smallMails],
  ['attachments', '4 mails of 1.4 MB with two attachments each', mails.attachmentMails],
  ['large', 'one mail of 36 MB with an attachment of 25 MiB', mails.largeMails],
  ['deep', 'one mail of multiparts 50 deep', mails.deepMails],
  ['wide', 'one mail of 500 parts', mails.wideMails],
  ['headers', 'one mail of 2,000 header fields', mails.headerMails],
  ['quoted-printable', 'one mail of 4 MB of quoted-printable', mails.quotedPrintableMails],
];

/** @type {Record<string, number>} */
const fullGoals = { small: 6, attachments: 6, deep: 20, wide: 20, headers: 1.8, 'quoted-printable': 3 };
/** @type {Record<string, number>} */
const envelopeGoals = { small: 10, headers: 10, attachments: 100, deep: 20, wide: 20 };

/** @param {Record<string, number>} all @param {string} name */
const goal = (all, name) => (all[name] === undefined ? {} : { goals: { 'postal-mime': all[name] } });

export default [
  ...sets.map(([name, what, setup]) =>
    defineBench({
      name: `mime-${name}`,
      title: `Parse and decode all of ${what}, in TypeScript alone.`,
      setup,
      contenders: fullJob,
      ...goal(fullGoals, name),
    }),
  ),
  defineBench({
    name: 'mime-native-attachments',
    title: "Parse and decode all of 4 mails of 1.4 MB with two attachments each, with the platform's help.",
    setup: mails.attachmentMails,
    contenders: nativeJob,
    goals: { 'postal-mime': 12 },
  }),
  defineBench({
    name: 'mime-native-large',
    title:
      "Parse and decode all of one mail of 36 MB with an attachment of 25 MiB, with the platform's help.",
    setup: mails.largeMails,
    contenders: { ...nativeJob, GMime: gmime('memory'), 'GMime, discarding': gmime('null') },
    native: ['GMime', 'GMime, discarding'],
    goals: { GMime: 1.3 },
    versions: () => ({ GMime: gmimeVersion(), 'GMime, discarding': gmimeVersion() }),
  }),
  ...sets
    .filter(([name]) => envelopeGoals[name] !== undefined)
    .map(([name, what, setup]) =>
      defineBench({
        name: `mime-envelope-${name}`,
        title: `Addresses, subject, date and list of parts of ${what}; postal-mime can only do all.`,
        setup,
        contenders: envelopeJob,
        ...goal(envelopeGoals, name),
      }),
    ),
];
