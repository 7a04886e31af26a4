import { describe, expect, test } from 'vitest';
import { asBytes } from '../../src/core/bytes.js';
import { canonicalDigest, createCanonicalDigest } from '../../src/crypto/digests/canonical-digest.js';
import { createDigest, digest } from '../../src/crypto/digests/digest.js';
import { hmac } from '../../src/crypto/digests/hmac.js';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { canonicalLineEnds, LineEndCanonicalizer } from '../../src/encoding/line-ends.js';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { decodeMimeBase64 } from '../../src/encoding/mime-base64-decoder.js';
import { decodeQuotedPrintable } from '../../src/encoding/quoted-printable.js';
import { encodeQuotedPrintable } from '../../src/encoding/quoted-printable-encoder.js';

/** Octets whose memory was given to another thread. */
function detached(): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(100);
  structuredClone(octets.buffer, { transfer: [octets.buffer] });
  return octets;
}

const usage = expect.objectContaining({ code: 'usage', message: expect.stringContaining('detached') });

const calls: Readonly<Record<string, (octets: Uint8Array) => unknown>> = {
  asBytes,
  'asBytes of a Buffer': () => {
    const octets = Buffer.alloc(10_000);
    structuredClone(octets.buffer, { transfer: [octets.buffer] });
    return asBytes(octets);
  },
  digest: (octets) => digest('sha256', octets),
  'digest, typescript': (octets) => digest('sha256', octets, { engine: 'typescript' }),
  'digest in pieces': (octets) => createDigest('sha1', { engine: 'typescript' }).update(octets),
  canonicalDigest: (octets) => canonicalDigest('sha256', octets),
  'canonical digests': (octets) => createCanonicalDigest(['sha256']).update(octets),
  encodeBase64,
  decodeBase64,
  encodeHex,
  encodeMimeBase64,
  decodeMimeBase64,
  encodeQuotedPrintable,
  decodeQuotedPrintable,
  canonicalLineEnds,
  'line ends in pieces': (octets) => new LineEndCanonicalizer().update(octets),
  'output for base64': (output) => encodeMimeBase64(new Uint8Array(0), { output }),
  'output for what was base64': (output) => decodeBase64('', { output }),
};

describe('octets that are detached', () => {
  test.each(Object.keys(calls))('are refused as a mistake of the caller: %s', (name) => {
    expect(() => calls[name]!(detached())).toThrow(usage);
  });

  test('so they are where it takes a promise', async () => {
    await expect(hmac('sha256', new Uint8Array(32), detached())).rejects.toMatchObject({ code: 'usage' });
  });

  test('no octets at all are something else', () => {
    for (const empty of [new Uint8Array(0), new Uint8Array(new ArrayBuffer(8), 8), Buffer.alloc(0)]) {
      expect(asBytes(empty).length).toBe(0);
      expect(encodeHex(digest('sha1', empty))).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
      expect(canonicalLineEnds(empty).length).toBe(0);
    }
  });
});
