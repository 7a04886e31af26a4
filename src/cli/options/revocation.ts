import type { RevocationOptions } from '../../x509/revocation/revocation-options.js';
import { type CommandLine, type Options, readCrls, readOcspResponses, UsageError } from '../files/input.js';

/** The options that say what is known of revoked certificates. */
export const revocationOptions: Options = {
  crl: { type: 'string', multiple: true },
  ocsp: { type: 'string', multiple: true },
  revocation: { type: 'string' },
};

/** Those of them that name files. */
export const revocationFiles = ['crl', 'ocsp'] as const;

/** Reads them, and the files that they name. Without any there is nothing: what else brings evidence is used alone. */
export async function revocationOf({ values }: CommandLine): Promise<RevocationOptions | undefined> {
  const mode = values['revocation'] as string | undefined;
  if (mode !== undefined && mode !== 'require' && mode !== 'check' && mode !== 'off')
    throw new UsageError(`--revocation ${mode}: give "require", "check" or "off"`);
  const crls = values['crl'] as string[] | undefined;
  const responses = values['ocsp'] as string[] | undefined;
  if (mode === undefined && crls === undefined && responses === undefined) return undefined;
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(crls === undefined ? {} : { crls: await readCrls(crls, '--crl') }),
    ...(responses === undefined ? {} : { ocspResponses: await readOcspResponses(responses, '--ocsp') }),
  };
}
