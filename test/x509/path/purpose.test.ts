import { describe, expect, test } from 'vitest';
import { derOid, derSequence } from '../../../src/asn1/writer.js';
import type { PathPurpose } from '../../../src/x509/path/purpose.js';
import {
  authority,
  authorityExtensions,
  chainKey,
  extendedKeyUsage,
  extension,
  keyUsage,
  oids,
  person,
} from '../../support/chains.js';
import { complaints, pathOf } from '../support.js';

const root = authority(undefined, 'Root');
const middle = authority(root, 'Middle');
const timeStamping = '1.3.6.1.5.5.7.3.8';
const ocspSigning = '1.3.6.1.5.5.7.3.9';
const usage = ['key-usage: Alice'];
const purpose = ['extended-key-usage: Alice'];
const critical = (...purposes: readonly string[]): Uint8Array =>
  extension('2.5.29.37', true, derSequence(...purposes.map((each) => derOid(each))));

describe('the end entity', () => {
  test.each<[PathPurpose, string, Uint8Array[], string[]]>([
    ['mail-signing', 'nothing said', [], []],
    ['mail-signing', 'nonRepudiation', [keyUsage('nonRepudiation')], []],
    ['mail-signing', 'keyEncipherment', [keyUsage('keyEncipherment')], usage],
    ['mail-encryption', 'nothing said', [], []],
    ['mail-encryption', 'keyEncipherment', [keyUsage('keyEncipherment')], []],
    ['mail-encryption', 'keyAgreement', [keyUsage('keyAgreement')], []],
    ['mail-encryption', 'digitalSignature', [keyUsage('digitalSignature')], usage],
    ['mail-encryption', 'emailProtection', [extendedKeyUsage(oids.emailProtection)], []],
    ['mail-encryption', 'anyExtendedKeyUsage', [extendedKeyUsage(oids.anyPurpose)], []],
    ['mail-encryption', 'serverAuth', [extendedKeyUsage(oids.serverAuth)], purpose],
    ['crl-signing', 'cRLSign', [keyUsage('cRLSign')], []],
    ['crl-signing', 'keyCertSign', [keyUsage('keyCertSign')], usage],
    ['crl-signing', 'serverAuth', [extendedKeyUsage(oids.serverAuth)], []],
    ['ocsp-signing', 'nothing said', [], purpose],
    ['ocsp-signing', 'OCSPSigning', [extendedKeyUsage(ocspSigning)], []],
    ['ocsp-signing', 'anyExtendedKeyUsage', [extendedKeyUsage(oids.anyPurpose)], purpose],
    ['ocsp-signing', 'cRLSign', [keyUsage('cRLSign'), extendedKeyUsage(ocspSigning)], usage],
    ['time-stamping', 'nothing said', [], purpose],
    ['time-stamping', 'timeStamping, critical', [critical(timeStamping)], []],
    ['time-stamping', 'timeStamping, not critical', [extendedKeyUsage(timeStamping)], purpose],
    ['time-stamping', 'timeStamping and more', [critical(timeStamping, oids.emailProtection)], purpose],
    ['time-stamping', 'another, critical', [critical(oids.emailProtection)], purpose],
    ['any', 'serverAuth, keyCertSign', [extendedKeyUsage(oids.serverAuth), keyUsage('keyCertSign')], []],
  ])('for %s: %s', async (wanted, _, extensions, expected) => {
    const leaf = person(middle, 'Alice', { extensions });
    const path = await pathOf(leaf, [root], [middle], { purpose: wanted });
    expect(complaints(path)).toEqual(expected);
  });
});

describe('the authority above', () => {
  const limited = (...purposes: readonly string[]) =>
    authority(root, 'Middle', { extensions: [...authorityExtensions(), extendedKeyUsage(...purposes)] });
  const above = ['extended-key-usage: Middle'];
  test.each<[PathPurpose, string, readonly string[], string[]]>([
    ['mail-signing', 'emailProtection', [oids.emailProtection], []],
    ['mail-signing', 'anyExtendedKeyUsage', [oids.anyPurpose], []],
    ['mail-encryption', 'serverAuth', [oids.serverAuth], above],
    ['crl-signing', 'serverAuth', [oids.serverAuth], []],
    ['ocsp-signing', 'emailProtection', [oids.emailProtection], []],
    ['time-stamping', 'timeStamping', [timeStamping], []],
    ['time-stamping', 'emailProtection', [oids.emailProtection], above],
    ['any', 'serverAuth', [oids.serverAuth], []],
  ])('for %s: %s', async (wanted, _, purposes, expected) => {
    const issuer = limited(...purposes);
    const own =
      wanted === 'time-stamping'
        ? [critical(timeStamping)]
        : [extendedKeyUsage(ocspSigning, oids.emailProtection)];
    const leaf = person(issuer, 'Alice', { key: chainKey('Alice'), extensions: own });
    expect(complaints(await pathOf(leaf, [root], [issuer], { purpose: wanted }))).toEqual(expected);
  });
});

test('there is no other purpose', async () => {
  const alice = person(middle, 'Alice');
  for (const wanted of ['server', 'toString', '']) {
    await expect(pathOf(alice, [root], [middle], { purpose: wanted as PathPurpose })).rejects.toMatchObject({
      code: 'usage',
    });
  }
});
