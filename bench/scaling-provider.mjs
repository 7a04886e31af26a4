// What a provider would need, worked out from the measured cost of a message.

import { duration } from './format.mjs';

const day = 86_400;
const messagesADay = 1e9;
/** The assumptions of the estimate. */
const assumed = { peak: 3, load: 0.6, octets: 75_000, base: 4_000 };

/** What is done to messages: a job of the page, the job that tells what more octets cost, and for which share. */
const work = /** @type {const} */ ([
  ['envelope and list of parts (index, threads, filters)', 'messages-envelope', 'mime-reader', 1],
  ['all of it decoded (full-text search, spam and virus scan)', 'messages-decode', 'mail-decode', 1],
  ['signature verified, with its chain', 'messages-verify', 'mail-verify', 0.05],
  ['signed (RSA-2048)', 'messages-sign', 'mail-sign', 0.02],
  ['encrypted to one recipient (RSA-2048)', 'messages-encrypt', 'mail-encrypt', 0.01],
  ['opened (RSA-2048)', 'messages-decrypt', 'mail-decrypt', 0.01],
]);

/**
 * @param {number} value
 * @returns {string}
 */
const count = (value) => (value >= 10 ? Math.ceil(value).toLocaleString('en') : value.toPrecision(2));

/**
 * @param {readonly import('./scaling-page.mjs').Measured[]} jobs
 * @returns {string} a section of the page, empty where a job is not measured
 */
export function providerSection(jobs) {
  /** @param {string} name */
  const last = (name) => jobs.find((job) => job.name === name)?.points.at(-1);
  const perSecond = messagesADay / day;
  const rows = [];
  let cores = 0;
  for (const [what, each, octets, share] of work) {
    const [fixed, growing] = [last(each), last(octets)];
    if (fixed === undefined || growing === undefined) return '';
    const more = (assumed.octets - assumed.base) * (growing.microseconds / growing.size);
    const cost = fixed.microseconds / fixed.size + more;
    const all = (perSecond * assumed.peak * cost) / 1e6 / assumed.load;
    cores += all * share;
    rows.push(
      `| ${what} | ${duration(fixed.microseconds / fixed.size)} | ${duration(cost)} | ${count(1e6 / cost)} | ${count(all)} | ${share * 100} % | ${count(all * share)} |`,
    );
  }
  const gigabits = (perSecond * assumed.octets * 8) / 1e9;
  return `## A provider with 10⁹ messages a day

On paper, from the figures above. 10⁹ messages a day are ${Math.round(perSecond).toLocaleString('en')} a second on average. Assumed are

- a busiest hour with ${assumed.peak} times the average, ${Math.round(perSecond * assumed.peak).toLocaleString('en')} messages a second, and cores that are given ${assumed.load * 100} % of what they can do;
- messages of ${assumed.octets / 1000} kB in the mean, so that ${gigabits.toFixed(1)} Gbit/s come in on average and ${(gigabits * assumed.peak).toFixed(0)} in the busiest hour; a message costs what one of ${assumed.base / 1000} kB
  does, and for the rest what octets cost in the largest mail of the tables;
- shares of messages as in the last column but one, which are guesses and those to replace first: how much is signed or
  encrypted differs more from provider to provider than anything else here;
- the cores of the machine that measured, and nothing but what this package does: no TLS, no disk, no database, no
  protocol of others, no scanner's own work, no revocation lists fetched.

| what is done | 4 kB | ${assumed.octets / 1000} kB | a second and core | cores for all messages | share | cores |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

Together: ${count(cores)} cores in the busiest hour. Messages are independent of one another, so that cores are added one by
one: a process for each, and the mail of one message in its memory at a time. A mail to very many recipients is the
exception, which worker threads can share (\`wrapKeys\`); what a pool of two gains or loses on the machine of
\`bench/results.md\` is told there, under \`wraps-pool\`.
`;
}
