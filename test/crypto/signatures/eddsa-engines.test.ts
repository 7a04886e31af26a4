import { ed448 } from '@noble/curves/ed448.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { expect, test } from 'vitest';
import { concatBytes } from '../../../src/core/bytes.js';
import { integerFromBytesReversed } from '../../../src/crypto/big-integer.js';
import { verifySignature } from '../../../src/crypto/signatures/verify.js';
import { decodeHex } from '../../../src/encoding/hex.js';
import { engines, octetsOf, plain } from '../support.js';

const schemes = {
  ed25519: {
    Point: ed25519.Point,
    torsion: ed25519.Point.fromBytes(
      decodeHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
    ),
    challenge: (input: Uint8Array) => sha512(input),
  },
  ed448: {
    Point: ed448.Point,
    torsion: ed448.Point.fromAffine({ x: 1n, y: 0n }),
    // RFC 8032 §5.2: dom4 with no context.
    challenge: (input: Uint8Array) =>
      shake256(concatBytes([new TextEncoder().encode('SigEd448'), new Uint8Array(2), input]), { dkLen: 114 }),
  },
} as const;

// Here an equation with the cofactor and one without it part: native and TypeScript code must use the same.
test.each(['ed25519', 'ed448'] as const)('%s: a key with a part of small order', async (name) => {
  const { Point, torsion, challenge } = schemes[name];
  const secret = 123_456_789n;
  const nonce = 987_654_321n;
  const key = plain(Point.BASE.multiply(secret).add(torsion).toBytes());
  const r = plain(Point.BASE.multiply(nonce).toBytes());
  const accepted: number[] = [];
  for (let i = 0; i < 40; i++) {
    const data = octetsOf(i);
    const k = Point.Fn.create(integerFromBytesReversed(challenge(concatBytes([r, key, data]))));
    const s = Point.Fn.create(nonce + k * secret);
    const tail = new Uint8Array(key.length);
    for (let at = 0, left = s; left > 0n; at++, left >>= 8n) tail[at] = Number(left & 255n);
    const options = { algorithm: { name }, signature: concatBytes([r, tail]), data } as const;
    const answers = await Promise.all(
      engines.map((engine) => verifySignature({ ...options, publicKey: { kind: name, key }, engine })),
    );
    expect(new Set(answers).size).toBe(1);
    accepted.push(Number(answers[0]));
  }
  const count = accepted.reduce((sum, one) => sum + one, 0);
  if (name === 'ed25519') {
    // Without the cofactor only a challenge that is a multiple of eight fits.
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(20);
  } else expect(count).toBe(40);
});
