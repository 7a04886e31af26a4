import { expect, test } from 'vitest';
import { mlExpansionHistory } from '../../../src/cms/ess/mail-list.js';
import { receiptRequest } from '../../../src/cms/ess/receipt-request.js';
import { securityLabel } from '../../../src/cms/ess/security-label.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { encrypted, messageOf, open, text } from '../../support/open-scene.js';
import type { TestCertificate } from '../../support/pki.js';
import { attribute } from '../../support/sign.js';
import { detachedEntity, octets } from '../../support/sign-message.js';
import { alice, mallory, signedBy } from '../../support/sign-scene.js';

const hello = text('Hello');
const identifier = octets('message 1');
const request = receiptRequest({
  contentIdentifier: identifier,
  from: 'all',
  to: [[{ kind: 'rfc822Name', value: 'alice@example.jp' }]],
});
const label = securityLabel({ policy: '1.2.392.200000.1', classification: 3, privacyMark: '社外秘' });
const history = mlExpansionHistory({ list: octets('a list'), time: new Date('2026-01-01T00:00:00Z') });

type More = ReturnType<typeof securityLabel>;

/** An entity signed with these attributes beside the usual ones. */
function signedWith(entity: Uint8Array, by: TestCertificate, more: readonly More[], boundary: string) {
  const p7s = signedBy(by, entity, {
    attributes: (usual) => [
      usual.contentType,
      usual.messageDigest,
      usual.signingTime,
      ...more.map(({ type, values }) => attribute(type, ...values)),
    ],
  });
  return detachedEntity(entity, p7s, { boundary });
}

test('a triple wrap: the receipt that the author asks for, his label, and the list that passed it on', async () => {
  const inner = signedWith(hello, alice, [request, label], 'inner');
  const message = messageOf(signedWith(await encrypted(inner), mallory, [history, label], 'outer'));
  const { services } = await open(message);
  expect(services.map(({ seal, counts, error }) => [seal.part, counts, error])).toEqual([
    ['', true, undefined],
    ['1/', true, undefined],
  ]);
  const [list, author] = services;
  expect(list!.mlExpansionHistory?.map(({ time }) => time.toISOString())).toEqual([
    '2026-01-01T00:00:00.000Z',
  ]);
  expect([list!.receiptRequest, author!.mlExpansionHistory]).toEqual([undefined, undefined]);
  expect(author!.receiptRequest?.contentIdentifier).toEqual(identifier);
  expect([list!.securityLabel?.privacyMark, author!.securityLabel?.classification]).toEqual(['社外秘', 3]);
});

test('what a bad signature asks for does not count', async () => {
  const forged = Buffer.from(signedWith(hello, alice, [request], 'inner'));
  forged.write('J', forged.indexOf('Hello'));
  const { services } = await open(messageOf(octets(forged.toString('latin1'))));
  expect(services.map(({ counts, receiptRequest: asked }) => [counts, asked !== undefined])).toEqual([
    [false, true],
  ]);
  const untrusted = await open(messageOf(signedWith(hello, alice, [request], 'inner')), { roots: [] });
  expect(untrusted.services.map(({ counts }) => counts)).toEqual([false]);
});

test('damage is told, and hides nothing else', async () => {
  const damaged = { type: request.type, values: [octets('\x30\x03\x02\x01\x01')] };
  const { services, verified } = await open(messageOf(signedWith(hello, alice, [damaged, label], 'inner')));
  expect(
    services.map(({ error, receiptRequest: asked, securityLabel: said }) => [
      error?.code,
      asked,
      said?.privacyMark,
    ]),
  ).toEqual([[expect.stringMatching(/^(?:asn1|cms)-/), undefined, '社外秘']]);
  expect(verified).toBe(true);
});

test('who says nothing is left out', async () => {
  const { services } = await open(messageOf(signedWith(hello, alice, [], 'inner')));
  expect(services).toEqual([]);
});

describeCorpus('openssl-generated', () => {
  test('signed-receipt-request.eml asks for a receipt', async () => {
    const report = await open(readCorpus('openssl-generated/messages/signed-receipt-request.eml'));
    expect(report.services.length).toBe(1);
    expect(report.services[0]!.receiptRequest?.to.length).toBeGreaterThan(0);
  });
});
