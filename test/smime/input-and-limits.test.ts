import nodeCrypto from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { type VerifyMessageOptions, verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { expectLinearAsync } from '../support/linear-time.js';
import { issue, testKey } from '../support/pki.js';
import { type SignerSpec, signedData } from '../support/sign.js';
import {
  base64Lines,
  type DetachedSpec,
  detachedEntity,
  detachedMessage,
  multipart,
  octets,
  opaqueMessage,
  signedField,
  textEntity,
  usualHeader,
} from '../support/sign-message.js';
import {
  alice,
  aliceMessage,
  aliceWith,
  answersOf,
  expectAnswers,
  intermediate,
  mallory,
  now,
  oneSeal,
  roots,
  seal,
  signedBy,
  signer,
} from '../support/sign-scene.js';

const entity = textEntity();
const options: VerifyMessageOptions = { roots, at: now };
const header = `${usualHeader}MIME-Version: 1.0\r\n`;

describe('how octets may come', () => {
  test('as a Buffer, a view into a larger one, and shared memory', async () => {
    const message = aliceMessage();
    const wanted = oneSeal();
    await expectAnswers(Buffer.from(message), wanted);
    const larger = new Uint8Array(message.length + 20).fill(0x58);
    larger.set(message, 10);
    await expectAnswers(larger.subarray(10, 10 + message.length), wanted);
    const shared = new Uint8Array(new SharedArrayBuffer(message.length));
    shared.set(message);
    await expectAnswers(shared, wanted);
  });

  test('what is changed in shared memory after the call is of no consequence', async () => {
    const message = aliceMessage();
    const shared = new Uint8Array(new SharedArrayBuffer(message.length));
    shared.set(message);
    const pending = verifyMessage(shared, options);
    shared.fill(0x58);
    const report = await pending;
    expect(answersOf(report)).toEqual(oneSeal());
    expect(Buffer.from(report.seals[0]!.content!).equals(entity)).toBe(true);
    expect(report.seals[0]!.content!.buffer).toBeInstanceOf(ArrayBuffer);
  });

  test('a string, an ArrayBuffer or nothing is the caller’s fault', async () => {
    for (const wrong of ['From: a', new ArrayBuffer(3), undefined, null, [70]]) {
      const call = verifyMessage(wrong as unknown as Uint8Array, options);
      await expect(call).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test('an empty message is not signed', async () => {
    const unsigned = { verified: false, reasons: ['unsigned'], seals: [] };
    await expectAnswers(new Uint8Array(), unsigned);
    await expectAnswers(octets('\r\n'), unsigned);
    await expectAnswers(octets(`${usualHeader}\r\ntext\r\n`), unsigned);
  });
});

describe('limits', () => {
  const withSigners = (count: number): Uint8Array => {
    const signers = Array.from({ length: count }, () => ({ by: alice }));
    const p7s = signedData({ content: entity, signers, certificates: [alice, intermediate] });
    return detachedMessage(entity, p7s);
  };
  const unreadable = {
    verified: false,
    reasons: ['signer-not-verified'],
    seals: [seal({ signers: [], reasons: ['signature-unreadable'] })],
  };

  test('signers: a seal with too many is not read', async () => {
    await expectAnswers(
      withSigners(3),
      { verified: true, reasons: [], seals: [seal({ signers: [signer(), signer(), signer()] })] },
      { limits: { signers: 3 } },
    );
    const report = await expectAnswers(withSigners(4), unreadable, { limits: { signers: 3 } });
    expect(report.seals[0]!.error?.code).toBe('limit-signers');
  });

  test('certificates: likewise', async () => {
    await expectAnswers(aliceMessage(), oneSeal(), { limits: { certificates: 2 } });
    const report = await expectAnswers(aliceMessage(), unreadable, { limits: { certificates: 1 } });
    expect(report.seals[0]!.error?.code).toBe('limit-certificates');
  });

  test('depth and nodes of the CMS: likewise', async () => {
    const shallow = await expectAnswers(aliceMessage(), unreadable, { limits: { depth: 3 } });
    expect(shallow.seals[0]!.error?.code).toBe('limit-depth');
    const few = await expectAnswers(aliceMessage(), unreadable, { limits: { nodes: 10 } });
    expect(few.seals[0]!.error?.code).toBe('limit-nodes');
  });

  test('seals: more than so many in one message are an error', async () => {
    const part = detachedEntity(entity, signedBy(alice, entity));
    const message = (count: number): Uint8Array =>
      multipart('mixed', Array<Uint8Array>(count).fill(part), header);
    expect((await verifyMessage(message(3), { ...options, limits: { seals: 3 } })).seals.length).toBe(3);
    await expect(verifyMessage(message(4), { ...options, limits: { seals: 3 } })).rejects.toMatchObject({
      code: 'limit-seals',
    });
    await expect(verifyMessage(message(101), options)).rejects.toMatchObject({ code: 'limit-seals' });
  });

  test('other CMS parts count as well', async () => {
    const part = octets('Content-Type: application/pkcs7-mime\r\n\r\nMA==');
    const message = (count: number): Uint8Array =>
      multipart('mixed', Array<Uint8Array>(count).fill(part), header);
    expect((await verifyMessage(message(100), options)).others.length).toBe(100);
    await expect(verifyMessage(message(101), options)).rejects.toMatchObject({ code: 'limit-seals' });
  });

  test('layers: opaque seals inside one another', async () => {
    const layered = (count: number): Uint8Array => {
      let inner: Uint8Array = entity;
      for (let layer = 1; layer < count; layer++) inner = concatBytes([octets(opaquePart(inner))]);
      const p7m = signedData({
        content: inner,
        embed: true,
        signers: [{ by: alice }],
        certificates: [alice, intermediate],
      });
      return opaqueMessage(p7m);
    };
    const opaquePart = (inner: Uint8Array): string => {
      const p7m = signedData({
        content: inner,
        embed: true,
        signers: [{ by: alice }],
        certificates: [alice, intermediate],
      });
      return `Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7m)}\r\n`;
    };
    const report = await verifyMessage(layered(8), options);
    expect([report.verified, report.seals.length]).toEqual([true, 8]);
    expect(report.seals.at(-1)!.part).toBe('///////');
    await expect(verifyMessage(layered(9), options)).rejects.toMatchObject({ code: 'limit-depth' });
    await expect(verifyMessage(layered(3), { ...options, limits: { layers: 2 } })).rejects.toMatchObject({
      code: 'limit-depth',
    });
  });

  test('hundreds of certificates that all name the signer or one another end', async () => {
    const crowd = Array.from({ length: 400 }, (_, n) =>
      issue({
        name: 'Test Intermediate',
        key: testKey('p256', 'crowd'),
        issuerName: intermediate.subject,
        serial: 5,
        ca: true,
        subjectKeyIdentifier: alice.subjectKeyIdentifier,
        authorityKeyIdentifier: alice.subjectKeyIdentifier,
        notAfter: new Date(Date.UTC(2030, 0, 1 + n)).toISOString(),
      }),
    );
    const by = aliceWith({ serial: 5 });
    const p7s = signedData({
      content: entity,
      signers: [{ by }],
      certificates: [...crowd, by, intermediate],
    });
    const report = await verifyMessage(detachedMessage(entity, p7s), options);
    expect(report.verified).toBe(false);
    expect(report.seals[0]!.signers.length).toBe(1);
  });
});

describe('the work that a hostile signature can make', () => {
  test('many signers with many certificates of one key, each with many issuers', async () => {
    const key = testKey('p256', 'crowd');
    const identifier = octets('one for all');
    const issuers = Array.from({ length: 70 }, (_, n) =>
      issue({
        name: `Authority ${n}`,
        subject: intermediate.subject,
        // A key of its own: what one key was tried for is not tried again.
        key: testKey('p256', `crowd ${n}`),
        ca: true,
        authorityKeyIdentifier: null,
      }),
    );
    const leaves = Array.from({ length: 16 }, (_, n) =>
      issue({
        name: `Leaf ${n}`,
        key,
        issuer: issuers.at(-1)!,
        subjectKeyIdentifier: identifier,
        authorityKeyIdentifier: null,
      }),
    );
    const message = (signers: number): Uint8Array =>
      detachedMessage(
        entity,
        signedData({
          content: entity,
          signers: Array.from({ length: signers }, () => ({
            by: leaves[0]!,
            sid: 'subjectKeyIdentifier' as const,
          })),
          certificates: [...leaves, ...issuers],
        }),
      );
    const checks = vi.spyOn(nodeCrypto, 'verify');
    try {
      for (const signers of [1, 8]) {
        checks.mockClear();
        const report = await verifyMessage(message(signers), options);
        expect(report.seals[0]!.signers.every(({ trust }) => trust === 'untrusted')).toBe(true);
        // For each signer 16 candidates, and two searches of 64 checks and 16 more in all.
        expect(checks.mock.calls.length).toBeGreaterThan(16);
        expect(checks.mock.calls.length).toBeLessThanOrEqual(signers * 16 + (2 * signers + 16) * 64);
      }
    } finally {
      checks.mockRestore();
    }
  });
});

describe('headers made to keep a verifier busy', () => {
  const long = (size: number): string => '\r\n\t'.padEnd(80, ' ').repeat(Math.ceil(size / 80));
  test.each<[string, (size: number) => DetachedSpec]>([
    ['a boundary with many blanks', (size) => ({ contentTypeField: signedField(`b1"; x="${long(size)}`) })],
    [
      'many boundaries',
      (size) => ({ contentTypeField: `${signedField().trimEnd()}${';\r\n boundary'.repeat(size / 12)}\r\n` }),
    ],
    [
      'many semicolons',
      (size) => ({ contentTypeField: `${signedField().trimEnd()}${`;${long(80)}`.repeat(size / 80)}\r\n` }),
    ],
    [
      'a From of many words',
      (size) => ({
        header: `From: ${Array.from({ length: size / 8 }, (_, i) => `a${i}@b`).join(' ')} <alice@example.jp>\r\n`,
      }),
    ],
    ['a From of one long word', (size) => ({ header: `From: ${'a'.repeat(size)}@@ <alice@example.jp>\r\n` })],
    ['a From of many at signs', (size) => ({ header: `From: ${'@'.repeat(size)} <alice@example.jp>\r\n` })],
    [
      'many lines that begin like a delimiter',
      (size) => ({ preamble: '--b'.concat('\r\n--b'.repeat(size / 5)) }),
    ],
  ])('%s', async (_, spec) => {
    // What takes 200 ms for 400 kB is no attack.
    await expectLinearAsync((size) => {
      const message = aliceMessage(spec(size));
      return () => verifyMessage(message, options);
    }, 100_000);
  });
});

describe('several signers of one message', () => {
  const signedByAll = (...signers: SignerSpec[]): Uint8Array => {
    const certificates = [...signers.map(({ by }) => by), intermediate];
    return detachedMessage(entity, signedData({ content: entity, signers, certificates }));
  };
  const rsa = aliceWith({ key: testKey('rsa') });

  test('two keys of one sender', async () => {
    await expectAnswers(signedByAll({ by: alice }, { by: rsa, digest: 'sha512' }), {
      verified: true,
      reasons: [],
      seals: [seal({ signers: [signer(), signer()] })],
    });
  });

  test('another signer beside the sender counts unless the caller says otherwise', async () => {
    const message = signedByAll({ by: alice }, { by: mallory });
    const report = await verifyMessage(message, options);
    expect([report.verified, report.reasons[0]!.code]).toEqual([false, 'signer-not-verified']);
    expect(report.seals[0]!.signers.map(({ identity }) => identity).toSorted()).toEqual([
      'match',
      'mismatch',
    ]);
    expect((await verifyMessage(message, { ...options, signers: 'any' })).verified).toBe(true);
  });

  test('for a caller who wants any of them, a bad signature beside a good one breaks nothing', async () => {
    for (const bad of [
      { by: mallory, spoil: true },
      { by: mallory, announcedSignature: octets('\x30\x05\x06\x03\x2a\x03\x04') },
    ]) {
      const message = signedByAll({ by: alice }, bad);
      expect((await verifyMessage(message, options)).verified).toBe(false);
      expect((await verifyMessage(message, { ...options, signers: 'any' })).verified).toBe(true);
    }
  });

  test('but one good signer must be all of: trusted, in time, and the sender', async () => {
    // Mallory's signature is good, and Alice's is not: each has something that the other lacks.
    const message = signedByAll({ by: mallory }, { by: alice, spoil: true });
    expect((await verifyMessage(message, { ...options, signers: 'any' })).verified).toBe(false);
  });
});

describe('damage', () => {
  test('a message cut anywhere, or with any octet flipped, is an error with a code or a report', async () => {
    const message = aliceMessage();
    let reports = 0;
    for (let at = 0; at < message.length; at += 7) {
      const flipped = Uint8Array.from(message);
      flipped[at]! ^= 1 << (at & 7);
      for (const damaged of [flipped, message.subarray(0, at)]) {
        const report = await verifyMessage(damaged, options).catch((error: unknown) => {
          expect(error).toBeInstanceOf(MailsealError);
          return undefined;
        });
        if (report === undefined) continue;
        reports++;
        // What is verified is what Alice signed.
        if (report.verified) expect(Buffer.from(report.seals[0]!.content!).equals(entity)).toBe(true);
      }
    }
    expect(reports).toBe(2 * Math.ceil(message.length / 7));
  });

  test('so is a signature in a file of its own', async () => {
    const p7s = signedBy(alice, entity);
    let verified = 0;
    for (let at = 0; at < p7s.length; at += 5) {
      const flipped = Uint8Array.from(p7s);
      flipped[at]! ^= 0x04;
      const found = await verifySignatureFile(flipped, {
        ...options,
        content: entity,
        address: 'alice@example.jp',
      }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(MailsealError);
        return undefined;
      });
      if (found?.verified === true) verified++;
    }
    expect(verified).toBeLessThan(10);
  });
});
