import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { type Bytes, bytesFromLatin1, equalBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { composeMessage } from '../../src/mime/compose/compose.js';
import { parseMessage } from '../../src/mime/message.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { safeEntity } from '../../src/smime/entity/safe-entity.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { sampleContent } from '../support/compose-samples.js';
import { withLf } from '../support/mime-corpus.js';
import { relays } from '../support/relays.js';
import { shownLeaves } from '../support/shown-leaves.js';
import { alice, intermediate, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const signers: readonly SigningKey[] = [
  await signingKey(alice, { chain: [intermediate.certificate], signingTime: now }),
];

/** Lines that servers on the way like to change, and those that mean something in a message. */
const line = fc.oneof(
  fc.constantFrom(
    ...[
      'From me',
      '>From me',
      '.',
      '..x',
      'blank ',
      '\t',
      '',
      '--b',
      '--b--',
      '--c',
      '-- ',
      '=20',
      '=3D=',
      '=',
    ],
    ...[
      'caf\xc3\xa9',
      '\x00',
      'a\rb',
      '\x1b$B$3\x1b(B',
      'x'.repeat(1200),
      '\xff\xfe',
      'begin 644 a',
      'plain',
    ],
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, '')),
);
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n');
const body = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 8 })
  .chain((lines) => line.map((last) => lines.map(([text, end]) => text + end).join('') + last));
const field = fc.constantFrom(
  ...[
    'Content-Type: text/plain; charset=utf-8',
    'Content-Type: text/html',
    'Content-Type: image/png',
    'X-A: b ',
  ],
  ...[
    'Content-Transfer-Encoding: 8bit',
    'Content-Transfer-Encoding: quoted-printable',
    'no field',
    'X: a\rY: b',
  ],
  ...[
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: binary',
    'Content-Type: message/rfc822',
  ],
  ...[
    'Content-Description: caf\xc3\xa9',
    'Content-Type: text/plain; name="\xc3\xa9"',
    'Content-Transfer-Encoding: x-z',
  ],
  ...[
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: multipart/alternative; boundary="c"',
    '.X: y',
  ],
);
const header = fc
  .array(fc.tuple(field, lineEnd), { maxLength: 3 })
  .map((fields) => fields.map(([text, end]) => text + end).join(''));
const anyPart = fc.tuple(header, lineEnd, body).map((pieces) => pieces.join(''));
/** Messages of every kind of damage, with and without parts. */
const anyMessage = fc
  .tuple(anyPart, fc.array(anyPart, { maxLength: 3 }), lineEnd)
  .map(([first, parts, end]) => {
    if (parts.length === 0) return `From: alice@example.jp${end}${first}`;
    const inside = parts.map((part) => `${end}--b${end}${part}`).join('');
    return `From: alice@example.jp${end}Content-Type: multipart/mixed; boundary=b${end}${first}${inside}${end}--b--${end}`;
  })
  .map(bytesFromLatin1);

async function expectVerified(message: Uint8Array): Promise<void> {
  const { seals } = await verifyMessage(message, { roots, at: now });
  expect(seals[0]?.signers.map(({ content, signature }) => [content, signature])).toEqual([
    ['intact', 'valid'],
  ]);
}

const isFine = ({ unsafe }: { readonly unsafe: string | undefined }): boolean => unsafe === undefined;

describe('a message that is prepared for sealing', () => {
  test('is safe whatever it was, and shows the same', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const given = parseMessage(message);
        const prepared = safeEntity(given);
        fc.pre(isFine(prepared));
        const text = latin1FromBytes(prepared.octets);
        expect(text).toMatch(/^[\x01-\x7f]*$/);
        expect(text).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
        expect(text).not.toMatch(/^(?:>*From |\.)/m);
        expect(text).not.toMatch(/[ \t]+$/m);
        expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998);
        expect(shownLeaves(parseMessage(prepared.octets))).toEqual(shownLeaves(given));
      }),
      { numRuns: 1000 },
    );
  });

  test('is not changed when it is prepared again', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const prepared = safeEntity(parseMessage(message));
        fc.pre(isFine(prepared));
        const again = safeEntity(parseMessage(prepared.octets)).octets;
        expect(latin1FromBytes(again)).toBe(latin1FromBytes(prepared.octets));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a message that was signed', () => {
  test.each(relays)('verifies after %s, whatever it was', async (_, relay) => {
    let verified = 0;
    await fc.assert(
      fc.asyncProperty(anyMessage, async (message) => {
        let signed: Bytes;
        try {
          signed = await signMessage(message, { signers });
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          expect((error as MailsealError).code).toBe('smime-content-unsafe');
          return;
        }
        await expectVerified(relay(signed));
        verified++;
      }),
      { numRuns: 25 },
    );
    expect(verified).toBeGreaterThan(5);
  });

  test('verifies with LF for CRLF, detached and opaque, its header protected or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        sampleContent,
        fc.constantFrom('detached' as const, 'opaque' as const),
        fc.boolean(),
        async (content, form, headerProtection) => {
          const message = composeMessage({ date: now, ...content, from: 'alice@example.jp' });
          const signed = await signMessage(withLf(message), { signers, form, headerProtection });
          await expectVerified(signed);
          await expectVerified(withLf(signed));
          const { seals } = await verifyMessage(signed, { roots, at: now });
          expect(shownLeaves(seals[0]!.entity!)).toEqual(shownLeaves(parseMessage(message)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('octets of any kind', () => {
  test('are signed and encrypted, or refused with a MailsealError', async () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((octets) => new Uint8Array(octets)),
      fc.tuple(anyMessage, fc.nat(), fc.nat({ max: 255 })).map(([message, at, octet]) => {
        const damaged = message.slice();
        damaged[at % damaged.length] = octet;
        return damaged;
      }),
    );
    const recipients = [{ kek: new Uint8Array(16), id: new Uint8Array(1) }];
    let sealed = 0;
    await fc.assert(
      fc.asyncProperty(garbage, fc.boolean(), async (octets, headerProtection) => {
        for (const seal of [
          () => signMessage(octets, { signers, headerProtection }),
          () => encryptMessage(octets, { recipients, headerProtection, at: now }),
        ]) {
          try {
            await seal();
            sealed++;
          } catch (error) {
            expect(error).toBeInstanceOf(MailsealError);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(sealed).toBeGreaterThan(100);
  });
});

describe('a message that was encrypted', () => {
  test('comes out as it would be signed, after every relay', async () => {
    const password = 'とても長い合言葉';
    const recipients = [{ password, iterations: 1 }];
    await fc.assert(
      fc.asyncProperty(
        anyMessage,
        fc.constantFrom('aes256-cbc' as const, 'aes128-gcm' as const),
        fc.constantFrom(...relays),
        async (message, cipher, [, relay]) => {
          const [sealed] = await encryptMessage(message, { recipients, cipher, at: now });
          const enveloped = parseEnvelopedData(parseMessage(relay(sealed!.message)).content());
          const { content } = await openEnveloped(enveloped, { keys: [{ password }] });
          expect(equalBytes(content, safeEntity(parseMessage(message)).octets)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
