// The main job: a detached smime.p7s of RSA-2048 with its chain of three over
// some 3 kB of Japanese text, verified up to a given root; and the reading that
// comes before it.

import { readFileSync } from 'node:fs';
import { defineBench } from './bench.mjs';
import { expect, load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

/** @param {string} name */
const vector = (name) => new Uint8Array(readFileSync(new URL(`./vectors/signed/${name}`, import.meta.url)));

const content = vector('content.bin');
const p7s = vector('smime.p7s');
const root = vector('root.der');
/** What openssl asn1parse and cms -cmsout count in it. */
const tlvs = 232;
const signedAttributes = 4;
const at = new Date('2026-11-01T00:00:00Z');

const verify = defineBench({
  name: 'verify-p7s',
  title: 'Verify a detached RSA-2048 signature over 3 kB, its signed attributes and its chain of three.',
  async setup() {
    const pkijs = await loadPeer('pkijs');
    const trusted = pkijs.Certificate.fromBER(root);
    const { parseCertificate } = await load('x509');
    return { pkijs, trusted, cms: await load('cms'), roots: [parseCertificate(root)] };
  },
  contenders: {
    async ours({ cms, roots }) {
      const signedData = cms.parseSignedData(p7s);
      const [signer] = await cms.verifySignedData(signedData, { content, roots, at });
      expect(signer.content, 'intact');
      expect(signer.signature, 'valid');
      expect(signer.trust, 'trusted');
      expect(signer.time, 'valid');
    },
    async pkijs({ pkijs, trusted }) {
      const { content: der } = pkijs.ContentInfo.fromBER(p7s);
      const signedData = new pkijs.SignedData({ schema: der });
      const verified = await signedData.verify({
        signer: 0,
        data: content.buffer,
        checkChain: true,
        trustedCerts: [trusted],
        checkDate: at,
      });
      expect(verified, true);
    },
  },
  goals: { pkijs: 60 },
});

const readTlvs = defineBench({
  name: 'read-p7s',
  title: 'Read a detached p7s of 3 kB and visit every TLV, those inside octet strings aside.',
  async setup() {
    return { asn1: await load('asn1'), asn1js: await loadPeer('asn1js') };
  },
  contenders: {
    ours({ asn1 }) {
      let seen = 0;
      /** @param {any} node */
      const visit = (node) => {
        seen++;
        if (node.constructed) for (const child of node.children) visit(child);
      };
      visit(asn1.readBer(p7s));
      expect(seen, tlvs);
    },
    asn1js({ asn1js }) {
      const { result, offset } = asn1js.fromBER(p7s);
      expect(offset, p7s.length);
      let seen = 0;
      /** @param {any} node */
      const visit = (node) => {
        seen++;
        const inner = node.valueBlock.value;
        if (node.idBlock.isConstructed && Array.isArray(inner)) inner.forEach(visit);
      };
      visit(result);
      expect(seen, tlvs);
    },
  },
  goals: { asn1js: 120 },
});

const readSignedData = defineBench({
  name: 'read-signeddata',
  title: 'Read a detached p7s of 3 kB as a SignedData, with the fields of its signer.',
  async setup() {
    return { cms: await load('cms'), asn1js: await loadPeer('asn1js'), pkijs: await loadPeer('pkijs') };
  },
  contenders: {
    ours({ cms }) {
      const [signer] = cms.parseSignedData(p7s).signers;
      expect(signer.version, 1);
      expect(signer.identifier.serialNumber.length, 2);
      expect(signer.digestAlgorithm.length, 13);
      expect(signer.signedAttributes.length, signedAttributes);
      expect(signer.signature.length, 256);
    },
    asn1js({ asn1js }) {
      const { result } = asn1js.fromBER(p7s);
      const signedData = result.valueBlock.value[1].valueBlock.value[0].valueBlock.value;
      const [signer] = signedData.at(-1).valueBlock.value;
      const [version, identifier, digestAlgorithm, attributes, , signature] = signer.valueBlock.value;
      expect(version.valueBlock.valueDec, 1);
      expect(identifier.valueBlock.value[1].valueBlock.valueHexView.length, 2);
      expect(digestAlgorithm.valueBlock.value[0].valueBlock.toString(), '2.16.840.1.101.3.4.2.1');
      expect(attributes.valueBlock.value.length, signedAttributes);
      expect(signature.valueBlock.valueHexView.length, 256);
    },
    pkijs({ pkijs }) {
      const { content: der } = pkijs.ContentInfo.fromBER(p7s);
      const [signer] = new pkijs.SignedData({ schema: der }).signerInfos;
      expect(signer.version, 1);
      expect(signer.sid.serialNumber.valueBlock.valueHexView.length, 2);
      expect(signer.digestAlgorithm.algorithmId, '2.16.840.1.101.3.4.2.1');
      expect(signer.signedAttrs.attributes.length, signedAttributes);
      expect(signer.signature.valueBlock.valueHexView.length, 256);
    },
  },
  goals: { asn1js: 350 },
});

export default [verify, readTlvs, readSignedData];
