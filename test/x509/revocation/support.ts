import type { CertificateList } from '../../../src/x509/revocation/crl.js';
import type { RevocationOptions } from '../../../src/x509/revocation/revocation-options.js';
import type { CertificateRevocation } from '../../../src/x509/revocation/revocation-report.js';
import type { Holder } from '../../support/chains.js';
import { pathOf } from '../support.js';

/** Everything around a certificate of which the revocation is asked. */
export interface Scene {
  readonly leaf: Holder;
  readonly root: Holder;
  readonly pool?: readonly Holder[];
}

/** What is said about the end entity, and the codes of the path's problems. */
export interface Answer {
  readonly status: CertificateRevocation['status'];
  readonly codes: readonly string[];
  readonly why: readonly string[];
  readonly report: CertificateRevocation;
  /** All certificates' statuses, from the end entity up. */
  readonly statuses: readonly string[];
}

/** Asks for the path of a certificate with these CRLs, `require` unless said otherwise. */
export async function ask(
  { leaf, root, pool = [] }: Scene,
  crls: readonly CertificateList[],
  revocation: RevocationOptions = {},
): Promise<Answer> {
  const path = await pathOf(leaf, [root], pool, { revocation: { mode: 'require', crls, ...revocation } });
  const report = path.revocation[0]!;
  return {
    status: report.status,
    codes: path.problems.map(({ code }) => code),
    why: report.problems.map(({ code }) => code),
    report,
    statuses: path.revocation.map(({ status }) => status),
  };
}
