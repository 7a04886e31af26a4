import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { derNull } from '../../src/asn1/writer.js';
import { smimeCapabilitiesAttribute } from '../../src/cms/attributes.js';
import { addSigners } from '../../src/cms/sign/add-signers.js';
import { counterSign } from '../../src/cms/sign/counter-sign.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { ownSmimeCapabilities } from '../../src/cms/smime-capabilities.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { encodePem } from '../../src/encoding/pem.js';
import type { Peer } from '../support/peers/peer.js';
import { finish } from '../support/peers/peer.js';
import { describePeers, type PeerName } from '../support/peers/peers.js';
import { makePeople, type People, type Person } from '../support/peers/people.js';
import { describeProgram } from '../support/programs.js';
import { content } from './sealing/content.js';

let people: People;
beforeAll(async () => {
  people = await makePeople();
});

function keyOf({ certificate, privateKey }: Person): SigningKey {
  return { certificate, privateKey, chain: [people.authority], signingTime: new Date() };
}

/** The answers on each signer, and on those who counter-signed. */
async function answers(p7: Uint8Array): Promise<string[]> {
  const verdicts = await verifySignedData(parseSignedData(p7), { roots: [people.root], at: new Date() });
  return [...verdicts, ...verdicts.flatMap(({ counterSignatures }) => counterSignatures)].map(
    ({ content, signature, trust }) => `${content} ${signature} ${trust}`,
  );
}

const good = 'intact valid trusted';
/** Who signs so that we can add to it, and verifies all signers that there are; node-forge verifies none. */
const verifiers: readonly PeerName[] = ['OpenSSL', 'GnuPG', 'NSS', 'pkijs'];

describePeers((name, open) => {
  if (!verifiers.includes(name)) {
    test('verifies no signatures, so adding to its own is only read here', async () => {
      const peer = await open(people);
      const theirs = await peer.sign({ content, signers: [people.rsa], digest: 'sha256' });
      const both = await counterSign(await addSigners(theirs, { signers: [keyOf(people.p256)] }), {
        signers: [keyOf(people.rsa2)],
        of: 0,
      });
      expect(await answers(both)).toEqual([good, good, good]);
      peer.close();
    });
    return;
  }
  let peer: Peer;
  let theirs: Uint8Array;
  beforeAll(async () => {
    peer = await open(people);
    theirs = await peer.sign({ content, signers: [people.rsa], digest: 'sha256' });
    return () => peer.close();
  });

  test('reads its own signature with ours beside it', async () => {
    for (const other of [people.rsa2, people.p256]) {
      const both = await addSigners(theirs, { signers: [keyOf(other)] });
      expect(await answers(both)).toEqual([good, good]);
      expect(await peer.verify(both)).toEqual(content);
    }
  });

  test('reads its own signature with our counter-signature on it', async () => {
    const witnessed = await counterSign(theirs, { signers: [keyOf(people.rsa2)] });
    expect(await answers(witnessed)).toEqual([good, good]);
    expect(await peer.verify(witnessed)).toEqual(content);
  });

  test('reads our signature with every attribute that there is', async () => {
    const capabilities = ownSmimeCapabilities();
    const p7 = await createSignedData({
      content,
      signers: [
        {
          ...keyOf(people.rsa),
          capabilities,
          encryptionCertificate: people.rsa2.certificate,
          unsignedAttributes: [{ type: '1.3.6.1.4.1.99999.1', values: [derNull()] }],
        },
      ],
    });
    expect(parseSignedData(p7).signers[0]!.signedAttributes).toHaveLength(7);
    expect(smimeCapabilitiesAttribute(parseSignedData(p7).signers[0]!.signedAttributes)).toEqual(
      capabilities,
    );
    expect(await peer.verify(p7)).toEqual(content);
  });
});

describeProgram('openssl', () => {
  describe('cms -resign', () => {
    test('adds a signature to ours, and both are good', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mailseal-resign-'));
      const file = (name: string): string => join(folder, name);
      const write = (name: string, octets: Uint8Array | string): void => writeFileSync(file(name), octets);
      write('ours.p7m', await createSignedData({ content, signers: [keyOf(people.rsa)] }));
      write('other.pem', encodePem('CERTIFICATE', people.p256.certificate.bytes));
      write('other.key', encodePem('PRIVATE KEY', people.p256.privateKey.pkcs8));
      const { status, errors } = finish('openssl', [
        ...[
          'cms',
          '-resign',
          '-inform',
          'DER',
          '-in',
          file('ours.p7m'),
          '-outform',
          'DER',
          '-binary',
          '-nodetach',
        ],
        ...[
          '-signer',
          file('other.pem'),
          '-inkey',
          file('other.key'),
          '-md',
          'sha256',
          '-out',
          file('both.p7m'),
        ],
      ]);
      expect([status, errors]).toEqual([0, '']);
      expect(await answers(readFileSync(file('both.p7m')))).toEqual([good, good]);
      rmSync(folder, { recursive: true });
    });

    test('prints our counter-signature as the SignerInfo that it is', async () => {
      const p7 = await counterSign(await createSignedData({ content, signers: [keyOf(people.rsa)] }), {
        signers: [keyOf(people.p384)],
      });
      const { status, output } = finish(
        'openssl',
        ['cms', '-cmsout', '-print', '-inform', 'DER', '-noout'],
        p7,
      );
      expect(status).toBe(0);
      const text = new TextDecoder().decode(output);
      expect(text).toContain('countersignature (1.2.840.113549.1.9.6)');
      expect(text).toContain('ecdsa-with-SHA384');
    });
  });
});
