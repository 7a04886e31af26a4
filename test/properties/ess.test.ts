import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BerNode, readBer } from '../../src/asn1/reader.js';
import { isDer } from '../../src/asn1/to-der.js';
import type { CmsAttribute } from '../../src/cms/attributes.js';
import { parseCompressedData } from '../../src/cms/compressed/compressed-data.js';
import { createCompressedData } from '../../src/cms/compressed/create-compressed-data.js';
import { openCompressed } from '../../src/cms/compressed/open-compressed.js';
import { checkDigestedData, parseDigestedData } from '../../src/cms/digested/digested-data.js';
import {
  contentHints,
  contentHintsAttribute,
  contentIdentifier,
  contentIdentifierAttribute,
  contentReference,
  contentReferenceAttribute,
} from '../../src/cms/ess/content-attributes.js';
import {
  type MailListReceiptPolicy,
  mlExpansionHistory,
  mlExpansionHistoryAttribute,
} from '../../src/cms/ess/mail-list.js';
import {
  type ReceiptRequest,
  receiptRequest,
  receiptRequestAttribute,
} from '../../src/cms/ess/receipt-request.js';
import {
  equivalentLabels,
  equivalentLabelsAttribute,
  type SecurityLabel,
  securityLabel,
  securityLabelAttribute,
} from '../../src/cms/ess/security-label.js';
import type { AttributeInput } from '../../src/cms/sign/signing-key.js';
import { MailsealError } from '../../src/core/errors.js';
import { decodeHex } from '../../src/encoding/hex.js';

function read({ type, values }: AttributeInput): CmsAttribute[] {
  return [{ type, values: values.map((value) => readBer(value)) }];
}

/** Everything written is one DER element. */
function written(attribute: AttributeInput): CmsAttribute[] {
  for (const value of attribute.values) expect(isDer(readBer(value))).toBe(true);
  return read(attribute);
}

const octets = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((each) => new Uint8Array(each));
const oid = fc
  .tuple(fc.integer({ min: 0, max: 39 }), fc.array(fc.nat(1e9), { minLength: 1, maxLength: 6 }))
  .map(([second, more]) => `1.${second}.${more.join('.')}`);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const names = fc.array(fc.record({ kind: fc.constant('rfc822Name' as const), value: fc.emailAddress() }), {
  minLength: 1,
  maxLength: 3,
});
const namesList = fc.array(names, { minLength: 1, maxLength: 5 });

const label: fc.Arbitrary<SecurityLabel> = fc
  .record(
    {
      policy: oid,
      classification: fc.integer({ min: 0, max: 256 }),
      privacyMark: text,
      categories: fc.array(fc.record({ type: oid, value: fc.constant(decodeHex('020105')) }), {
        minLength: 1,
        maxLength: 1,
      }),
    },
    { requiredKeys: ['policy'] },
  )
  .map((each) => each as SecurityLabel);

describe('attributes of ESS are read as they were written', () => {
  test('receiptRequest', () => {
    const request: fc.Arbitrary<ReceiptRequest> = fc.record({
      contentIdentifier: octets(1, 40),
      from: fc.oneof(fc.constantFrom('all' as const, 'first-tier' as const), namesList),
      to: namesList,
    });
    fc.assert(
      fc.property(request, (given) => {
        expect(receiptRequestAttribute(written(receiptRequest(given)))).toEqual(given);
      }),
    );
  });

  test('eSSSecurityLabel and equivalentLabels', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        expect(securityLabelAttribute(written(securityLabel(labels[0]!)))).toEqual(labels[0]);
        expect(equivalentLabelsAttribute(written(equivalentLabels(labels)))).toEqual(labels);
      }),
    );
  });

  test('mlExpansionHistory', () => {
    const receipts: fc.Arbitrary<MailListReceiptPolicy> = fc.oneof(
      fc.constant({ kind: 'none' } as const),
      fc.record({ kind: fc.constantFrom('instead-of' as const, 'in-addition-to' as const), to: namesList }),
    );
    const seconds = fc.integer({ min: -2e9, max: 4e9 }).map((each) => new Date(each * 1000));
    fc.assert(
      fc.property(octets(1, 20), seconds, receipts, (list, time, policy) => {
        const history = mlExpansionHistoryAttribute(
          written(mlExpansionHistory({ list, time, receipts: policy })),
        );
        const identifier = { kind: 'subjectKeyIdentifier', keyIdentifier: list };
        expect(history).toEqual([{ list: identifier, time, receipts: policy }]);
      }),
    );
  });

  test('contentIdentifier, contentHints, contentReference', () => {
    fc.assert(
      fc.property(oid, octets(1, 40), octets(1, 80), text, (contentType, identifier, signature, words) => {
        const reference = {
          contentType,
          contentIdentifier: identifier,
          originatorSignature: signature,
        };
        expect(contentIdentifierAttribute(written(contentIdentifier(identifier)))).toEqual(identifier);
        expect(contentReferenceAttribute(written(contentReference(reference)))).toEqual(reference);
        const hints = { contentType, description: words };
        expect(contentHintsAttribute(written(contentHints(hints)))).toEqual(hints);
      }),
    );
  });
});

describe('damage gives a value or a MailsealError', () => {
  const readers: Readonly<Record<string, (attributes: readonly CmsAttribute[]) => unknown>> = {
    '1.2.840.113549.1.9.16.2.1': receiptRequestAttribute,
    '1.2.840.113549.1.9.16.2.2': securityLabelAttribute,
    '1.2.840.113549.1.9.16.2.3': mlExpansionHistoryAttribute,
    '1.2.840.113549.1.9.16.2.4': contentHintsAttribute,
    '1.2.840.113549.1.9.16.2.7': contentIdentifierAttribute,
    '1.2.840.113549.1.9.16.2.9': equivalentLabelsAttribute,
    '1.2.840.113549.1.9.16.2.10': contentReferenceAttribute,
  };
  const to = [[{ kind: 'rfc822Name', value: 'a@example.jp' }]] as const;
  const one: SecurityLabel = {
    policy: '1.2.3',
    classification: 3,
    privacyMark: '秘',
    categories: [{ type: '1.2.3', value: decodeHex('0500') }],
  };
  const samples: readonly AttributeInput[] = [
    receiptRequest({ contentIdentifier: new Uint8Array(8), from: 'all', to }),
    receiptRequest({ contentIdentifier: new Uint8Array(8), from: to, to }),
    securityLabel(one),
    equivalentLabels([one, one]),
    mlExpansionHistory({ list: new Uint8Array(3), time: new Date(0), receipts: { kind: 'instead-of', to } }),
    contentHints({ contentType: '1.2.3', description: 'x' }),
    contentIdentifier(new Uint8Array(3)),
    contentReference({
      contentType: '1.2.3',
      contentIdentifier: new Uint8Array(3),
      originatorSignature: new Uint8Array(3),
    }),
  ];

  /** Each octet changed in eight ways, and every shorter piece. */
  function* damages(whole: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        yield whole.map((octet, i) => (i === at ? octet ^ (1 << bit) : octet));
      }
      yield whole.slice(0, at);
    }
  }

  test('of attributes', () => {
    let count = 0;
    let refused = 0;
    for (const { type, values } of samples) {
      for (const damaged of damages(values[0]!)) {
        count++;
        try {
          const node: BerNode = readBer(damaged);
          readers[type]!([{ type, values: [node] }]);
        } catch (error) {
          if (!(error instanceof MailsealError)) throw error;
          refused++;
        }
      }
    }
    expect(count).toBeGreaterThan(2000);
    expect(refused).toBeGreaterThan(count / 2);
  });

  test('of CompressedData and DigestedData', async () => {
    const compressed = await createCompressedData({ content: new Uint8Array(300).fill(0x61) });
    const digested = decodeHex(
      '304506092a864886f70d010705a0383036020100300906052b0e03021a0500301006092a864886f70d010701a003040161041486f7e437faa5a7fce15d1ddcb9eaeaea377667b8',
    );
    const tries: readonly [Uint8Array, (octets: Uint8Array) => unknown][] = [
      [compressed, async (given) => openCompressed(parseCompressedData(given))],
      [digested, (given) => checkDigestedData(parseDigestedData(given))],
    ];
    for (const [whole, run] of tries) {
      let intact = 0;
      let refused = 0;
      for (const damaged of damages(whole)) {
        try {
          if ((await run(damaged)) !== false) intact++;
        } catch (error) {
          if (!(error instanceof MailsealError)) throw error;
          refused++;
        }
      }
      // Bits of the type and the version may change without harm to the content.
      expect(refused).toBeGreaterThan(whole.length);
      expect(intact).toBeLessThan(9 * 20);
    }
  });
});
