import { describe, expect, test } from 'vitest';
import { type FindPathOptions, findPath } from '../../../src/x509/find-path.js';
import { algorithmPolicyNow } from '../../../src/x509/path/algorithm-policy.js';
import { parseCrl } from '../../../src/x509/revocation/crl.js';
import { parseOcspResponse } from '../../../src/x509/revocation/ocsp-response.js';
import { ocspResponse } from '../../support/ocsp.js';
import { crlBy } from '../../support/revocation-scene.js';
import { alice, intermediate, now, roots } from '../../support/sign-scene.js';

const pool = [intermediate.certificate];
const fine: FindPathOptions = { roots, pool, at: now };
const crl = parseCrl(crlBy(intermediate));
const response = parseOcspResponse(
  ocspResponse({ answers: [{ about: alice, issuer: intermediate }], by: intermediate }),
);

/** What the caller's JavaScript may give whatever the types say. */
function given(options: unknown): ReturnType<typeof findPath> {
  return findPath(alice.certificate, options as FindPathOptions);
}

const never = new Date(Number.NaN);
const revocation = (more: object): object => ({ revocation: { crls: [crl], ...more } });
const rule = algorithmPolicyNow.weak;

describe('an option that is not what it must be is refused by name', () => {
  test.each<[string, object, RegExp]>([
    ['at', { at: never }, /`at` must be a valid Date/],
    ['at, a number', { at: now.getTime() }, /`at` must be a valid Date/],
    ['roots missing', { roots: undefined }, /`roots` must be an array of certificates/],
    ['roots, not in a list', { roots: roots[0] }, /`roots` must be an array of certificates/],
    [
      'roots, octets',
      { roots: [...roots, roots[0]!.bytes] },
      /`roots` must hold certificates, and item 1 is none/,
    ],
    ['pool', { pool: [crl] }, /`pool` must hold certificates, and item 0 is none/],
    ['pool null', { pool: null }, /`pool` must be an array of certificates/],
    [
      'maxSignatureChecks',
      { maxSignatureChecks: Number.NaN },
      /`maxSignatureChecks` must be a number of 0 or more, not NaN/,
    ],
    ['maxSignatureChecks below 0', { maxSignatureChecks: -1 }, /`maxSignatureChecks` .* not -1/],
    ['maxSignatureChecks, a text', { maxSignatureChecks: '64' }, /`maxSignatureChecks` .* not "64"/],
    ['signal', { signal: true }, /`signal` must be an object/],
    ['signal, of another kind', { signal: {} }, /`signal` must be an AbortSignal/],
    ['purpose', { purpose: 'sign-mail' }, /no purpose "sign-mail"/],
    ['purpose, a number', { purpose: 1 }, /no purpose 1 of/],
    ['findIssuers', { findIssuers: [] }, /`findIssuers` must be a function/],
    ['policies null', { policies: null }, /`policies` must be an object, not null/],
    [
      'acceptable policies',
      { policies: { acceptable: '2.5.29.32.0' } },
      /`policies.acceptable` must be an array of dotted OIDs/,
    ],
    [
      'an acceptable policy',
      { policies: { acceptable: ['anyPolicy'] } },
      /`policies.acceptable` must hold dotted OIDs, and item 0/,
    ],
    [
      'a switch of policies',
      { policies: { requireExplicit: 'no' } },
      /`policies.requireExplicit` must be true or false/,
    ],
    ['algorithms empty', { algorithms: {} }, /`algorithms.refused` must be an object/],
    [
      'algorithms without digests',
      { algorithms: { refused: {}, weak: rule } },
      /`algorithms.refused.digests`/,
    ],
    [
      'algorithms without bits',
      { algorithms: { refused: rule, weak: { ...rule, rsaBits: undefined } } },
      /`algorithms.weak.rsaBits` must be/,
    ],
    [
      'algorithms with NaN',
      { algorithms: { weak: rule, refused: { ...rule, dsaBits: Number.NaN } } },
      /`algorithms.refused.dsaBits` .* not NaN/,
    ],
    ['revocation null', { revocation: null }, /`revocation` must be an object, not null/],
    ['revocation, a mode alone', { revocation: 'require' }, /`revocation` must be an object, not "require"/],
    [
      'revocation.mode',
      revocation({ mode: 'required' }),
      /`revocation.mode` must be 'require', 'check' or 'off', not "required"/,
    ],
    ['revocation.at', revocation({ at: never }), /`revocation.at` must be a valid Date/],
    ['revocation.at null', revocation({ at: null }), /`revocation.at` must be a valid Date/],
    [
      'revocation.maxAge',
      revocation({ maxAge: Number.NaN }),
      /`revocation.maxAge` must be a number of 0 or more/,
    ],
    [
      'revocation.crls',
      { revocation: { crls: [crl, crlBy(intermediate)] } },
      /`revocation.crls` must hold CRLs .* item 1 is none/,
    ],
    [
      'revocation.crls, not in a list',
      { revocation: { crls: crl } },
      /`revocation.crls` must be an array of CRLs/,
    ],
    [
      'revocation.carriedCrls',
      { revocation: { carriedCrls: [response] } },
      /`revocation.carriedCrls` must hold CRLs/,
    ],
    [
      'revocation.ocspResponses',
      { revocation: { ocspResponses: [crl] } },
      /`revocation.ocspResponses` must hold responses/,
    ],
    [
      'revocation.carriedOcspResponses',
      { revocation: { carriedOcspResponses: [new Uint8Array()] } },
      /`revocation.carriedOcspResponses` must hold responses/,
    ],
    [
      'revocation.ocspNonce',
      revocation({ ocspNonce: 'nonce' }),
      /`revocation.ocspNonce` must be a Uint8Array/,
    ],
    ['revocation.resolve', revocation({ resolve: {} }), /`revocation.resolve` must be a function/],
  ])('%s', async (_, more, message) => {
    await expect(given({ ...fine, ...more })).rejects.toMatchObject({
      name: 'MailsealError',
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });

  test('no options, and no certificate', async () => {
    const usage = { name: 'MailsealError', code: 'usage' };
    await expect(given(undefined)).rejects.toMatchObject(usage);
    await expect(findPath(alice.der as never, fine)).rejects.toMatchObject(usage);
  });

  test('what findIssuers gives', async () => {
    const findIssuers = async () => [intermediate.der] as never;
    await expect(given({ roots, at: now, findIssuers })).rejects.toMatchObject({ code: 'usage' });
  });
});

test('options that are what they must be are taken', async () => {
  const path = await findPath(alice.certificate, {
    ...fine,
    maxSignatureChecks: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    policies: { acceptable: ['2.5.29.32.0'], requireExplicit: false },
    algorithms: algorithmPolicyNow,
    revocation: {
      mode: 'check',
      at: now,
      crls: [crl],
      carriedCrls: [],
      ocspResponses: [response],
      carriedOcspResponses: [response],
      maxAge: Number.POSITIVE_INFINITY,
      resolve: async () => undefined,
    },
  });
  expect(path.problems).toEqual([]);
});
