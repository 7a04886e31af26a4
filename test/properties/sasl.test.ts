import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { prepared } from '../../src/sasl/accounts.js';
import { createSaslClient } from '../../src/sasl/client.js';
import { saslprep } from '../../src/sasl/saslprep.js';
import { createSaslServer } from '../../src/sasl/server.js';
import { converse } from '../sasl/support.js';
import { describeProgram, outputOf } from '../support/programs.js';

const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((name) => (prepared(name) ?? '') !== '' && !name.includes('\0'));
const mechanisms = fc.constantFrom('PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256');

describe('any user with any password', () => {
  test('is let in with it and not with another, by every mechanism', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        mechanisms,
        names,
        names,
        names,
        fc.boolean(),
        async (mechanism, user, right, wrong, initial) => {
          const account = (name: string) => (name === prepared(user) ? { password: right } : undefined);
          for (const password of [right, wrong]) {
            const server = createSaslServer(mechanism, { account, iterations: 1 });
            try {
              const limits = { leastIterations: 1 };
              const client = createSaslClient(mechanism, { user, password }, { limits });
              await converse(client, server, { initial });
            } catch (error) {
              // SCRAM refuses unassigned code points in what is stored.
              if (!(error instanceof MailsealError && error.code === 'sasl-malformed')) throw error;
              expect(mechanism).toContain('SCRAM');
              return;
            }
            const isSame =
              mechanism === 'CRAM-MD5' ? password === right : prepared(password) === prepared(right);
            expect(server.outcome?.user).toBe(isSame ? prepared(user) : undefined);
            runs++;
          }
        },
      ),
      { numRuns: 450 },
    );
    expect(runs).toBeGreaterThan(300);
  });
});

describe('garbage', () => {
  const every = fc.constantFrom(
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'SCRAM-SHA-1',
    'SCRAM-SHA-256-PLUS',
    'XOAUTH2',
    'OAUTHBEARER',
    'EXTERNAL',
    'ANONYMOUS',
  );
  const words = fc.constantFrom(
    'n,,',
    'p=tls-exporter,,',
    'n=tim',
    ',',
    'r=abc',
    's=QQ==',
    'i=1',
    '\0',
    '\x01',
    'auth=Bearer x',
    'user=',
    'é',
    '=2C',
    '=',
  );
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.array(words, { maxLength: 8 }).map((parts) => new TextEncoder().encode(parts.join(''))),
  );
  const channelBinding = { type: 'tls-exporter', data: new Uint8Array(3) };

  test('gives a challenge, an end without an outcome, or sasl-malformed', async () => {
    await fc.assert(
      fc.asyncProperty(every, fc.array(message, { maxLength: 4 }), async (mechanism, messages) => {
        const server = createSaslServer(mechanism, {
          account: (user) => (user === 'tim' ? { password: 'a long password' } : undefined),
          verifyToken: () => undefined,
          allowAnonymous: () => false,
          channelBindings: [channelBinding],
          iterations: 1,
        });
        const client = createSaslClient(mechanism, {
          user: 'tim',
          password: 'pencil',
          token: 'x',
          anonymous: '',
          channelBinding,
        });
        for (const side of [server.challenge.bind(server), client.respond.bind(client)]) {
          for (const octets of messages) {
            try {
              if ((await side(octets)) === undefined) break;
            } catch (error) {
              expect(error).toBeInstanceOf(MailsealError);
              expect((error as MailsealError).code).toMatch(/^(sasl-|limit-)/);
              break;
            }
          }
        }
        expect(server.outcome).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });
});

const python = `
import json, stringprep, sys, unicodedata
nfkc = lambda text: unicodedata.ucd_3_2_0.normalize('NFKC', text)
def prep(text, query):
    text = ''.join(' ' if stringprep.in_table_c12(c) else c for c in text
                   if stringprep.in_table_c12(c) or not stringprep.in_table_b1(c))
    text = nfkc(text)
    tables = [stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3,
              stringprep.in_table_c4, stringprep.in_table_c5, stringprep.in_table_c6,
              stringprep.in_table_c7, stringprep.in_table_c8, stringprep.in_table_c9]
    if not query: tables.append(stringprep.in_table_a1)
    if any(table(c) for c in text for table in tables): return None
    if any(stringprep.in_table_d1(c) for c in text):
        if any(stringprep.in_table_d2(c) for c in text): return None
        if not (stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])): return None
    return text
print(json.dumps([[prep(text, False), prep(text, True)] for text in json.load(sys.stdin)]))`;

describeProgram('python3', () => {
  const ours = (text: string, allowUnassigned: boolean) => {
    try {
      return saslprep(text, { allowUnassigned });
    } catch {
      return null;
    }
  };
  // Corrigendum 4 of Unicode corrected what five ideographs decompose to; the platform's tables have it.
  const corrected = new Set([0x2f868, 0x2f874, 0x2f91f, 0x2f95f, 0x2f9bf]);

  test('each of 167,659 code points is prepared as with the tables of Python', () => {
    const texts: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      // Ideographs of plane 2 are all alike, the planes behind hold nothing; of surrogates there is no text.
      const isDull = code >= 0x20000 && (code & 0xffff) > 0x1ff && (code & 0xffff) < 0xf7f0;
      const isSurrogate = code >= 0xd800 && code <= 0xdfff;
      if (!isDull && !isSurrogate && !corrected.has(code)) texts.push(String.fromCodePoint(code));
    }
    compare(texts);
    expect(texts.length).toBe(0x20000 + 15 * (0x200 + 0x810) - 0x800 - 5);
  });

  test('so are texts of several', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }),
      fc.constantFrom(
        '\u05d0',
        '\u0627',
        'a',
        '1',
        '\u00ad',
        '\u0301',
        '\u3000',
        '\u1100',
        '\u1161',
        '\u{1f600}',
        '\u0958',
        '\u0345',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const texts = fc.sample(
      fc.array(unit, { maxLength: 6 }).map((units) => units.join('')),
      { numRuns: 3000, seed: 4013 },
    );
    // Python composes letters that Unicode 3.2 has not, such as Balinese ones; form KC of 3.2 does not.
    const isAsOf32 = (text: string) => text.normalize('NFC') === text || ours(text, false) !== null;
    const kept = texts.filter(
      (text) => isAsOf32(text) && [...text].every((c) => !corrected.has(c.codePointAt(0)!)),
    );
    expect(kept.length).toBeGreaterThan(2000);
    compare(kept);
  });

  function compare(texts: readonly string[]) {
    const answer = outputOf(['python3', '-c', python], new TextEncoder().encode(JSON.stringify(texts)));
    const theirs = JSON.parse(answer.toString()) as [string | null, string | null][];
    const mine = texts.map((text) => [ours(text, false), ours(text, true)]);
    const different = mine.flatMap((pair, at) =>
      pair[0] === theirs[at]![0] && pair[1] === theirs[at]![1] ? [] : [[texts[at], pair, theirs[at]]],
    );
    expect(different).toEqual([]);
    expect(theirs.length).toBe(texts.length);
  }
});
