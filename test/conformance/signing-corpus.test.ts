import { beforeAll, expect, test } from 'vitest';
import { addSigners } from '../../src/cms/sign/add-signers.js';
import { counterSign } from '../../src/cms/sign/counter-sign.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { testKey } from '../support/pki.js';
import { aliceWith } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const by = aliceWith({ name: 'Witness', key: testKey('p256', 'witness') });
let witness: SigningKey;
beforeAll(async () => {
  witness = await signingKey(by, { signingTime: new Date('2026-02-01') });
});

const rfc4134 = (file: string): Uint8Array<ArrayBuffer> => readCorpus(`rfc4134/${file}`);
const certificateOf = (file: string) => parseCertificate(rfc4134(file));

describeCorpus('rfc4134', () => {
  const options = {
    at: new Date('2005-10-01T00:00:00Z'),
    algorithms: algorithmPolicyOldMail,
    roots: ['CarlDSSSelf.cer', 'CarlRSASelf.cer'].map(certificateOf),
    certificates: [
      'AliceDSSSignByCarlNoInherit.cer',
      'AliceRSASignByCarl.cer',
      'DianeDSSSignByCarlInherit.cer',
      'DianeRSASignByCarl.cer',
    ].map(certificateOf),
  };
  const content = rfc4134('ExContent.bin');

  test('4.4.bin: the counter-signature by AliceRSA on the signature of AliceDSS is good', async () => {
    const [signer] = await verifySignedData(parseSignedData(rfc4134('4.4.bin')), { ...options, content });
    expect(signer!.certificate?.subject.commonName).toBe('AliceDSS');
    const [counter, ...more] = signer!.counterSignatures;
    expect(more).toEqual([]);
    expect([counter!.content, counter!.signature, counter!.trust]).toEqual(['intact', 'valid', 'trusted']);
    expect(counter!.certificate?.subject.commonName).toBe('AliceRSA');
    expect(counter!.digestAlgorithm).toBe('sha1');
  });

  test('7 SignedData take another signer and a counter-signature, and say what they said', async () => {
    const files = ['4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7'];
    for (const file of files) await expectKept(rfc4134(`${file}.bin`), { ...options, content });
    expect(files).toHaveLength(7);
  });

  test('the RSA keys of Alice and Diane sign ExContent anew, named as in the RFC', async () => {
    for (const [key, certificate, identifier] of [
      ['AlicePrivRSASign.pri', 'AliceRSASignByCarl.cer', 'issuer-serial'],
      ['DianePrivRSASignEncrypt.pri', 'DianeRSASignByCarl.cer', 'ski'],
    ] as const) {
      const signers = [
        {
          privateKey: await parsePrivateKey(rfc4134(key)),
          certificate: certificateOf(certificate),
          identifier,
        },
      ];
      const p7 = parseSignedData(await createSignedData({ content, signers }));
      const [verdict] = await verifySignedData(p7, options);
      expect([verdict!.content, verdict!.signature, verdict!.trust]).toEqual(['intact', 'valid', 'trusted']);
    }
  });
});

describeCorpus('openssl-generated', () => {
  const read = (file: string): Uint8Array<ArrayBuffer> => readCorpus(`openssl-generated/${file}`);

  test('5 SignedData, in BER, DER and PEM, take another signer and a counter-signature', async () => {
    const files = ['detached-ber.p7s', 'detached.p7s', 'detached.pem', 'opaque-ber.p7m', 'opaque-der.p7m'];
    for (const file of files) {
      const octets = read(`cms/${file}`);
      const detached = parseSignedData(octets).content === undefined;
      const given = detached ? { content: read('cms/detached.content') } : {};
      await expectKept(octets, { at: new Date('2026-06-01'), algorithms: algorithmPolicyOldMail, ...given });
    }
    expect(files).toHaveLength(5);
  });

  test('certificates that were sent alone take a signer', async () => {
    const content = new TextEncoder().encode('who signs these certificates now');
    for (const file of ['certs-only.p7c', 'certs-and-crl.p7c', 'crl-only.p7c']) {
      const before = parseSignedData(read(`cms/${file}`));
      const after = parseSignedData(await addSigners(before, { content, signers: [witness] }));
      expect(after.signers).toHaveLength(1);
      expect(after.certificates).toHaveLength(before.certificates.length + 1);
      expect(after.crls).toEqual(before.crls);
      const [verdict] = await verifySignedData(after, { content, at: new Date('2026-03-01') });
      expect(verdict!.signature).toBe('valid');
    }
  });
});

/** That each signer is answered as before when another one was added and one was counter-signed. */
async function expectKept(
  octets: Uint8Array,
  options: Omit<Parameters<typeof verifySignedData>[1], 'content'> & { readonly content?: Uint8Array },
): Promise<void> {
  const before = parseSignedData(octets);
  const { content } = options;
  const embedded = before.content;
  const given = embedded === undefined && content !== undefined ? { content } : {};
  const both = await addSigners(octets, { signers: [witness], ...given });
  const place = parseSignedData(both).signers.findIndex((each) => !each.names(by.certificate));
  const after = parseSignedData(await counterSign(both, { signers: [witness], of: place }));
  const used = embedded === undefined ? options : { ...options, content: embedded };
  const wanted = (await verifySignedData(before, used)).map(said);
  const verdicts = await verifySignedData(after, used);
  const kept = verdicts.filter(({ signer }) => !signer.names(by.certificate));
  expect(kept.map(said).toSorted()).toEqual(wanted.toSorted());
  expect(wanted.length).toBeGreaterThan(0);
  const added = verdicts.filter(({ signer }) => signer.names(by.certificate));
  const counters = kept.flatMap(({ counterSignatures }) =>
    counterSignatures.filter(({ signer }) => signer.names(by.certificate)),
  );
  for (const list of [added, counters])
    expect(list.map(({ content: found, signature }) => `${found} ${signature}`)).toEqual(['intact valid']);
}

/** The answers on a signer, and why. */
function said({ content, signature, trust, time, attributesForm, reasons }: SignerVerdict): string {
  return [content, signature, trust, time, attributesForm, ...reasons.map(({ code }) => code)].join(' ');
}
