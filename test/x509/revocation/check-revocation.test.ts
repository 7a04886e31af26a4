import { describe, expect, test } from 'vitest';
import { der, derOid, derSequence } from '../../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { encodePem } from '../../../src/encoding/pem.js';
import type { RevocationReference } from '../../../src/x509/revocation/revocation-report.js';
import {
  authority,
  basicConstraints,
  chainKey,
  extension,
  keyUsage,
  mailExtensions,
  nameOf,
  person,
} from '../../support/chains.js';
import { crlOctets, crlOf, crlPoints, directoryName, freshestPoints, uri } from '../../support/crls.js';
import { pathOf } from '../support.js';
import { ask } from './support.js';

const root = authority(undefined, 'Root');
const access = (method: string, url: string) =>
  derSequence(derOid(`1.3.6.1.5.5.7.48.${method}`), der(0x86, bytesFromLatin1(url)));
const informationAccess = (...descriptions: readonly Uint8Array[]) =>
  extension('1.3.6.1.5.5.7.1.1', false, derSequence(...descriptions));

const httpUrl = 'http://crl.example/root.crl';
const ldapUrl = 'ldap://ldap.example/cn=Root?certificateRevocationList;binary';
const alice = person(root, 'Alice', {
  extensions: [
    ...mailExtensions(),
    crlPoints({ names: [uri(httpUrl), uri(ldapUrl)] }, { relative: nameOf('Part').subarray(2) }),
    freshestPoints({ names: [uri('http://crl.example/delta.crl')] }),
    informationAccess(access('1', 'http://ocsp.example/'), access('2', 'http://crt.example/root.crt')),
  ],
});
const scene = { leaf: alice, root };

describe('references', () => {
  const short = (references: readonly RevocationReference[]): string[] =>
    references.map(({ kind, url, delta }) => `${kind}${delta === true ? ' delta' : ''} ${url}`);

  test('name what the caller may fetch: OCSP, CRLs by http and LDAP, directory entries, delta CRLs', async () => {
    const { report } = await ask(scene, []);
    expect(short(report.references)).toEqual([
      'ocsp http://ocsp.example/',
      `crl ${httpUrl}`,
      `crl ${ldapUrl}`,
      'crl CN=Part,CN=Root',
      'crl delta http://crl.example/delta.crl',
    ]);
    const [ocsp, crl, , entry] = report.references;
    expect(ocsp?.request?.length).toBeGreaterThan(40);
    expect(crl?.certificate).toBe(alice.certificate);
    expect(entry?.directoryName?.equals(root.certificate.subject)).toBe(false);
    expect(`${entry?.directoryName}`).toBe('CN=Part,CN=Root');
  });

  test('are empty when the answer is known', async () => {
    expect((await ask(scene, [crlOf(root)])).report.references).toEqual([]);
    expect((await ask(scene, [crlOf(root, { revoked: [alice] })])).report.references).toEqual([]);
  });

  test('are there when the CRL at hand is stale', async () => {
    const stale = crlOf(root, { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' });
    expect((await ask(scene, [stale])).report.references.length).toBe(5);
  });

  test('without distribution points it is the entry of the issuer in a directory', async () => {
    const plain = person(root, 'Plain');
    expect(short((await ask({ leaf: plain, root }, [])).report.references)).toEqual(['crl CN=Root']);
  });

  test('name certificates of issuers where the signer of a CRL is missing', async () => {
    const keyless = authority(root, 'Keyless', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    });
    const bob = person(keyless, 'Bob', {
      extensions: [...mailExtensions(), informationAccess(access('2', 'http://crt.example/keyless.crt'))],
    });
    const crl = crlOf(keyless, { key: chainKey('crl') });
    const { report } = await ask({ leaf: bob, root, pool: [keyless] }, [crlOf(root), crl]);
    expect(short(report.references)).toEqual(['crl CN=Keyless', 'ca-issuers http://crt.example/keyless.crt']);
  });

  test('hundreds of them are cut', async () => {
    const names = Array.from({ length: 500 }, (_, n) => uri(`http://crl.example/${n}`));
    const many = person(root, 'Many', { extensions: [...mailExtensions(), crlPoints({ names })] });
    expect((await ask({ leaf: many, root }, [])).report.references.length).toBe(32);
  });

  test('an indirect CRL is with the entry of its issuer', async () => {
    const point = { issuer: nameOf('CRL issuer') };
    const bob = person(root, 'Bob 2', { extensions: [...mailExtensions(), crlPoints(point)] });
    expect(short((await ask({ leaf: bob, root }, [])).report.references)).toEqual(['crl CN=CRL issuer']);
    const named = { names: [directoryName(nameOf('Entry'))], issuer: nameOf('CRL issuer') };
    const carol = person(root, 'Carol 2', { extensions: [...mailExtensions(), crlPoints(named)] });
    expect(short((await ask({ leaf: carol, root }, [])).report.references)).toEqual(['crl CN=Entry']);
  });
});

describe('resolve', () => {
  test('is asked for one reference after the other, until the answer is known', async () => {
    const asked: string[] = [];
    const resolve = async ({ url }: RevocationReference) => {
      asked.push(url);
      return url === ldapUrl ? crlOctets(root) : undefined;
    };
    const { status, codes, report } = await ask(scene, [], { resolve });
    expect([status, codes]).toEqual(['good', []]);
    expect(asked).toEqual(['http://ocsp.example/', httpUrl, ldapUrl]);
    expect(report.references).toEqual([]);
  });

  test('may give PEM, and a CRL that revokes', async () => {
    const octets = crlOctets(root, { revoked: [alice] });
    const resolve = async ({ kind }: RevocationReference) =>
      kind === 'crl' ? bytesFromLatin1(encodePem('X509 CRL', octets)) : undefined;
    expect((await ask(scene, [], { resolve })).codes).toEqual(['revoked']);
  });

  test('is not asked when what is at hand answers, nor with `off`', async () => {
    let asked = 0;
    const resolve = async () => {
      asked++;
      return undefined;
    };
    expect((await ask(scene, [crlOf(root)], { resolve })).status).toBe('good');
    await pathOf(alice, [root], [], { revocation: { mode: 'off', resolve } });
    expect(asked).toBe(0);
  });

  test('is asked once for each reference, for several certificates too', async () => {
    const sub = authority(root, 'Sub');
    const asked: string[] = [];
    const resolve = async ({ url }: RevocationReference) => {
      asked.push(url);
      return url === 'CN=Root' ? crlOctets(root) : url === 'CN=Sub' ? crlOctets(sub) : undefined;
    };
    const leaf = person(sub, 'Dora');
    expect((await ask({ leaf, root, pool: [sub] }, [], { resolve })).statuses).toEqual(['good', 'good']);
    expect(asked).toEqual(['CN=Root', 'CN=Sub']);
    // Certificates of the same issuer have the same CRL.
    const deep = authority(sub, 'Deep');
    const other = await pathOf(person(deep, 'Erin'), [root], [sub, deep], {
      revocation: { mode: 'require', resolve },
    });
    expect(other.revocation.map(({ status }) => status)).toEqual(['unknown', 'good', 'good']);
    expect(asked.slice(2)).toEqual(['CN=Root', 'CN=Sub', 'CN=Deep']);
  });

  test('what it throws, and what cannot be read, is reported', async () => {
    const resolve = async ({ url }: RevocationReference): Promise<Uint8Array | undefined> => {
      if (url === httpUrl) throw new Error('connection refused');
      if (url === ldapUrl) return Uint8Array.of(0x30, 0x01);
      if (url.startsWith('CN=')) return 'text' as unknown as Uint8Array;
      return undefined;
    };
    const { status, report } = await ask(scene, [], { resolve });
    expect(status).toBe('unknown');
    expect(report.problems.map(({ code }) => code)).toEqual([
      'resolve-failed',
      'malformed',
      'resolve-failed',
      'nothing-at-hand',
    ]);
    expect(report.problems[0]?.message).toBe(`${httpUrl} could not be fetched: connection refused`);
  });

  test('fetches the certificate of a signer', async () => {
    const keyless = authority(root, 'Keyless', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    });
    const crlKey = chainKey('the crl key');
    const signer = authority(root, 'Keyless', { key: crlKey, extensions: [keyUsage('cRLSign')] });
    const bob = person(keyless, 'Bob', {
      extensions: [...mailExtensions(), informationAccess(access('2', 'http://crt.example/keyless.crt'))],
    });
    const resolve = async ({ kind }: RevocationReference) =>
      kind === 'ca-issuers' ? signer.certificate.bytes : undefined;
    const crls = [crlOf(root), crlOf(keyless, { key: crlKey })];
    const { statuses } = await ask({ leaf: bob, root, pool: [keyless] }, crls, { resolve });
    expect(statuses).toEqual(['good', 'good']);
  });

  test('fetches a complete CRL, then the delta upon it where the complete one is stale', async () => {
    const stale = { number: 5, from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
    const resolve = async ({ delta }: RevocationReference) =>
      crlOctets(root, delta === true ? { number: 6, base: 5 } : stale);
    expect((await ask(scene, [], { resolve })).status).toBe('good');
  });

  test('a hostile server that always has one more makes no more than 48 calls', async () => {
    const names = Array.from({ length: 30 }, (_, n) => uri(`http://crl.example/${n}`));
    const cas = [root];
    for (let n = 0; n < 5; n++) {
      const points = crlPoints({ names: names.map((_, i) => uri(`http://crl.example/${n}/${i}`)) });
      cas.push(
        authority(cas.at(-1), `Level ${n}`, {
          extensions: [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign'), points],
        }),
      );
    }
    let calls = 0;
    const resolve = async () => {
      calls++;
      return crlOctets(root, { forged: true, number: calls });
    };
    const leaf = person(cas.at(-1), 'Leaf');
    const path = await pathOf(leaf, [root], cas.slice(1), { revocation: { mode: 'check', resolve } });
    // What was not looked into to the end is not taken for good.
    expect([new Set(path.problems.map(({ code }) => code)), calls]).toEqual([new Set(['search-limit']), 48]);
  });
});
