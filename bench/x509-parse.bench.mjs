// Reading certificates as a viewer does: every field of each, names as text,
// times as dates, the key, and all that its extensions say.

import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { defineBench } from './bench.mjs';
import { load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

/** DER of each, from the octets of its PEM block. */
const certificates = readFileSync(new URL('./vectors/certificates.pem', import.meta.url), 'latin1')
  .split('-----END CERTIFICATE-----')
  .slice(0, -1)
  .map((block) => new Uint8Array(Buffer.from(block.slice(block.lastIndexOf('-----') + 5), 'base64')));

/**
 * What is read of all of them; both readers have to come to these numbers, and
 * so to the same fields. `bits` are those of keyUsage, `octets` those of serial
 * numbers, signatures and key identifiers.
 *
 * @typedef {{ attributes: number, letters: number, years: number, keys: number, extensions: number,
 *   names: number, policies: number, qualifiers: number, purposes: number, bits: number, authorities: number,
 *   octets: number }} Totals
 */

/** @returns {Totals} */
const nothing = () => ({
  attributes: 0,
  letters: 0,
  years: 0,
  keys: 0,
  extensions: 0,
  names: 0,
  policies: 0,
  qualifiers: 0,
  purposes: 0,
  bits: 0,
  authorities: 0,
  octets: 0,
});

/**
 * @param {any} certificate as mailseal gives it
 * @param {Totals} seen
 */
function readOurs(certificate, seen) {
  for (const name of [certificate.issuer, certificate.subject]) {
    for (const rdn of name.rdns) {
      for (const { value } of rdn) {
        seen.attributes++;
        seen.letters += value.length;
      }
    }
  }
  seen.years += certificate.notAfter.getUTCFullYear() - certificate.notBefore.getUTCFullYear();
  const key = certificate.publicKey;
  seen.keys += key.kind === 'rsa' || key.kind === 'ec' ? certificate.version - 2 : 0;
  seen.octets += certificate.serialNumber.length + certificate.signature.length;
  seen.extensions += certificate.extensions.length;
  /** @param {any} name */
  const see = (name) => {
    seen.names++;
    if (name.kind === 'directoryName') seen.letters += name.value.rdns.length;
    else seen.letters += name.value.length;
  };
  certificate.subjectAltName.forEach(see);
  certificate.issuerAltName.forEach(see);
  for (const { name } of certificate.crlDistributionPoints) name.names.forEach(see);
  for (const { name } of certificate.freshestCrl) name.names.forEach(see);
  for (const { location } of certificate.authorityInfoAccess) see(location);
  for (const { location } of certificate.subjectInfoAccess) see(location);
  const constraints = certificate.nameConstraints;
  for (const { base } of constraints?.permitted ?? []) see(base);
  for (const { base } of constraints?.excluded ?? []) see(base);
  for (const { qualifiers } of certificate.certificatePolicies ?? []) {
    seen.policies++;
    seen.qualifiers += qualifiers.length;
  }
  seen.policies += certificate.policyMappings.length;
  seen.policies += certificate.policyConstraints?.requireExplicitPolicy === 0 ? 1 : 0;
  seen.policies += certificate.inhibitAnyPolicy ?? 0;
  seen.purposes += certificate.extendedKeyUsage?.length ?? 0;
  seen.bits += certificate.keyUsage?.size ?? 0;
  seen.authorities += certificate.basicConstraints?.ca === true ? 1 : 0;
  seen.octets += certificate.subjectKeyIdentifier?.length ?? 0;
  seen.octets += certificate.authorityKeyIdentifier?.keyIdentifier?.length ?? 0;
}

/**
 * @param {any} certificate as pkijs gives it
 * @param {Totals} seen
 */
function readPkijs(certificate, seen) {
  for (const name of [certificate.issuer, certificate.subject]) {
    for (const { value } of name.typesAndValues) {
      seen.attributes++;
      seen.letters += value.valueBlock.value.length;
    }
  }
  seen.years += certificate.notAfter.value.getUTCFullYear() - certificate.notBefore.value.getUTCFullYear();
  seen.keys += certificate.subjectPublicKeyInfo.parsedKey === undefined ? 0 : certificate.version - 1;
  seen.octets += certificate.serialNumber.valueBlock.valueHexView.length;
  seen.octets += certificate.signatureValue.valueBlock.valueHexView.length;
  seen.extensions += certificate.extensions.length;
  /** @param {any} name */
  const see = (name) => {
    seen.names++;
    seen.letters += name.type === 4 ? name.value.typesAndValues.length : name.value.length;
  };
  for (const { extnID, parsedValue } of certificate.extensions) {
    switch (extnID) {
      case '2.5.29.17':
      case '2.5.29.18':
        parsedValue.altNames.forEach(see);
        break;
      case '2.5.29.31':
      case '2.5.29.46':
        for (const { distributionPoint } of parsedValue.distributionPoints) distributionPoint.forEach(see);
        break;
      case '1.3.6.1.5.5.7.1.1':
      case '1.3.6.1.5.5.7.1.11':
        for (const { accessLocation } of parsedValue.accessDescriptions) see(accessLocation);
        break;
      case '2.5.29.30':
        for (const { base } of parsedValue.permittedSubtrees ?? []) see(base);
        for (const { base } of parsedValue.excludedSubtrees ?? []) see(base);
        break;
      case '2.5.29.32':
        for (const { policyQualifiers } of parsedValue.certificatePolicies) {
          seen.policies++;
          seen.qualifiers += policyQualifiers?.length ?? 0;
        }
        break;
      case '2.5.29.33':
        seen.policies += parsedValue.mappings.length;
        break;
      case '2.5.29.36':
        seen.policies += parsedValue.requireExplicitPolicy === 0 ? 1 : 0;
        break;
      case '2.5.29.37':
        seen.purposes += parsedValue.keyPurposes.length;
        break;
      case '2.5.29.15': {
        const [octet = 0] = parsedValue.valueBlock.valueHexView;
        for (let bit = 1; bit < 256; bit *= 2) if ((octet & bit) !== 0) seen.bits++;
        break;
      }
      case '2.5.29.19':
        seen.authorities += parsedValue.cA === true ? 1 : 0;
        break;
      case '2.5.29.14':
        seen.octets += parsedValue.valueBlock.valueHexView.length;
        break;
      case '2.5.29.35':
        seen.octets += parsedValue.keyIdentifier.valueBlock.valueHexView.length;
        break;
    }
  }
}

/** As both count them. */
const expected = JSON.stringify({
  attributes: 149,
  letters: 3084,
  years: 400,
  keys: 20,
  extensions: 172,
  names: 91,
  policies: 20,
  qualifiers: 34,
  purposes: 34,
  bits: 56,
  authorities: 4,
  octets: 4842,
});

/** @param {Totals} seen */
function check(seen) {
  const text = JSON.stringify(seen);
  if (text !== expected) throw new Error(`what was read is ${text}`);
}

export default [
  defineBench({
    name: 'x509-parse',
    title: 'Read 20 certificates and every field and extension of each.',
    async setup() {
      const { parseCertificate } = await load('x509');
      return { parseCertificate, pkijs: await loadPeer('pkijs') };
    },
    contenders: {
      ours({ parseCertificate }) {
        const seen = nothing();
        for (const octets of certificates) readOurs(parseCertificate(octets), seen);
        check(seen);
      },
      pkijs({ pkijs }) {
        const seen = nothing();
        for (const octets of certificates) readPkijs(pkijs.Certificate.fromBER(octets), seen);
        check(seen);
      },
    },
    goals: { pkijs: 50 },
  }),
];
