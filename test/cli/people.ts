import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder with files of OpenSSL's. */
export interface OpensslFolder {
  /** The path of a file. */
  readonly at: (name: string) => string;
  /** Its octets as characters. */
  readonly read: (name: string) => string;
  /** Runs OpenSSL there and gives what it prints. */
  readonly openssl: (...args: string[]) => string;
  /** Has OpenSSL make a file of CMS from the octets of another (`-sign`, `-encrypt`). */
  readonly cms: (operation: string, from: string, to: string, ...args: string[]) => void;
}

/** A folder in which OpenSSL works. */
export function opensslFolder(folder: string): OpensslFolder {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  return {
    at,
    read: (name) => readFileSync(at(name), 'latin1'),
    openssl,
    cms: (operation, from, to, ...args) => {
      openssl('cms', operation, '-binary', '-in', from, '-out', to, ...args);
    },
  };
}

/** A person's name, the kind of his key, and what it is for. */
export type Person = readonly [name: string, kind: 'rsa' | 'ec', keyUsage: string];

const kinds = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
} as const;

/** Makes an authority (`ca.pem`, `ca.key`), and for each person NAME.key and NAME.pem. */
export function makePeople(
  { at, openssl }: Pick<OpensslFolder, 'at' | 'openssl'>,
  people: readonly Person[],
): void {
  const ca = ['-subj', '/CN=Example Mail CA', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  openssl('req', '-x509', ...kinds.rsa, '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', ...ca);
  for (const [name, kind, usage] of people) {
    writeFileSync(
      at(`${name}.ext`),
      `subjectAltName=email:${name}@example.jp\nkeyUsage=critical,${usage}\nextendedKeyUsage=emailProtection\n`,
    );
    openssl(
      ...['req', ...kinds[kind], '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`],
      ...['-subj', `/CN=${name}`],
    );
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '30'],
      ...['-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
  }
}
