import { expect } from 'vitest';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { defaultSignatureAlgorithm } from '../../src/crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import type { People, Person } from '../support/peers/people.js';
import { describeCells } from './sealing/cells.js';
import { content } from './sealing/content.js';
import { type SignedRow, signedRows } from './sealing/signed-rows.js';

/** The same content signed in both forms. */
interface Signed {
  readonly opaque: Uint8Array;
  readonly detached: Uint8Array;
}

describeCells<SignedRow, Signed>(signedRows, {
  async theyMake(peer, people, row) {
    const job = { ...row, content, signers: signersOf(people, row) };
    return { opaque: await peer.sign(job), detached: await peer.sign({ ...job, detached: true }) };
  },
  async weRead({ opaque, detached }, people, row) {
    for (const octets of [opaque, detached]) {
      const signedData = parseSignedData(octets);
      const isDetached = octets === detached;
      expect(signedData.content).toEqual(isDetached ? undefined : content);
      const verdicts = await verifySignedData(signedData, {
        roots: [people.root],
        at: new Date(),
        algorithms: algorithmPolicyOldMail,
        ...(isDetached ? { content } : {}),
      });
      expect(verdicts.map(answers)).toEqual(
        row.signers.map(() => ({ content: 'intact', signature: 'valid', trust: 'trusted', time: 'valid' })),
      );
      expect(verdicts.map(({ certificate }) => certificate?.emailAddresses[0]).toSorted()).toEqual(
        signersOf(people, row)
          .map(({ address }) => address)
          .toSorted(),
      );
    }
  },
  async weMake(people, row) {
    const signers = signersOf(people, row).map((person) => ({
      certificate: person.certificate,
      privateKey: person.privateKey,
      chain: [people.authority],
      algorithm: algorithmOf(person, row),
      identifier: row.byKeyIdentifier === true ? ('ski' as const) : ('issuer-serial' as const),
      ...(row.withoutSignedAttributes === true ? {} : { signingTime: new Date() }),
    }));
    const options = { content, signers, withoutSignedAttributes: row.withoutSignedAttributes === true };
    return {
      opaque: await createSignedData(options),
      detached: await createSignedData({ ...options, detached: true }),
    };
  },
  async theyRead(peer, { opaque, detached }) {
    expect(await peer.verify(opaque)).toEqual(content);
    expect(await peer.verify(detached, content)).toEqual(content);
  },
});

function signersOf(people: People, { signers }: SignedRow): Person[] {
  return signers.map((name) => people[name]);
}

function algorithmOf({ publicKey }: Person, { digest, pss }: SignedRow): SignatureAlgorithm {
  if (publicKey.kind === 'ec') return { name: 'ecdsa', digest };
  if (publicKey.kind !== 'rsa') return defaultSignatureAlgorithm(publicKey);
  const saltLength = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[digest];
  if (pss === true) return { name: 'rsa-pss', digest, mgfDigest: digest, saltLength };
  return { name: 'rsa-pkcs1', digest };
}

function answers({ content, signature, trust, time }: SignerVerdict): object {
  return { content, signature, trust, time };
}
