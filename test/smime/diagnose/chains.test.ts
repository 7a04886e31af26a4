import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../../src/core/bytes.js';
import type { AlterationKind } from '../../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { putBack } from '../../support/random-alterations.js';
import { detachedMessage, octets } from '../../support/sign-message.js';
import { alice, now, roots, signedBy } from '../../support/sign-scene.js';

const original =
  'Content-Type: text/plain; charset="us-ascii"\r\nContent-Transfer-Encoding: 7bit\r\n\r\nDear Bob,\r\n\r\nFrom the office: \r\n.profile is gone, and the list is below.\r\n\tone\ttwo\r\nsee you on Monday\r\n-- \r\nAlice\r\n';

type Step = (entity: string) => string;

const inBody =
  (step: Step): Step =>
  (entity) => {
    const body = entity.indexOf('\r\n\r\n') + 4;
    return entity.slice(0, body) + step(entity.slice(body));
  };

const steps = {
  blanks: inBody((body) => body.replace(/[ \t]+\r\n/g, '\r\n')),
  From: inBody((body) => body.replace(/^From /gm, '>From ')),
  dots: inBody((body) => body.replace(/^\./gm, '..')),
  line: (entity) => `${entity}\r\n`,
  footer: (entity) => `${entity}____\r\nthe list\r\n`,
  banner: inBody((body) => `[EXTERNAL] beware\r\n\r\n${body}`),
  base64: (entity) => {
    const body = entity.indexOf('\r\n\r\n') + 4;
    const encoded = Buffer.from(entity.slice(body), 'latin1').toString('base64');
    return entity.slice(0, body).replace('7bit', 'base64') + encoded.replace(/.{1,76}/g, '$&\r\n');
  },
  fold: (entity) => entity.replace('; charset', ';\r\n\tcharset'),
  quotes: (entity) => entity.replace('"us-ascii"', 'us-ascii'),
  scanner: (entity) => entity.replace('\r\n\r\n', '\r\nX-Scanned: yes\r\n\r\n'),
} satisfies Record<string, Step>;

type StepName = keyof typeof steps;

const kinds: Readonly<Record<StepName, AlterationKind>> = {
  blanks: 'trailing-blanks-removed',
  From: 'from-line-quoted',
  dots: 'dots-doubled',
  line: 'trailing-lines-added',
  footer: 'footer-added',
  banner: 'banner-added',
  base64: 'transfer-encoding-changed',
  fold: 'field-refolded',
  quotes: 'field-quoting-changed',
  scanner: 'field-added',
};

const chains: readonly (readonly StepName[])[] = [
  ['From', 'footer'],
  ['footer', 'From'],
  ['From', 'line'],
  ['From', 'dots'],
  ['dots', 'footer'],
  ['blanks', 'line'],
  ['blanks', 'footer'],
  ['blanks', 'From'],
  ['banner', 'footer'],
  ['banner', 'From'],
  ['line', 'base64'],
  ['footer', 'base64'],
  ['banner', 'base64'],
  ['base64', 'fold'],
  ['fold', 'line'],
  ['quotes', 'footer'],
  ['scanner', 'footer'],
  ['quotes', 'fold'],
];

describe('changes that follow one another', () => {
  test.each(chains.map((chain) => [chain.join(', then '), chain] as const))('%s', async (_, chain) => {
    const received = chain.reduce((entity, name) => steps[name](entity), original);
    const message = detachedMessage(octets(received), signedBy(alice, octets(original)));
    const report = await verifyMessage(message, { roots, at: now });
    const { alterations, recovered } = await diagnoseAlteration(message, report);
    expect(recovered).toBe(true);
    expect(latin1FromBytes(alterations[0]!.original!)).toBe(original);
    const { changes } = alterations[0]!;
    expect(changes.map(({ kind }) => kind).toSorted()).toEqual(chain.map((name) => kinds[name]).toSorted());
    // Each change is told where it was, and all of them put back give what was signed.
    for (const { ranges } of changes) expect(ranges.length).toBeGreaterThan(0);
    expect(latin1FromBytes(putBack(alterations[0]!))).toBe(original);
    expect(report.verified).toBe(false);
  });
});
