import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MailsealError } from '../../../src/core/errors.js';
import { createDigest, type DigestName, digest, digestLength } from '../../../src/crypto/digests/digest.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { digestNames, engines, octetsOf } from '../support.js';

/** Of the empty message, from FIPS 180-4, FIPS 202 and RFC 1321's own examples as OpenSSL prints them. */
const ofNothing: Partial<Record<DigestName, string>> = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha224: 'd14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  shake128: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
};

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as MailsealError).code;
  }
  return undefined;
}

describe.each(engines)('digests, engine %s', (engine) => {
  test.each(Object.entries(ofNothing))('%s of nothing', (name, hex) => {
    expect(encodeHex(digest(name as DigestName, new Uint8Array(0), { engine }))).toBe(hex);
  });

  test.each(digestNames)('%s in pieces is %s whole, and what OpenSSL says', (name) => {
    const octets = octetsOf(5000);
    const running = createDigest(name, { engine });
    expect(running.name).toBe(name);
    for (let at = 0; at < octets.length; at += 77) running.update(octets.subarray(at, at + 77));
    const inPieces = running.finish();
    const options = name.startsWith('shake') ? { outputLength: digestLength(name) } : {};
    const peer = createHash(name, options).update(octets).digest('hex');
    expect(encodeHex(inPieces)).toBe(peer);
    expect(encodeHex(digest(name, octets, { engine }))).toBe(peer);
    expect(inPieces.length).toBe(digestLength(name));
  });

  test('the result is a plain Uint8Array, also of a Buffer', () => {
    const result = digest('sha256', Buffer.from('abc'), { engine });
    expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype);
    expect(encodeHex(result)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('a finished digest is not used again', () => {
    const running = createDigest('sha1', { engine });
    running.finish();
    expect(codeOf(() => running.finish())).toBe('usage');
    expect(codeOf(() => running.update(new Uint8Array(1)))).toBe('usage');
  });
});

test('unknown names and engines are the caller’s fault', () => {
  expect(codeOf(() => digest('sha0' as DigestName, new Uint8Array(0)))).toBe('usage');
  expect(codeOf(() => digest('toString' as DigestName, new Uint8Array(0)))).toBe('usage');
  expect(codeOf(() => createDigest('' as DigestName))).toBe('usage');
  expect(codeOf(() => digest('sha1', new Uint8Array(0), { engine: 'fast' as 'auto' }))).toBe('usage');
  expect(codeOf(() => digest('sha1', 'abc' as unknown as Uint8Array))).toBe('usage');
});
