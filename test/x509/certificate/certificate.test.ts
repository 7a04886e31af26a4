import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import {
  der,
  derBitString,
  derExplicit,
  derIa5String,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derUtf8String,
} from '../../../src/asn1/writer.js';
import { bytesFromLatin1, concatBytes } from '../../../src/core/bytes.js';
import { encodePem } from '../../../src/encoding/pem.js';
import {
  type Certificate,
  parseCertificate,
  parseCertificates,
} from '../../../src/x509/certificate/certificate.js';
import { failure, hex, octets } from '../../asn1/support.js';
import {
  authority,
  basicConstraints,
  type CertificateSpec,
  chainKey,
  extendedKeyUsage,
  extension,
  issue,
  keyUsage,
  mailExtensions,
  nameOf,
  oids,
  person,
  subjectAltName,
} from '../../support/chains.js';

const root = authority(undefined, 'Root');
const plain = person(root, 'Alice');

function made(spec: Partial<CertificateSpec>): Certificate {
  return issue(root, { name: 'Alice', ...spec }).certificate;
}

/** A certificate with one extension. */
function having(...extensions: Uint8Array[]): Certificate {
  return made({ extensions, keyIdentifiers: false });
}

describe('fields', () => {
  test('are those that were written', () => {
    const { certificate } = person(root, 'Alice', { serial: octets('0123') });
    expect(certificate.version).toBe(3);
    expect(certificate.serialHex).toBe('0123');
    expect([`${certificate.issuer}`, `${certificate.subject}`]).toEqual(['CN=Root', 'CN=Alice']);
    expect(certificate.notBefore.toISOString()).toBe('2020-01-01T00:00:00.000Z');
    expect(certificate.notAfter.toISOString()).toBe('2040-01-01T00:00:00.000Z');
    expect(certificate.emailAddresses).toEqual(['alice@example.com']);
    expect([...certificate.keyUsage!]).toEqual(['digitalSignature']);
    expect(certificate.extendedKeyUsage).toEqual([oids.emailProtection]);
    expect(certificate.authorityKeyIdentifier!.keyIdentifier).toEqual(root.certificate.subjectKeyIdentifier);
    expect(certificate.signatureAlgorithmsAgree).toBe(true);
    expect([certificate.isSelfIssued, root.certificate.isSelfIssued]).toEqual([false, true]);
    expect(hex(certificate.subjectPublicKeyInfo)).toBe(hex(chainKey('Alice').spki));
    expect(certificate.publicKeyBits[0]).toBe(4);
    expect(certificate.extension('2.5.29.15')!.critical).toBe(true);
    expect(certificate.extension('1.2.3')).toBeUndefined();
  });

  test('are views of the octets that were parsed', () => {
    const { bytes, tbsBytes, signature } = plain.certificate;
    expect([tbsBytes.buffer, signature.buffer]).toEqual([bytes.buffer, bytes.buffer]);
  });

  test('are the same objects each time', () => {
    const { certificate } = plain;
    expect(certificate.extensions).toBe(certificate.extensions);
    expect(certificate.publicKey).toBe(certificate.publicKey);
    expect(certificate.subjectAltName).toBe(certificate.subjectAltName);
    // A Date can be changed, and whoever does must not change the certificate.
    certificate.notAfter.setUTCFullYear(2999);
    expect(certificate.notAfter.getUTCFullYear()).toBe(2040);
  });

  test('a key that cannot be used is read once, too', () => {
    const { certificate } = person(root, 'Alice', {
      spki: derSequence(derSequence(derOid('1.2.3')), derBitString(octets('00'))),
    });
    const why = (): unknown => {
      try {
        return certificate.publicKey;
      } catch (error) {
        return error;
      }
    };
    expect(why()).toMatchObject({ code: 'crypto-unsupported' });
    expect(why()).toBe(why());
  });

  test('certificates are equal when all their octets are', () => {
    expect(plain.certificate.equals(parseCertificate(Uint8Array.from(plain.certificate.bytes)))).toBe(true);
    expect(plain.certificate.equals(root.certificate)).toBe(false);
  });
});

describe('serial numbers', () => {
  test.each([
    ['00', '00'],
    ['01', '01'],
    ['7f', '7f'],
    ['0080', '80'],
    ['00ff', 'ff'],
    ['ff', '-01'],
    ['80', '-80'],
    ['ff7f', '-81'],
    ['8000', '-8000'],
    ['0001', '01'],
    ['00'.repeat(2), '00'],
    ['7f'.repeat(21), '7f'.repeat(21)],
    [`00${'ff'.repeat(1000)}`, 'ff'.repeat(1000)],
  ])('content %s is %s', (content, printed) => {
    const certificate = made({ serial: octets(content) });
    expect([certificate.serialHex, hex(certificate.serialNumber)]).toEqual([printed, content]);
  });

  test('an empty one is none', () => {
    expect(failure(() => made({ serial: octets('') }))[0]).toBe('asn1-unexpected');
  });
});

describe('versions', () => {
  test.each([
    [null, 1],
    [1, 1],
    [2, 2],
    [3, 3],
  ])('%s is version %i', (version, read) => {
    const certificate = made({ version, extensions: null });
    expect([certificate.version, certificate.extensions, certificate.emailAddresses]).toEqual([read, [], []]);
    expect([certificate.basicConstraints, certificate.keyUsage, certificate.subjectKeyIdentifier]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([0, 4, -1, 1000])('there is no version %i', (version) => {
    expect(failure(() => made({ version }))[0]).toBe('x509-malformed');
  });

  test.each([1, 2])('version %i has no extensions', (version) => {
    const certificate = made({ version, extensions: mailExtensions() });
    expect(failure(() => certificate.extensions)[0]).toBe('x509-malformed');
    expect(failure(() => certificate.emailAddresses)[0]).toBe('x509-malformed');
  });

  test('unique identifiers are bit strings, which version 1 does not have', () => {
    const before = [der(0x81, octets('00ff')), der(0x82, octets('04f0'))];
    const certificate = made({ version: 2, extensions: null, before });
    expect(certificate.issuerUniqueId).toEqual({ octets: octets('ff'), unusedBits: 0 });
    expect(certificate.subjectUniqueId).toEqual({ octets: octets('f0'), unusedBits: 4 });
    expect(made({ before, extensions: mailExtensions() }).emailAddresses).toEqual(['alice@example.com']);
    expect([plain.certificate.issuerUniqueId, plain.certificate.subjectUniqueId]).toEqual([
      undefined,
      undefined,
    ]);
    const old = made({ version: 1, extensions: null, before });
    expect(failure(() => old.issuerUniqueId)[0]).toBe('x509-malformed');
    expect(failure(() => old.subjectUniqueId)[0]).toBe('x509-malformed');
  });
});

test('addresses that differ in the letters of the domain only are one address', () => {
  const names = ['alice@Example.com', 'alice@example.com', 'Alice@example.com', 'a@xn--r8jz45g.jp'];
  const utf8 = der(0xa0, derOid('1.3.6.1.5.5.7.8.9'), derExplicit(0, derUtf8String('a@例え.jp')));
  expect(made({ extensions: [subjectAltName(...names, utf8)] }).emailAddresses).toEqual([
    'alice@Example.com',
    'Alice@example.com',
    'a@xn--r8jz45g.jp',
  ]);
});

describe('what RFC 5280 §4.1 does not have', () => {
  const twice = der(0xa3, derSequence(subjectAltName('mallory@example.com')));
  test.each<[string, Partial<CertificateSpec>]>([
    ['extensions twice', { after: [twice] }],
    ['a field after the extensions', { after: [derNull()] }],
    ['a field before the extensions', { before: [derNull()] }],
    ['unique identifiers in the wrong order', { before: [der(0x82, octets('00')), der(0x81, octets('00'))] }],
    ['a field of another tag', { before: [der(0xa4)] }],
    ['an unique identifier after the extensions', { after: [der(0x82, octets('00'))] }],
  ])('%s', (_, spec) => {
    expect(failure(() => made(spec))[0]).toBe('x509-malformed');
  });

  test('two elements under the tag of the extensions', () => {
    const before = [der(0xa3, derSequence(), derSequence())];
    expect(failure(() => made({ extensions: null, before }))[0]).toBe('asn1-unexpected');
  });

  test('an element after the signature', () => {
    const more = derSequence(
      ...readBer(plain.certificate.bytes).children.map(({ bytes }) => bytes),
      derNull(),
    );
    expect(failure(() => parseCertificate(more))[0]).toBe('x509-malformed');
  });

  test('a signature that ends inside an octet', () => {
    const [tbs, algorithm, signature] = readBer(plain.certificate.bytes).children;
    const bits = derBitString(signature!.content.subarray(1), 3);
    const certificate = parseCertificate(derSequence(tbs!.bytes, algorithm!.bytes, bits));
    expect(failure(() => certificate.signature)[0]).toBe('x509-malformed');
  });

  test('an extension twice', () => {
    const certificate = having(subjectAltName('a@example.com'), subjectAltName('b@example.com'));
    expect(failure(() => certificate.extensions)[0]).toBe('x509-malformed');
    expect(failure(() => certificate.emailAddresses)[0]).toBe('x509-malformed');
  });

  test.each([
    [
      'a fourth element',
      derSequence(derOid('1.2.3'), Uint8Array.of(1, 1, 0xff), derOctetString(octets('')), derNull()),
    ],
    ['no value', derSequence(derOid('1.2.3'))],
    ['a value that is no OCTET STRING', derSequence(derOid('1.2.3'), derNull())],
    ['no OID', derSequence(derNull(), derOctetString(octets('')))],
  ])('an extension with %s', (_, damaged) => {
    expect(failure(() => having(damaged).extensions)[0]).toMatch(/^asn1-/);
  });

  test('a criticality that is written though it is FALSE is read', () => {
    const lax = derSequence(derOid('1.2.3'), Uint8Array.of(1, 1, 0), derOctetString(octets('0500')));
    expect(having(lax).extensions).toEqual([{ oid: '1.2.3', critical: false, value: octets('0500') }]);
  });
});

describe('basicConstraints', () => {
  test.each([
    [basicConstraints(true), true, undefined],
    [basicConstraints(false), false, undefined],
    [basicConstraints(true, 0), true, 0],
    [basicConstraints(true, 7), true, 7],
    [basicConstraints(false, 7), false, 7],
  ])('%#', (written, ca, pathLength) => {
    expect(having(written).basicConstraints).toEqual({ ca, pathLength });
  });

  // RFC 5280 §4.2.1.9: INTEGER (0..MAX).
  test.each([
    ['30090101ff0204 7fffffff', 2 ** 31 - 1],
    ['300e0101ff0209 010000000000000000', Number.MAX_SAFE_INTEGER],
  ])('a path length that no path can have is none the less one: %s', (value, pathLength) => {
    const written = extension('2.5.29.19', true, octets(value));
    expect(having(written).basicConstraints).toEqual({ ca: true, pathLength });
  });

  test('a path length below 0 is none', () => {
    const certificate = having(extension('2.5.29.19', true, octets('30060101ff0201ff')));
    expect(failure(() => certificate.basicConstraints)[0]).toBe('x509-malformed');
  });

  test.each(['0500', '3003020100ff', '300602010002 0100', '30', '3005300301 01ff', ''])(
    '"%s" are none',
    (value) => {
      const certificate = having(extension('2.5.29.19', true, octets(value)));
      expect(failure(() => certificate.basicConstraints)[0]).toMatch(/^asn1-/);
    },
  );
});

describe('keyUsage', () => {
  test('every bit', () => {
    const all = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement'];
    const more = ['keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'];
    const certificate = having(extension('2.5.29.15', true, derBitString(octets('ff80'), 7)));
    expect([...certificate.keyUsage!]).toEqual([...all, ...more]);
  });

  test('bits in places that do not count are not set', () => {
    const certificate = having(extension('2.5.29.15', true, der(3, octets('07ff'))));
    expect([...certificate.keyUsage!]).toEqual(['digitalSignature']);
  });

  test('no bits at all', () => {
    expect(having(extension('2.5.29.15', true, octets('030100'))).keyUsage!.size).toBe(0);
    expect([...having(keyUsage('decipherOnly')).keyUsage!]).toEqual(['decipherOnly']);
  });
});

describe('GeneralNames', () => {
  const smtpUtf8 = (value: Uint8Array): Uint8Array =>
    der(0xa0, derOid('1.3.6.1.5.5.7.8.9'), der(0xa0, value));

  test('of every kind', () => {
    const names = having(
      subjectAltName(
        'alice@example.com',
        smtpUtf8(derUtf8String('用户@例え.jp')),
        der(0x82, bytesFromLatin1('example.com')),
        der(0x86, bytesFromLatin1('https://example.com/')),
        der(0xa4, nameOf('Alice')),
        der(0x87, octets('7f000001')),
        der(0x88, octets('2a0304')),
        der(0xa0, derOid('1.2.3'), der(0xa0, derInteger(7))),
        der(0xa3, derSequence()),
        der(0xa5, derSequence()),
      ),
    ).subjectAltName;
    expect(
      names.map((name) => [name.kind, name.kind === 'directoryName' ? `${name.value}` : name.value]),
    ).toEqual([
      ['rfc822Name', 'alice@example.com'],
      ['smtpUtf8Mailbox', '用户@例え.jp'],
      ['dNSName', 'example.com'],
      ['uniformResourceIdentifier', 'https://example.com/'],
      ['directoryName', 'CN=Alice'],
      ['iPAddress', octets('7f000001')],
      ['registeredID', '1.2.3.4'],
      ['otherName', octets('020107')],
      ['x400Address', octets('a3023000')],
      ['ediPartyName', octets('a5023000')],
    ]);
    expect(names[7]).toMatchObject({ type: '1.2.3' });
  });

  test('a SmtpUTF8Mailbox is a UTF8String (RFC 9598 §3) or another name', () => {
    const certificate = having(subjectAltName(smtpUtf8(derIa5String('alice@example.com'))));
    expect([certificate.subjectAltName[0]!.kind, certificate.emailAddresses]).toEqual(['otherName', []]);
  });

  test('an rfc822Name in pieces', () => {
    const name = der(
      0xa1,
      derOctetString(bytesFromLatin1('alice@')),
      derOctetString(bytesFromLatin1('a.jp')),
    );
    expect(having(subjectAltName(name)).emailAddresses).toEqual(['alice@a.jp']);
  });

  test('an rfc822Name is given as it stands, with whatever is in it', () => {
    for (const value of ['alice@example.com\0.example.org', 'alice@example.com\0.example.org\xe9']) {
      const certificate = having(subjectAltName(der(0x81, bytesFromLatin1(value))));
      expect(certificate.subjectAltName).toEqual([{ kind: 'rfc822Name', value }]);
      // RFC 9598 §3: what is not ASCII is an address as a SmtpUTF8Mailbox only.
      expect(certificate.emailAddresses).toEqual(value.endsWith('\xe9') ? [] : [value]);
    }
  });

  test.each([
    ['a universal tag', derIa5String('a@b')],
    ['tag [9]', der(0x89, octets('61'))],
    ['an OtherName without value', der(0xa0, derOid('1.2.3'))],
    ['an OtherName with two', der(0xa0, derOid('1.2.3'), der(0xa0, derNull(), derNull()))],
    ['an OtherName of three parts', der(0xa0, derOid('1.2.3'), der(0xa0, derNull()), derNull())],
    ['a primitive OtherName', der(0x80, octets('61'))],
    ['an empty directoryName', der(0xa4)],
    ['a constructed registeredID', der(0xa8, octets('0500'))],
  ])('%s is none', (_, name) => {
    expect(failure(() => having(subjectAltName(name)).subjectAltName)[0]).toMatch(/^asn1-/);
  });
});

describe('mail addresses', () => {
  test('of subjectAltName and of the subject, each once, in their order', () => {
    const subject = nameOf([oids.emailAddress, derIa5String('old@example.com')], 'Alice', [
      oids.emailAddress,
      derIa5String('alice@example.com'),
    ]);
    const certificate = made({
      name: subject,
      extensions: [subjectAltName('alice@example.com', 'Alice@example.com', 'bob@example.com')],
    });
    expect(certificate.emailAddresses).toEqual([
      'alice@example.com',
      'Alice@example.com',
      'bob@example.com',
      'old@example.com',
    ]);
  });

  test('those that only look the same are listed apart', () => {
    const lookalike = der(0xa0, derOid('1.3.6.1.5.5.7.8.9'), derExplicit(0, derUtf8String('a@ｅxample.jp')));
    expect(made({ extensions: [subjectAltName(lookalike, 'a@example.jp')] }).emailAddresses).toEqual([
      'a@ｅxample.jp',
      'a@example.jp',
    ]);
  });

  test('an emailAddress that is not ASCII is none', () => {
    const values = [derIa5String('a@example.jp'), derUtf8String('é@example.jp')];
    for (const [i, value] of values.entries()) {
      const certificate = made({ name: nameOf([oids.emailAddress, value], 'Alice'), extensions: [] });
      expect(certificate.emailAddresses).toEqual(i === 0 ? ['a@example.jp'] : []);
    }
  });

  test('an emailAddress that is no text is none', () => {
    const subject = nameOf([oids.emailAddress, derOctetString(octets('6140612e6a70'))], 'Alice');
    const certificate = made({ name: subject, extensions: [] });
    expect(certificate.emailAddresses).toEqual([]);
    expect(certificate.subject.values(oids.emailAddress)).toEqual(['#04066140612e6a70']);
  });

  test('none', () => {
    expect(made({ extensions: [extendedKeyUsage(oids.emailProtection)] }).emailAddresses).toEqual([]);
  });
});

describe('authorityKeyIdentifier', () => {
  test('all its fields', () => {
    const value = derSequence(
      der(0x80, octets('0102')),
      der(0xa1, der(0xa4, nameOf('Root'))),
      der(0x82, octets('07')),
    );
    const found = having(extension('2.5.29.35', false, value)).authorityKeyIdentifier!;
    expect([hex(found.keyIdentifier!), hex(found.serialNumber!)]).toEqual(['0102', '07']);
    expect(found.issuer.map((name) => name.kind === 'directoryName' && `${name.value}`)).toEqual(['CN=Root']);
  });

  test('none of them', () => {
    const found = having(extension('2.5.29.35', false, derSequence())).authorityKeyIdentifier;
    expect(found).toEqual({ keyIdentifier: undefined, issuer: [], serialNumber: undefined });
  });
});

describe('damaged fields show when they are asked for', () => {
  const damaged = (make: (fields: Uint8Array[]) => void): Certificate => {
    const [tbs, ...rest] = readBer(plain.certificate.bytes).children;
    const fields: Uint8Array[] = tbs!.children.map(({ bytes }) => bytes);
    make(fields);
    return parseCertificate(derSequence(derSequence(...fields), ...rest.map(({ bytes }) => bytes)));
  };

  test('validity', () => {
    for (const validity of [
      '3000',
      '30020500',
      '301e170d323030313031303030303030',
      '300f170d3230303130313030303030305a',
    ]) {
      const content = octets(validity);
      const certificate = damaged((fields) => {
        fields[4] = derSequence(content.subarray(2));
      });
      expect(failure(() => certificate.notBefore)[0]).toMatch(/^asn1-/);
    }
  });

  test('validity of three times', () => {
    const certificate = damaged((fields) => {
      const time = readBer(fields[4]!).children[0]!.bytes;
      fields[4] = derSequence(time, time, time);
    });
    expect(failure(() => certificate.notAfter)[0]).toBe('asn1-unexpected');
  });

  test('key and names', () => {
    const certificate = damaged((fields) => {
      fields[3] = derSequence(derNull());
      fields[5] = derSequence(derInteger(1));
      fields[6] = derSequence(derNull());
    });
    expect(failure(() => certificate.publicKey)[0]).toBe('crypto-key-malformed');
    expect(failure(() => certificate.publicKeyBits)[0]).toBe('asn1-unexpected');
    expect(failure(() => `${certificate.issuer}`)[0]).toBe('asn1-unexpected');
    expect(failure(() => certificate.subject.commonName)[0]).toBe('asn1-unexpected');
    expect(failure(() => certificate.isSelfIssued)[0]).toBe('asn1-unexpected');
  });

  test('a field that is missing is found at once', () => {
    for (let missing = 1; missing <= 6; missing++) {
      const parse = () => damaged((fields) => fields.splice(missing, 1));
      expect(failure(parse)[0]).toMatch(/^(x509-malformed|asn1-unexpected)$/);
    }
  });
});

describe('parseCertificate', () => {
  const demo = readFileSync('test/vectors/demo/signer.crt.pem');

  test('PEM as octets or text, DER, a Buffer', () => {
    const certificate = parseCertificate(demo);
    expect(certificate.emailAddresses).toEqual(['hanako@example.jp']);
    for (const input of [demo.toString(), certificate.bytes, Buffer.from(certificate.bytes)]) {
      expect(parseCertificate(input).equals(certificate)).toBe(true);
    }
  });

  test('all certificates of a PEM text, other blocks passed over', () => {
    const pem = (label: string) => encodePem(label, plain.certificate.bytes);
    const text = ['CERTIFICATE', 'PRIVATE KEY', 'X509 CERTIFICATE'].map(pem).join('junk\n');
    expect(parseCertificates(text).length).toBe(2);
  });

  test('what OpenSSL writes after a TRUSTED CERTIFICATE is passed over', () => {
    const trusted = concatBytes([plain.certificate.bytes, derSequence(derUtf8String('alias'))]);
    expect(parseCertificates(encodePem('TRUSTED CERTIFICATE', trusted)).length).toBe(1);
    expect(failure(() => parseCertificates(encodePem('CERTIFICATE', trusted)))[0]).toBe('asn1-malformed');
  });

  test.each([
    ['nothing', ''],
    ['text', 'no certificate here'],
    ['octets of something else', '0500'],
  ])('%s', (_, text) => {
    const input = text === '0500' ? octets(text) : text;
    expect(failure(() => parseCertificate(input))[0]).toBe('x509-malformed');
    expect(parseCertificates(input)).toEqual([]);
  });

  test.each(['3000', '30060500 0500 0500', '3009300030000300 0500'])(
    'a SEQUENCE that is none: %s',
    (document) => {
      expect(failure(() => parseCertificate(octets(document)))[0]).toMatch(/^(x509|asn1)-/);
    },
  );
});
