import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { derInteger, derOid, derPrintableString, derSequence, derSetOf } from '../../../src/asn1/writer.js';
import type { CmsAttribute } from '../../../src/cms/attributes.js';
import {
  contentHints,
  contentHintsAttribute,
  contentIdentifier,
  contentIdentifierAttribute,
  contentReference,
  contentReferenceAttribute,
} from '../../../src/cms/ess/content-attributes.js';
import {
  type MailListReceiptPolicy,
  mlExpansionHistory,
  mlExpansionHistoryAttribute,
} from '../../../src/cms/ess/mail-list.js';
import {
  equivalentLabels,
  equivalentLabelsAttribute,
  type SecurityLabel,
  securityLabel,
  securityLabelAttribute,
} from '../../../src/cms/ess/security-label.js';
import type { AttributeInput } from '../../../src/cms/sign/signing-key.js';
import { parseSignedData } from '../../../src/cms/signed/signed-data.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { errorCode, octetsOf } from '../../crypto/support.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { alice } from '../../support/sign-scene.js';

/** What is read of an attribute that was written. */
function read({ type, values }: AttributeInput): CmsAttribute[] {
  return [{ type, values: values.map((value) => readBer(value)) }];
}

const to = [[{ kind: 'rfc822Name', value: 'owner@example.jp' }]] as const;

describe('eSSSecurityLabel', () => {
  const labels: readonly SecurityLabel[] = [
    { policy: '1.2.3' },
    { policy: '1.2.3', classification: 0 },
    { policy: '1.2.3', classification: 256, privacyMark: '社外秘' },
    { policy: '1.2.3', categories: [{ type: '1.2.3.4', value: derInteger(7) }] },
  ];

  test('is read as it was written', () => {
    for (const label of labels) expect(securityLabelAttribute(read(securityLabel(label)))).toEqual(label);
    expect(equivalentLabelsAttribute(read(equivalentLabels(labels)))).toEqual(labels);
  });

  test('is a SET whose elements DER orders by tag, and which is read in any order', () => {
    const whole = securityLabel({ policy: '1.2.3', classification: 3, privacyMark: 'A' });
    expect(encodeHex(whole.values[0]!)).toBe('310a02010306022a030c0141');
    const inOrderOfSyntax = readBer(decodeHex('310a06022a03020103130141'));
    const attribute = { type: whole.type, values: [inOrderOfSyntax] };
    expect(securityLabelAttribute([attribute])).toEqual({
      policy: '1.2.3',
      classification: 3,
      privacyMark: 'A',
    });
  });

  test('with something else in it is damaged', () => {
    const { type } = securityLabel({ policy: '1.2.3' });
    const wrong = [
      derSetOf(),
      derSetOf(derInteger(3)),
      derSetOf(derOid('1.2.3'), derOid('1.2.4')),
      derSetOf(derOid('1.2.3'), derSequence()),
      derSetOf(derOid('1.2.3'), derInteger(257)),
      derSetOf(derOid('1.2.3'), derInteger(-1)),
      derSetOf(derOid('1.2.3'), derSetOf(derPrintableString('A'))),
    ];
    for (const value of wrong) {
      const attributes = [{ type, values: [readBer(value)] }];
      expect(errorCode(() => securityLabelAttribute(attributes))).toBe('asn1-unexpected');
    }
  });

  test('out of bounds is the caller’s fault', () => {
    for (const classification of [-1, 257, 1.5]) {
      expect(errorCode(() => securityLabel({ policy: '1.2.3', classification }))).toBe('usage');
    }
    expect(errorCode(() => equivalentLabels([]))).toBe('usage');
    expect(errorCode(() => securityLabel({ policy: '1.2.3', privacyMark: '' }))).toBe('usage');
  });
});

describe('mlExpansionHistory', () => {
  const time = new Date('2026-11-22T01:02:03Z');
  const policies: readonly MailListReceiptPolicy[] = [
    { kind: 'none' },
    { kind: 'instead-of', to },
    { kind: 'in-addition-to', to },
  ];

  test('is read as it was written, each list appended to what was there', () => {
    const first = mlExpansionHistory({ list: octetsOf(20), time });
    const second = mlExpansionHistory(
      { list: alice.certificate, time, receipts: { kind: 'none' } },
      read(first)[0]!.values[0],
    );
    const history = mlExpansionHistoryAttribute(read(second))!;
    expect(history).toHaveLength(2);
    expect(history[0]).toEqual({
      list: { kind: 'subjectKeyIdentifier', keyIdentifier: octetsOf(20) },
      time,
    });
    expect(history[1]!.list.kind).toBe('issuerAndSerialNumber');
    expect(history[1]!.receipts).toEqual({ kind: 'none' });
    for (const receipts of policies) {
      const written = mlExpansionHistory({ list: octetsOf(20), time, receipts });
      expect(mlExpansionHistoryAttribute(read(written))![0]!.receipts).toEqual(receipts);
    }
  });

  test('has at most 64 lists', () => {
    let attribute = mlExpansionHistory({ list: octetsOf(1), time });
    for (let i = 1; i < 64; i++) {
      attribute = mlExpansionHistory({ list: octetsOf(1), time }, read(attribute)[0]!.values[0]);
    }
    expect(mlExpansionHistoryAttribute(read(attribute))).toHaveLength(64);
    const earlier = read(attribute)[0]!.values[0];
    expect(errorCode(() => mlExpansionHistory({ list: octetsOf(1), time }, earlier))).toBe('usage');
    const { type } = attribute;
    expect(errorCode(() => mlExpansionHistoryAttribute(read({ type, values: [derSequence()] })))).toBe(
      'cms-malformed',
    );
  });

  test('wants a time', () => {
    expect(errorCode(() => mlExpansionHistory({ list: octetsOf(1), time: new Date(Number.NaN) }))).toBe(
      'usage',
    );
  });
});

test('contentIdentifier, contentHints and contentReference are read as they were written', () => {
  const reference = {
    contentType: '1.2.840.113549.1.7.1',
    contentIdentifier: octetsOf(16),
    originatorSignature: octetsOf(70),
  };
  expect(contentIdentifierAttribute(read(contentIdentifier(octetsOf(16))))).toEqual(octetsOf(16));
  expect(contentReferenceAttribute(read(contentReference(reference)))).toEqual(reference);
  for (const hints of [{ contentType: '1.2.3' }, { contentType: '1.2.3', description: '見積もり' }]) {
    expect(contentHintsAttribute(read(contentHints(hints)))).toEqual(hints);
  }
  expect(errorCode(() => contentIdentifier(octetsOf(0)))).toBe('usage');
});

test('none of them is there where it does not stand', () => {
  const readers = [
    contentHintsAttribute,
    contentIdentifierAttribute,
    contentReferenceAttribute,
    equivalentLabelsAttribute,
    mlExpansionHistoryAttribute,
    securityLabelAttribute,
  ];
  for (const reader of readers) expect(reader([])).toBeUndefined();
});

test('one that stands twice or has two values is damaged (RFC 2634 §1.3.4)', () => {
  const once = read(securityLabel({ policy: '1.2.3' }));
  expect(errorCode(() => securityLabelAttribute([...once, ...once]))).toBe('cms-malformed');
  const [{ type, values }] = once as [CmsAttribute];
  expect(errorCode(() => securityLabelAttribute([{ type, values: [...values, ...values] }]))).toBe(
    'cms-malformed',
  );
});

describeCorpus('rfc4134', () => {
  test('4.10, whose signer uses nearly all attributes', () => {
    const [signer] = parseSignedData(readCorpus('rfc4134/4.10.bin')).signers;
    const attributes = signer!.signedAttributes;
    const text = (octets: Uint8Array): string => new TextDecoder().decode(octets.subarray(2));
    const label = securityLabelAttribute(attributes)!;
    expect(label).toMatchObject({
      policy: '1.2.3.4.5.6.7.8',
      classification: 1,
      privacyMark: 'THIS IS A PRIVACY MARK TEST',
    });
    expect(label.categories?.map(({ type, value }) => [type, text(value)])).toEqual([
      ['1.2.3.4.5.6.7.888', 'THIS IS A TEST SECURITY-CATEGORY.'],
    ]);
    expect(equivalentLabelsAttribute(attributes)?.map(({ privacyMark }) => privacyMark)).toEqual([
      'EQUIVALENT THIS IS A PRIVACY MARK TEST',
      'EQUIVALENT THIS IS A SECOND PRIVACY MARK TEST',
    ]);
    expect(contentHintsAttribute(attributes)).toEqual({
      contentType: '1.2.840.113549.1.7.1',
      description: 'Content Hints Description Buffer',
    });
    const reference = contentReferenceAttribute(attributes);
    expect(reference?.contentType).toBe('1.2.3.4.5.6');
    expect(new TextDecoder().decode(reference?.contentIdentifier)).toContain('Content');
    const [list, ...more] = mlExpansionHistoryAttribute(attributes)!;
    expect(more).toEqual([]);
    expect(list?.list).toEqual({
      kind: 'subjectKeyIdentifier',
      keyIdentifier: new TextEncoder().encode('5738299'),
    });
    expect(list?.time).toEqual(new Date('1999-03-11T10:44:33Z'));
    expect(list?.receipts).toMatchObject({ kind: 'instead-of', to: [[{ kind: 'directoryName' }, {}]] });
  });
});
