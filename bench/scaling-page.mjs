// Writes docs/scaling.md and docs/scaling.svg from the points that scaling.mjs measured.

import { writeFileSync } from 'node:fs';
import { labelOf } from './bench.mjs';
import { powerFit } from './figures.mjs';
import { digits, duration, markdown, memory } from './format.mjs';
import { scalingJobs } from './scaling-jobs.mjs';
import { plotted } from './scaling-plot.mjs';
import { providerSection } from './scaling-provider.mjs';

/**
 * @typedef {import('./scaling-jobs.mjs').Job & { points: import('./scaling.mjs').Point[] }} Measured
 */

/** How many of the largest sizes tell how cost grows: what is small is mostly what any call costs. */
const fitted = 4;

/** @param {Measured} job @returns {number} */
const exponentOf = ({ points }) =>
  powerFit(points.slice(-fitted).map(({ size, microseconds }) => [size, microseconds])).exponent;

/**
 * A table of jobs with the same sizes.
 *
 * @param {readonly Measured[]} jobs
 * @param {string} rate title of the last figure but two
 * @param {(last: import('./scaling.mjs').Point) => string} rateOf
 * @param {(last: import('./scaling.mjs').Point) => string} memoryOf
 */
function tableOf(jobs, rate, rateOf, memoryOf) {
  const sizes = sizesOf(jobs);
  const unit = jobs[0]?.unit ?? 'octets';
  const titles = [
    '',
    ...sizes.map((size) => (unit === 'octets' ? labelOf(size) : size.toLocaleString('en'))),
    rate,
    'exponent',
    'memory',
  ];
  const rows = jobs.map((job) => {
    const last = job.points.at(-1);
    const times = sizes.map((size) => {
      const point = job.points.find((each) => each.size === size);
      return point === undefined ? '' : duration(point.microseconds);
    });
    if (last === undefined) return [job.title, ...times, '', '', ''];
    return [job.title, ...times, rateOf(last), exponentOf(job).toFixed(2), memoryOf(last)];
  });
  return markdown([titles, ...rows], '---:');
}

/** @param {readonly Measured[]} jobs @returns {number[]} in order */
const sizesOf = (jobs) => [...new Set(jobs.flatMap(({ sizes }) => sizes))].sort((a, b) => a - b);

/** A round figure without its zeros. @param {string} text */
const tick = (text) => text.replace(/\.0+ /, ' ');

/** @param {readonly Measured[]} jobs */
function range(jobs) {
  const all = jobs.map(exponentOf);
  return `between ${Math.min(...all).toFixed(2)} and ${Math.max(...all).toFixed(2)}`;
}

/** @param {import('./scaling.mjs').Point} point */
const speed = ({ size, microseconds }) => `${digits(size / microseconds)} MB/s`;
/** @param {import('./scaling.mjs').Point} point */
const each = ({ size, microseconds }) => duration(microseconds / size);

/**
 * @param {Measured} job
 * @returns {import('./scaling-plot.mjs').Curve}
 */
const timeCurve = ({ label, points }) => ({
  label,
  points: points.map(({ size, microseconds }) => [size, microseconds]),
});

/** Memory as it can be drawn: what is less than a megabyte is not told from nothing. @param {number} octets */
const visible = (octets) => Math.max(octets, 1e6);

/**
 * @param {readonly Measured[]} pieces
 * @param {readonly Measured[]} mails
 * @param {readonly Measured[]} counted
 */
function figure(pieces, mails, counted) {
  const octets = { xTitle: 'octets', xLabel: labelOf };
  const time = {
    yTitle: 'CPU time',
    yLabel: (/** @type {number} */ value) => tick(duration(value)),
    guide: true,
  };
  const sizes = sizesOf(pieces);
  /** @param {number} size */
  const most = (size) =>
    Math.max(
      ...pieces
        .flatMap(({ points }) => points.filter((point) => point.size === size))
        .map(({ peak = 0 }) => peak),
    );
  return plotted(
    [
      {
        title: 'Read or written in pieces',
        ...octets,
        xTicks: sizes,
        ...time,
        curves: pieces.map(timeCurve),
      },
      {
        title: 'A mail that is held as a whole',
        ...octets,
        xTicks: sizesOf(mails),
        ...time,
        curves: mails.map(timeCurve),
      },
      {
        title: 'Memory beyond the input',
        ...octets,
        xTicks: sizes,
        yTitle: 'peak',
        yLabel: (value) => (value <= 1e6 ? '≤ 1 MB' : memory(value)),
        curves: [
          { label: 'in pieces, the most', points: sizes.map((size) => [size, visible(most(size))]) },
          ...mails.map(({ label, points }) => ({
            label,
            points: points.map(({ size, peak = 0 }) => /** @type {const} */ ([size, visible(peak)])),
          })),
        ],
      },
      {
        title: 'Recipients and messages',
        xTitle: 'how many',
        xLabel: (value) => value.toLocaleString('en'),
        xTicks: sizesOf(counted),
        ...time,
        curves: counted.map(timeCurve),
      },
    ],
    'How CPU time and memory grow with octets, recipients and messages, on logarithmic axes.',
  );
}

/**
 * @param {readonly import('./scaling.mjs').Point[]} points
 * @returns {{ page: string, figure: string }} docs/scaling.md and docs/scaling.svg
 */
export function rendered(points) {
  /** @type {Measured[]} */
  const jobs = scalingJobs
    .map((job) => ({
      ...job,
      points: points.filter(({ name }) => name === job.name).sort((a, b) => a.size - b.size),
    }))
    .filter(({ points: own }) => own.length > 0);
  const pieces = jobs.filter(({ streamed }) => streamed);
  const mails = jobs.filter(({ unit, streamed }) => unit === 'octets' && !streamed);
  const recipients = jobs.filter(({ unit }) => unit === 'recipients');
  const messages = jobs.filter(({ unit }) => unit === 'messages');
  const where = [...new Set(points.map(({ date, machine, node }) => `${date}; ${machine}; Node ${node}.`))];
  const times = (/** @type {import('./scaling.mjs').Point} */ { size, peak = 0 }) =>
    `${memory(peak)}, ${(peak / size).toFixed(1)} × the mail`;
  const perOne = (/** @type {import('./scaling.mjs').Point} */ { size, peak = 0 }) =>
    `${memory(peak)}, ${peak < 1e6 ? '' : `${Math.round(peak / size).toLocaleString('en')} octets each`}`.replace(
      /, $/,
      '',
    );
  const page = `# How cost grows

What an answer costs when the input is a thousand or a million times larger: CPU time (user and system, all threads)
of one call, and by how much the memory of the process rose at most beyond what the input takes. Every point is a
process of its own, warmed up with the third size of its row until the time of a call has settled; each call checks
its answer. The exponent is that of the power which fits the ${fitted} largest
sizes: 1 is linear, 2 would be quadratic. Small sizes cost what any call costs, so lines are flat at their left ends;
a step to the next slope is where what is held outgrows the caches of the processor or the young generation of the
collector of garbage.

Written by \`node bench/scaling.mjs\` (\`--page\` writes it anew without measuring). ${where.join(' ')}

![CPU time and memory against octets, recipients and messages, on logarithmic axes](scaling.svg)

## Octets that come in pieces

The input comes in pieces of 64 KB, in all exactly as many octets as the column says, and is ended. Up to 64 MB are in
memory, so that it is not one piece in the cache of a core that is read; 1 GB goes through them sixteen times. It is
memory and no disk or network, which would cost more than most of this. MIME, POP3 and IMAP hand on the octets they
were given: where nothing is to be searched for, as in a literal of announced length, they do not even look at them,
and such a figure says what a piece costs, and not an octet. Exponents are ${range(pieces)}. Memory does not grow with the input: what is held is a piece, and what has not been collected yet of
what came out.

${tableOf(pieces, 'at the largest', speed, ({ peak = 0 }) => memory(peak))}

## A mail that is held as a whole

A mail with one attachment in base64. Exponents are ${range(mails)}. Signing and encrypting hold the mail in several
forms at once, which the last column tells.

${tableOf(mails, 'at the largest', speed, times)}

## Recipients

3 kB in AES-256-CBC; certificates are at hand and no two are the same, and eight keys are shared by all. Exponents are
${range(recipients)}. \`limits.recipients\` bounds what is read, 10,000 by default; it was raised for the last column of
who opens.

${tableOf(recipients, 'each', each, perOne)}

## Messages

One after another in one process; the mails are of 2 to 10 kB, those with a seal of 4 kB. Exponents are ${range(messages)}.
A seal is a whole call of \`signMessage\`, \`verifyMessage\`, \`encryptMessage\` or \`decryptMessage\`: the mail is parsed or
composed, and certificates, keys and chain in it are read anew each time. The benches \`seal-*\` of
\`bench/results.md\` take less, since they are the CMS part alone, over 3 kB and mostly with certificates read before.

${tableOf(messages, 'each', each, ({ peak = 0 }) => memory(peak))}

${providerSection(jobs)}`;
  return { page, figure: figure(pieces, mails, [...recipients, ...messages]) };
}

/** @param {readonly import('./scaling.mjs').Point[]} points */
export function writePage(points) {
  const { page, figure: drawing } = rendered(points);
  writeFileSync(new URL('../docs/scaling.md', import.meta.url), page);
  writeFileSync(new URL('../docs/scaling.svg', import.meta.url), drawing);
}
