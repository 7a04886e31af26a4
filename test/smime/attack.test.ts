import { describe, expect, test } from 'vitest';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { signedData } from '../support/sign.js';
import { detachedMessage, octets, opaqueMessage, replaced, textEntity } from '../support/sign-message.js';
import { alice, intermediate, now, roots, signedBy } from '../support/sign-scene.js';

/** What a mail program shows: who it is from, and the text of it. */
interface Shown {
  readonly from: string;
  readonly texts: readonly string[];
}

/** How careless mail programs read what is ambiguous; each of these is met. */
interface Habits {
  /** Which of several fields or parameters of one name counts. */
  readonly of: 'first' | 'last';
  /** Whether a line is a delimiter that only begins with the boundary, as RFC 2046 §5.1.1 lets it. */
  readonly boundary: 'whole' | 'prefix';
  /** What ends a line. */
  readonly lines: 'lf' | 'any';
  /** Whether a line that is no field ends the header. */
  readonly header: 'lenient' | 'strict';
  /** Whether parts after a close delimiter are shown. */
  readonly close: 'ends' | 'goes-on';
}

const habits: Habits[] = (['first', 'last'] as const).flatMap((of) =>
  (['whole', 'prefix'] as const).flatMap((boundary) =>
    (['lf', 'any'] as const).flatMap((lines) =>
      (['lenient', 'strict'] as const).flatMap((header) =>
        (['ends', 'goes-on'] as const).map((close) => ({ of, boundary, lines, header, close })),
      ),
    ),
  ),
);

function readEntity(lines: readonly string[], how: Habits): { fields: [string, string][]; body: string[] } {
  const fields: [string, string][] = [];
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    // A mailbox file's own line, which every program passes over.
    if (at === 0 && /^>?From /.test(line)) continue;
    if (line === '') {
      at++;
      break;
    }
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line);
    if (field !== null) fields.push([field[1]!.toLowerCase(), field[2]!.trim()]);
    else if (/^[ \t]/.test(line) && fields.length > 0) fields.at(-1)![1] += ` ${line.trim()}`;
    else if (how.header === 'strict') break;
  }
  return { fields, body: lines.slice(at) };
}

function pick(fields: readonly [string, string][], name: string, how: Habits): string {
  const found = fields.filter(([each]) => each === name).map(([, value]) => value);
  return (how.of === 'first' ? found[0] : found.at(-1)) ?? '';
}

function show(lines: readonly string[], how: Habits): string[] {
  const { fields, body } = readEntity(lines, how);
  const type = pick(fields, 'content-type', how) || 'text/plain';
  if (!/^multipart\//i.test(type)) return /^(?:text|message)\//i.test(type) ? [body.join('\n')] : [];
  const boundaries = [...type.matchAll(/boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/gi)].map(
    ([, a, b]) => a ?? b!,
  );
  const boundary = how.of === 'first' ? boundaries[0] : boundaries.at(-1);
  if (boundary === undefined) return [body.join('\n')];
  const parts: string[][] = [];
  let open: string[] | undefined;
  for (const line of body) {
    const isDelimiter =
      how.boundary === 'prefix'
        ? line.startsWith(`--${boundary}`)
        : new RegExp(`^--${boundary}(--)?[ \t]*$`).test(line);
    if (!isDelimiter) {
      open?.push(line);
      continue;
    }
    const closes = line.startsWith(`--${boundary}--`);
    if (closes && how.close === 'ends') break;
    open = closes ? undefined : [];
    if (open !== undefined) parts.push(open);
  }
  return parts.flatMap((part) => show(part, how));
}

function shownBy(how: Habits, message: Uint8Array): Shown {
  const text = Buffer.from(message).toString('latin1');
  const lines = text.split(how.lines === 'lf' ? /\r*\n/ : /\r\n|\n|\r/);
  const { fields } = readEntity(lines, how);
  return {
    from: pick(fields, 'from', how),
    texts: show(lines, how).map((each) => each.replace(/\s+/g, ' ').trim()),
  };
}

const isAlice = (from: string): boolean => from.includes('alice@example.jp') && !from.includes('evil');

const entity = textEntity('I owe you ten yen.', 'us-ascii');
const base = detachedMessage(entity, signedBy(alice, entity), {
  header: 'From: alice@example.jp\r\nSubject: x\r\n',
  preamble: 'preamble',
  epilogue: 'epilogue\r\n',
});

const snippets = [
  'From: mallory@evil.example',
  'from : mallory@evil.example',
  ' From: mallory@evil.example',
  'Sender: mallory@evil.example',
  'X: y\rFrom: mallory@evil.example',
  'X: y\rContent-Type: text/plain',
  'Content-Type: text/plain',
  'Content-Type: text/html; charset=utf-8',
  'Content-Type: multipart/mixed; boundary=b2',
  'Content-Type: multipart/mixed; boundary="b1x"',
  'Content-Type: multipart/alternative; boundary=b1',
  'Content-Type: application/octet-stream',
  'Content-Type: message/rfc822',
  'content-type\t: text/plain',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename=smime.p7s',
  'MIME-Version: 1.0',
  '\tboundary=b2;',
  ' ; boundary="b2"',
  'Pay Mallory.',
  '',
  '\r',
  '\r\rPay Mallory.',
  '--b1',
  '--b1 ',
  '--b1--',
  '--b1x',
  '--b1\r\n\r\nPay Mallory.',
  '--b1\r\nContent-Type: text/plain\r\n\r\nPay Mallory.\r\n--b1--',
  '--b1--\r\n\r\nPay Mallory.\r\n--b1',
  '--b2\r\n\r\nPay Mallory.\r\n--b2--',
  '-----BEGIN PKCS7-----',
  '>From mallory@evil.example',
  'From mallory@evil.example Thu Jan  1 00:00:00 1970',
];

/** Verified messages of these, and those of them that some program shows otherwise than it shows the genuine one. */
async function fooled(genuine: Uint8Array, forgeries: Iterable<Uint8Array>) {
  const honest = habits.map((how) => shownBy(how, genuine));
  const found: { message: string; how: Habits; from: string; added: string[] }[] = [];
  let verified = 0;
  let total = 0;
  for (const message of forgeries) {
    total++;
    const report = await verifyMessage(message, { roots, at: now });
    if (!report.verified) continue;
    verified++;
    habits.forEach((how, i) => {
      const shown = shownBy(how, message);
      // A line or two may be lost to the reader; what is added is what matters.
      const added = shown.texts.filter((text) => !honest[i]!.texts.includes(text) && /\S/.test(text));
      if (added.length > 0 || !isAlice(shown.from))
        found.push({
          message: Buffer.from(message).toString('latin1').slice(0, 500),
          how,
          from: shown.from,
          added,
        });
    });
  }
  return { found, verified, total };
}

function* insertions(message: Uint8Array): Generator<Uint8Array> {
  const lines = Buffer.from(message).toString('latin1').split('\r\n');
  for (let at = 0; at <= lines.length; at++) {
    // Of the many lines of base64 two are as good as all.
    if (/^[A-Za-z0-9+/]{76}$/.test(lines[at] ?? '') && at % 11 !== 0) continue;
    for (const snippet of snippets) {
      yield octets([...lines.slice(0, at), snippet, ...lines.slice(at)].join('\r\n'));
    }
  }
}

function* doubled(message: Uint8Array): Generator<Uint8Array> {
  const lines = Buffer.from(message).toString('latin1').split('\r\n');
  for (let at = 0; at < lines.length; at++) {
    yield octets([...lines.slice(0, at), ...lines.slice(at + 1)].join('\r\n'));
    yield octets([...lines.slice(0, at), lines[at]!, ...lines.slice(at)].join('\r\n'));
    for (const other of ['\r', '\n', '\n\r', ' \r\n', '']) {
      yield octets(lines.slice(0, at + 1).join('\r\n') + other + lines.slice(at + 1).join('\r\n'));
    }
  }
}

describe('no verified message shows what its sender did not sign', () => {
  test('the genuine message verifies, and every program shows it alike', async () => {
    expect((await verifyMessage(base, { roots, at: now })).verified).toBe(true);
    for (const how of habits) {
      const shown = shownBy(how, base);
      expect([how, isAlice(shown.from), shown.texts]).toEqual([how, true, ['I owe you ten yen.']]);
    }
  });

  test('these programs differ, or they would prove nothing', () => {
    const forged = replaced(base, 'preamble', '--b1x\r\n\r\nPay Mallory.');
    const texts = new Set(habits.map((how) => shownBy(how, forged).texts.join('|')));
    expect(texts.size).toBeGreaterThan(1);
  });

  test('with a line put in anywhere', async () => {
    const { found, verified, total } = await fooled(base, insertions(base));
    expect(found.slice(0, 3)).toEqual([]);
    expect(total).toBeGreaterThan(500);
    expect(verified).toBeGreaterThan(50);
  });

  test('with a line left out, doubled, or ended otherwise', async () => {
    const { found, verified, total } = await fooled(base, doubled(base));
    expect(found.slice(0, 3)).toEqual([]);
    expect(total).toBeGreaterThan(200);
    expect(verified).toBeGreaterThan(20);
  });

  test('with any octet changed', async () => {
    const signature = Buffer.from(base).indexOf('\r\n\r\nMII') + 10;
    function* changed(): Generator<Uint8Array> {
      for (let at = 0; at < base.length; at++) {
        for (const octet of [0x00, 0x0a, 0x0d, 0x20, 0x2d, 0x3b, 0x28, 0x22]) {
          // Within the signature nearly every change is noticed, whatever the octet.
          if (at % (at > signature ? 23 : 8) !== 0 && (at > signature || octet !== 0x0d)) continue;
          const message = Uint8Array.from(base);
          message[at] = octet;
          yield message;
        }
      }
    }
    const { found, verified, total } = await fooled(base, changed());
    expect(found.slice(0, 3)).toEqual([]);
    expect(total).toBeGreaterThan(600);
    expect(verified).toBeGreaterThan(20);
  });

  test('opaque, with a line put in anywhere', async () => {
    const p7m = signedData({
      content: entity,
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const message = opaqueMessage(p7m, { header: 'From: alice@example.jp\r\nSubject: x\r\n' });
    const { found, verified, total } = await fooled(message, insertions(message));
    expect(found.slice(0, 3)).toEqual([]);
    expect(total).toBeGreaterThan(300);
    expect(verified).toBeGreaterThan(20);
  });
});
