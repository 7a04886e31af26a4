import { describe, expect, test } from 'vitest';
import { type Bytes, concatBytes } from '../../../src/core/bytes.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { MessageVerifier } from '../../../src/smime/stream/message-verifier.js';
import type { ContentEvent } from '../../../src/smime/stream/passed-message.js';
import { changesToEach, randomlyChanged } from '../../support/changed-messages.js';
import { overwrittenChunks, seededLengths } from '../../support/cms-objects.js';
import { atOnce, expectSame, inPieces, verified } from '../../support/passed-reports.js';
import { signedData } from '../../support/sign.js';
import {
  attachedMessage,
  detachedEntity,
  detachedMessage,
  multipart,
  octets,
  opaqueMessage,
  replaced,
  textEntity,
  toLf,
  usualHeader,
} from '../../support/sign-message.js';
import { alice, aliceMessage, intermediate, now, roots, signedBy } from '../../support/sign-scene.js';

const policy = { roots, at: now };
const single = (): number => 1;

function opaque(entity: Uint8Array): Bytes {
  return signedData({
    signers: [{ by: alice }],
    certificates: [alice, intermediate],
    content: entity,
    embed: true,
  });
}

function cmsPart(p7m: Uint8Array): Bytes {
  return opaqueMessage(p7m, { header: '' });
}

const nested = (() => {
  const inner = cmsPart(opaque(textEntity('inside')));
  return detachedMessage(inner, signedBy(alice, inner));
})();

const pem = (label: string, cms: Uint8Array): Bytes => octets(encodePem(label, cms));

const longEntity = textEntity(`${'A line of text.\r\n'.repeat(200)}--b1 is no delimiter here\r\n`);

/** Messages of all forms, by name. */
const messages: Readonly<Record<string, Bytes>> = {
  detached: aliceMessage() as Bytes,
  opaque: opaqueMessage(opaque(textEntity('Two at nine.'))),
  'opaque in binary': concatBytes([
    octets(
      `${usualHeader}Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: binary\r\n\r\n`,
    ),
    opaque(longEntity),
  ]),
  nested,
  'opaque in PEM': opaqueMessage(pem('CMS', opaque(longEntity))),
  'a signature in PEM': detachedMessage(longEntity, pem('PKCS7', signedBy(alice, longEntity))),
  'a line that begins with the boundary': detachedMessage(longEntity, signedBy(alice, longEntity)),
  'a line that begins with the boundary after CR alone': (() => {
    const entity = textEntity('one\r--b1x');
    return detachedMessage(entity, signedBy(alice, entity));
  })(),
  'such a line in the preamble': aliceMessage({ preamble: '--b1y\r\n' }) as Bytes,
  'such a line in the epilogue': aliceMessage({ epilogue: 'z\r\n--b1y\r\n' }) as Bytes,
  'line ends LF': toLf(aliceMessage()),
  'signed in mixed': multipart(
    'mixed',
    [
      textEntity('first'),
      detachedEntity(longEntity, signedBy(alice, longEntity)),
      cmsPart(opaque(longEntity)),
    ],
    usualHeader,
  ),
  'a boundary in another script': replaced(
    aliceMessage(),
    'boundary="b1"',
    "boundary*=utf-8''%E6%97%A5%E6%9C%AC",
  ),
  attached: attachedMessage(aliceMessage(), usualHeader),
  'binary with bare LF': (() => {
    const entity = octets('Content-Transfer-Encoding: binary\r\n\r\na\nb\r\nc\rd');
    return detachedMessage(entity, signedBy(alice, entity));
  })(),
  'altered content': replaced(
    detachedMessage(longEntity, signedBy(alice, longEntity)),
    'A line of',
    'A file of',
  ),
  'another subtype': replaced(aliceMessage(), 'multipart/signed', 'multipart/mixed'),
  alternatives: replaced(aliceMessage(), 'multipart/signed', 'multipart/alternative'),
  'no close delimiter': replaced(aliceMessage(), '--b1--', ''),
  'a digest': multipart('digest', [octets('\r\nFrom: a@b.example\r\n\r\nx'), aliceMessage()], usualHeader),
};

describe('the report of verifyMessage', () => {
  test.each(Object.keys(messages))('%s', async (name) => {
    const message = messages[name]!;
    const wanted = await atOnce(message, policy);
    // Of content that was left out by a multipart that is not shown alike everywhere, nothing is hashed.
    const keep = name === 'alternatives' ? [5000] : [0, 5000];
    for (const kept of keep) {
      for (const length of [single, seededLengths(kept + 3), () => message.length]) {
        expectSame(await inPieces(overwrittenChunks(message, length), policy, { kept }), wanted);
      }
    }
  });

  test('random changes to each, in random chunks', async () => {
    let ran = 0;
    for (const { changed, chunks } of randomlyChanged(messages, 11)) {
      const wanted = await atOnce(changed, policy);
      const found = await inPieces(chunks, policy, { kept: 300 });
      expectSame(found, wanted, Buffer.from(changed).toString('latin1'));
      ran++;
    }
    expect(ran).toBe(changesToEach * Object.keys(messages).length);
  }, 60_000);
});

test('content is told as it comes, and the same at any split', async () => {
  const content = textEntity('x'.repeat(5000));
  const message = opaqueMessage(opaque(content));
  for (const length of [single, seededLengths(9), () => message.length]) {
    const verifier = new MessageVerifier({ ...policy, limits: { kept: 0 } });
    const told: Bytes[] = [];
    const others: ContentEvent[] = [];
    const take = (events: readonly ContentEvent[]): void => {
      for (const event of events) {
        if (event.type === 'content') told.push(event.octets.slice());
        else others.push(event);
      }
    };
    for (const chunk of overwrittenChunks(message, length)) take(await verifier.push(chunk));
    const { events, report, leftOut } = await verifier.end();
    take(events);
    expect(concatBytes(told)).toEqual(content);
    expect(others).toEqual([{ type: 'content-end', part: '' }]);
    expect(report.verified).toBe(true);
    expect([...leftOut].map((part) => part.path)).toEqual(['', '']);
  }
});

test('of 64 MB nothing is kept but what it is judged by', async () => {
  const header = octets('Content-Type: text/plain\r\n\r\n');
  const piece = octets('0123456789 abcdefghijklmnopqrstuvwxyz\n'.repeat(1724));
  const pieces = 1000;
  const entity = concatBytes([header, ...Array.from({ length: pieces }, () => piece)]);
  // RFC 8551 §3.1.1: signed over CRLF, sent with LF.
  const message = toLf(detachedMessage(octets('@@'), signedBy(alice, crlf(entity))));
  const at = Buffer.from(message).indexOf('@@');
  const verifier = new MessageVerifier(policy);
  await verifier.push(message.subarray(0, at));
  await verifier.push(header);
  for (let i = 0; i < pieces; i++) await verifier.push(piece);
  await verifier.push(message.subarray(at + 2));
  const { report, leftOut } = await verifier.end();
  expect(report.verified).toBe(true);
  expect(report.message.source.buffer.byteLength).toBeLessThan(20_000);
  expect([...leftOut].map((part) => part.path)).toEqual(['', '1']);
}, 60_000);

function crlf(entity: Bytes): Bytes {
  return octets(Buffer.from(entity).toString('latin1').replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
}

test('a digest that micalg does not tell of wants a second pass', async () => {
  const entity = textEntity();
  const message = detachedMessage(entity, signedBy(alice, entity, { digest: 'sha384' }), { micalg: 'sha1' });
  const kept = await verified([message], policy);
  expect(kept.report.verified).toBe(true);
  const { report } = await verified([message], { ...policy, limits: { kept: 0, gathered: 10 } });
  expect(report.verified).toBe(false);
  const [signer] = report.seals[0]!.signers;
  expect(signer?.content).toBe('missing');
  expect(signer?.reasons.map(({ code }) => code)).toContain('needs-second-pass');
});

test('a push waits for the last, and there is none after the end', async () => {
  const verifier = new MessageVerifier(policy);
  const first = verifier.push(octets('From: '));
  await expect(verifier.push(octets('a'))).rejects.toMatchObject({ code: 'usage' });
  await first;
  await verifier.end();
  await expect(verifier.push(octets('a'))).rejects.toMatchObject({ code: 'usage' });
  await expect(verifier.end()).rejects.toMatchObject({ code: 'usage' });
});

test('limits are those of verifyMessage', async () => {
  const many = multipart(
    'mixed',
    Array.from({ length: 5 }, () => cmsPart(opaque(textEntity()))),
    usualHeader,
  );
  await expect(verified([many], { ...policy, limits: { seals: 3, kept: 0 } })).rejects.toMatchObject({
    code: 'limit-seals',
  });
  await expect(verified([many], { ...policy, limits: { mime: { parts: 3 } } })).rejects.toMatchObject({
    code: 'limit-parts',
  });
  await expect(
    verified([many], { ...policy, limits: { kept: 0, structureOctets: 100 } }),
  ).rejects.toMatchObject({ code: 'limit-octets' });
});
