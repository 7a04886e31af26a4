import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { derInteger, derNull, derSequence } from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { parseTimestampInfo } from '../../src/cms/signed/timestamp-info.js';
import type { VerifySignedDataOptions } from '../../src/cms/verify/verdict.js';
import { algorithmPolicyNow } from '../../src/x509/path/algorithm-policy.js';
import { directoryName, uri } from '../support/crls.js';
import { ocspExtension } from '../support/ocsp.js';
import { extension, issue, nameOf, testKey } from '../support/pki.js';
import { type SignerSpec, signedData } from '../support/sign.js';
import { aliceWith, intermediate, now, otherRoot, root, roots } from '../support/sign-scene.js';
import { content, verdictAnswers, verdicts } from '../support/sign-verdicts.js';
import {
  stampAuthority,
  stamped,
  stampingUsage,
  type TimestampSpec,
  timestampToken,
  tstInfo,
  withTimestamps,
} from '../support/timestamp.js';

/** Valid in 2024 and 2025; verified in March 2026. */
const expired = aliceWith({ notBefore: '2024-01-01T00:00:00Z', notAfter: '2025-12-31T23:59:59Z' });
const authority = stampAuthority(root);
const inTime = '2025-06-01T12:00:00Z';

function signed(signer: Partial<SignerSpec> = {}): Uint8Array {
  return signedData({
    content,
    signers: [
      {
        by: expired,
        attributes: ({ contentType, messageDigest }) => [contentType, messageDigest],
        ...signer,
      },
    ],
    certificates: [expired, intermediate],
  });
}

async function verdictOf(p7s: Uint8Array, options: Partial<VerifySignedDataOptions> = {}) {
  const [verdict] = await verdicts(p7s, { content, algorithms: algorithmPolicyNow, ...options });
  return verdict!;
}

async function expectStamp(
  spec: Partial<TimestampSpec>,
  status: 'trusted' | 'untrusted' | 'invalid',
  reason?: string | RegExp,
  options: Partial<VerifySignedDataOptions> = {},
) {
  const verdict = await verdictOf(stamped(signed(), { by: authority, time: inTime, ...spec }), options);
  expect(verdict.timestamps.map((each) => each.status)).toEqual([status]);
  expect(verdict.time).toBe(status === 'trusted' ? 'valid-at-trusted-time' : 'expired');
  const note = {
    trusted: 'signing-time-trusted',
    untrusted: 'timestamp-untrusted',
    invalid: 'timestamp-invalid',
  };
  const said = verdict.reasons.find(({ code }) => code === note[status]);
  expect(said?.severity).toBe('note');
  const all = verdict.timestamps[0]!.reasons.map(({ code, message }) => `${code}: ${message}`).join('\n');
  if (reason !== undefined) expect(all).toMatch(reason);
  return verdict;
}

describe('a time stamp that counts', () => {
  test('makes an expired certificate one that was valid when the signature existed', async () => {
    const plain = await verdictOf(signed());
    expect([plain.time, plain.trustedTime, plain.timestamps]).toEqual(['expired', undefined, []]);
    const verdict = await expectStamp({}, 'trusted');
    expect(verdictAnswers(verdict)).toMatchObject({
      content: 'intact',
      signature: 'valid',
      trust: 'trusted',
      time: 'valid-at-trusted-time',
      reasons: ['(signing-time-missing)', '(expired)', '(signing-time-trusted)'],
    });
    expect(verdict.trustedTime).toEqual({ time: new Date(inTime), source: 'timestamp' });
    expect(verdict.timestamps[0]).toMatchObject({
      info: { policy: '1.3.6.1.4.1.99999.1', genTime: new Date(inTime), accuracy: 0 },
      time: new Date(inTime),
    });
    expect(verdict.timestamps[0]!.certificate!.subject.commonName).toBe('Time Stamping Authority');
  });

  test.each(['sha384', 'sha512'] as const)('over a hash with %s', async (digest) => {
    await expectStamp({ digest }, 'trusted');
  });

  test('by an authority of its own root', async () => {
    const by = stampAuthority(otherRoot);
    await expectStamp({ by }, 'untrusted', /timestamp-untrusted/);
    await expectStamp({ by }, 'trusted', undefined, { timestampRoots: [otherRoot.certificate] });
    // Whose word counts for time need not count for mail.
    await expectStamp({}, 'untrusted', undefined, { timestampRoots: [otherRoot.certificate] });
  });

  test('after the certificate expired does not help', async () => {
    const verdict = await verdictOf(stamped(signed(), { by: authority, time: '2026-01-01T00:00:00Z' }));
    expect([verdict.timestamps[0]!.status, verdict.time]).toEqual(['trusted', 'expired']);
  });

  test('counts with its accuracy added', async () => {
    const late = '2025-12-31T23:59:58Z';
    expect((await verdictOf(stamped(signed(), { by: authority, time: late }))).time).toBe(
      'valid-at-trusted-time',
    );
    const vague = stamped(signed(), { by: authority, time: late, accuracy: [1, 1, 0] });
    const verdict = await verdictOf(vague);
    expect([verdict.time, verdict.trustedTime?.time]).toEqual([
      'expired',
      new Date('2025-12-31T23:59:59.001Z'),
    ]);
  });

  test('the earliest of several counts, and the caller’s time where it is earlier', async () => {
    const both = withTimestamps(signed(), (over) =>
      ['2026-01-05T00:00:00Z', inTime].map((time) => timestampToken({ by: authority, time, over })),
    );
    expect((await verdictOf(both)).trustedTime?.time).toEqual(new Date(inTime));
    const trustedTime = new Date('2025-01-01T00:00:00Z');
    expect((await verdictOf(both, { trustedTime })).trustedTime).toEqual({
      time: trustedTime,
      source: 'caller',
    });
    const later = await verdictOf(both, { trustedTime: new Date('2026-02-01T00:00:00Z') });
    expect(later.trustedTime).toEqual({ time: new Date(inTime), source: 'timestamp' });
  });

  test.each<[string, Uint8Array]>([
    ['the subject', directoryName(authority.subject)],
    ['the subject in other letters', directoryName(nameOf('TIME  STAMPING AUTHORITY'))],
    ['one of the other names', uri('https://tsa.example/')],
    ['one of the other names, a directory name', directoryName(nameOf('Clock'))],
  ])('names itself by %s of its certificate', async (_, tsa) => {
    const names = derSequence(uri('https://tsa.example/'), directoryName(nameOf('Clock')));
    const by = stampAuthority(root, { extensions: [stampingUsage(), extension('2.5.29.17', false, names)] });
    await expectStamp({ by, tsa }, 'trusted');
  });

  test('a claim to have signed later than the stamp is remarked on', async () => {
    const p7s = signed({
      attributes: ({ contentType, messageDigest, signingTime }) => [contentType, messageDigest, signingTime],
    });
    const { reasons } = await verdictOf(stamped(p7s, { by: authority, time: inTime }));
    expect(reasons.map(({ code }) => code)).toContain('signing-time-after-trusted-time');
  });
});

describe('a time stamp that does not count', () => {
  test.each<[string, Partial<TimestampSpec>, 'untrusted' | 'invalid', RegExp]>([
    ['over something else', { over: content }, 'invalid', /something else/],
    ['over a hash that is refused', { digest: 'sha1' }, 'invalid', /SHA1/],
    ['of a later time than that of verification', { time: '2026-03-01T00:00:01Z' }, 'invalid', /later than/],
    ['of another version', { version: 2 }, 'invalid', /version/],
    ['with a spoilt signature', { signer: { spoil: true } }, 'invalid', /signature-mismatch/],
    ['that does not name its certificate', { names: false }, 'invalid', /does not name/],
    [
      'with an unknown critical extension',
      { extensions: [ocspExtension('1.2.3.4', derNull(), true)] },
      'invalid',
      /1\.2\.3\.4/,
    ],
    [
      'that names another authority than its certificate does',
      { tsa: directoryName(nameOf('National Time Authority')) },
      'invalid',
      /names another authority/,
    ],
    [
      'that names itself in a way that its certificate does not',
      { tsa: uri('https://tsa.example/') },
      'invalid',
      /names another authority/,
    ],
    ['that is no TSTInfo', { change: { eContentType: '1.2.840.113549.1.7.1' } }, 'invalid', /no TSTInfo/],
    ['without its content', { change: { embed: false } }, 'invalid', /no TSTInfo/],
    ['without a signature', { change: { signers: [] } }, 'invalid', /0 signatures/],
    [
      'by an authority whose purpose is not critical',
      { by: stampAuthority(root, { extensions: [stampingUsage(false)] }) },
      'untrusted',
      /extended-key-usage/,
    ],
    [
      'by an authority with other purposes beside',
      { by: stampAuthority(root, { extensions: [stampingUsage(true, '1.3.6.1.5.5.7.3.4')] }) },
      'untrusted',
      /extended-key-usage/,
    ],
    ['by somebody who signs mail', { by: aliceWith() }, 'untrusted', /extended-key-usage/],
    [
      'by an authority that has expired',
      { by: stampAuthority(root, { notAfter: '2026-01-01T00:00:00Z' }) },
      'untrusted',
      /expired/,
    ],
    [
      'of before its authority was certified',
      { by: stampAuthority(root, { notBefore: '2025-07-01T00:00:00Z' }) },
      'untrusted',
      /untrusted/,
    ],
    ['by an authority that nobody trusts', { by: stampAuthority(otherRoot) }, 'untrusted', /issuer-missing/],
  ])('%s', async (_, spec, status, reason) => {
    await expectStamp(spec, status, reason);
  });

  test('what is no time stamp spoils nothing', async () => {
    for (const junk of [derNull(), derInteger(1), new Uint8Array(0)]) {
      const p7s = withTimestamps(signed(), () => (junk.length === 0 ? [] : [junk]));
      const verdict = await verdictOf(p7s, { trustedTime: new Date(inTime) });
      expect([verdict.time, verdict.trust, verdict.signature]).toEqual([
        'valid-at-trusted-time',
        'trusted',
        'valid',
      ]);
    }
  });

  test('no more than four are looked at', async () => {
    const many = withTimestamps(signed(), (over) => [
      ...Array.from({ length: 4 }, (_, i) =>
        timestampToken({ by: authority, time: `2026-01-0${i + 1}T00:00:00Z`, over }),
      ),
      timestampToken({ by: authority, time: inTime, over }),
    ]);
    // DER sorts the values of the attribute, so which are left out is chance; that there are no more is not.
    expect((await verdictOf(many)).timestamps.length).toBe(4);
  });

  test('a time stamp inside a time stamp is not looked at', async () => {
    const p7s = withTimestamps(signed(), (over) => {
      const token = timestampToken({
        by: stampAuthority(root, { notAfter: '2026-01-01T00:00:00Z' }),
        time: inTime,
        over,
      });
      return [stamped(token, { by: authority, time: inTime })];
    });
    expect((await verdictOf(p7s)).timestamps.map(({ status }) => status)).toEqual(['untrusted']);
  });
});

describe('a trusted time', () => {
  test('must be a moment that is not later than that of verification', async () => {
    for (const trustedTime of [
      new Date('2026-03-01T00:00:01Z'),
      new Date(Number.NaN),
      '2025-01-01' as unknown as Date,
    ]) {
      await expect(verdictOf(signed(), { trustedTime })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test('serves an expired certificate', async () => {
    const answers = async (time: string) => (await verdictOf(signed(), { trustedTime: new Date(time) })).time;
    expect(await answers('2025-12-31T23:59:59Z')).toBe('valid-at-trusted-time');
    expect(await answers('2026-01-01T00:00:00Z')).toBe('expired');
    expect(await answers('2023-12-31T23:59:59Z')).toBe('expired');
  });

  test('is not needed where the certificate is valid now', async () => {
    const by = issue({ name: 'Alice', key: testKey('p256', 'alice'), issuer: intermediate });
    const p7s = signedData({ content, signers: [{ by }], certificates: [by, intermediate] });
    const [verdict] = await verdicts(p7s, { content, trustedTime: now });
    expect(verdict!.time).toBe('valid');
    // Even one of before the certificate: who vouches for that errs, but the certificate is valid now.
    const [early] = await verdicts(p7s, { content, trustedTime: new Date('2019-01-01T00:00:00Z') });
    expect([early!.time, early!.trust]).toEqual(['valid', 'trusted']);
    expect(roots.length).toBe(1);
  });
});

describe('TSTInfo', () => {
  test('is read with all that is optional', () => {
    const info = parseTimestampInfo(
      tstInfo({
        time: inTime,
        over: content,
        accuracy: [2, 500, 1],
        extensions: [ocspExtension('1.2.3', derNull())],
      }),
    );
    expect(info).toMatchObject({ accuracy: 2501, ordering: false, nonce: undefined, tsa: undefined });
    expect(info.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([['1.2.3', false]]);
    const plain = parseTimestampInfo(tstInfo({ time: inTime, over: content }));
    expect([plain.accuracy, plain.extensions.length]).toEqual([0, 0]);
  });

  test('of a time stamp is its content', () => {
    const token = parseSignedData(timestampToken({ by: authority, time: inTime, over: content }));
    expect(parseTimestampInfo(token.content!).genTime).toEqual(new Date(inTime));
    expect(readBer(token.content!).children.length).toBe(5);
  });
});
