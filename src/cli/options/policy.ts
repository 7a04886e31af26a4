import type { VerificationPolicy } from '../../smime/verify/verify-seal.js';
import { algorithmPolicyNow, algorithmPolicyOldMail } from '../../x509/path/algorithm-policy.js';
import { type CommandLine, type Options, parseTime, readCertificates, UsageError } from '../files/input.js';
import { assertFiles } from '../files/output.js';
import { revocationFiles, revocationOf, revocationOptions } from './revocation.js';

/** The options of `mailseal verify` that say what makes a signer verified. */
export const policyOptions: Options = {
  roots: { type: 'string', multiple: true },
  certs: { type: 'string', multiple: true },
  ...revocationOptions,
  policy: { type: 'string', multiple: true },
  algorithms: { type: 'string' },
  at: { type: 'string' },
  'trusted-time': { type: 'string' },
  'timestamp-roots': { type: 'string', multiple: true },
  email: { type: 'string' },
  'any-signer': { type: 'boolean' },
};

/** The options of `mailseal verify` that name files. */
const filesRead = [
  ...['roots', 'certs', ...revocationFiles, 'timestamp-roots', 'content'],
  ...['p12', 'key', 'cert', 'password-file'],
];

type Values = CommandLine['values'];

/** Reads these options, and the files that they name. */
export async function policyOf(line: CommandLine, file: string): Promise<VerificationPolicy> {
  const { values } = line;
  const wanted = text(values, 'at');
  const acceptSigningTime = wanted === 'signing';
  const at =
    wanted === undefined || acceptSigningTime ? new Date() : timeOf('--at', wanted, ', or "signing"');
  const trusted = text(values, 'trusted-time');
  const trustedTime = trusted === undefined ? undefined : timeOf('--trusted-time', trusted);
  if (trustedTime !== undefined && trustedTime > at)
    throw new UsageError(`--trusted-time ${trusted}: it lies after the time of verification`);
  const address = text(values, 'email');
  if (address !== undefined && !/^[^@\s]+@[^@\s]+$/.test(address))
    throw new UsageError(`--email ${address}: give an address such as hanako@example.jp`);
  if (address !== undefined && values['any-signer'] === true)
    throw new UsageError(
      '--any-signer does not compare the signer with anybody, --email does: give one of them',
    );
  assertFiles(line, file, filesRead);
  const roots = list(values, 'roots');
  const more = list(values, 'certs');
  const stamping = list(values, 'timestamp-roots');
  const revocation = await revocationOf(line);
  return {
    at,
    acceptSigningTime,
    requireIdentity: values['any-signer'] !== true,
    algorithms: algorithmsOf(text(values, 'algorithms')),
    ...policiesOf(list(values, 'policy')),
    ...(revocation === undefined ? {} : { revocation }),
    ...(trustedTime === undefined ? {} : { trustedTime }),
    ...(roots === undefined ? {} : { roots: await readCertificates(roots, '--roots') }),
    ...(more === undefined ? {} : { certificates: await readCertificates(more, '--certs') }),
    ...(stamping === undefined
      ? {}
      : { timestampRoots: await readCertificates(stamping, '--timestamp-roots') }),
    ...(address === undefined ? {} : { address }),
  };
}

/** Whoever names policies wants the path to be valid for one of them. */
function policiesOf(oids: readonly string[] | undefined): Pick<VerificationPolicy, 'policies'> {
  if (oids === undefined) return {};
  for (const oid of oids) {
    if (!/^\d+(?:\.\d+)+$/.test(oid))
      throw new UsageError(`--policy ${oid}: give an object identifier such as 2.23.140.1.5.1.1`);
  }
  return { policies: { acceptable: oids, requireExplicit: true } };
}

function algorithmsOf(name: string | undefined): typeof algorithmPolicyNow {
  if (name === undefined || name === 'now') return algorithmPolicyNow;
  if (name === 'old-mail') return algorithmPolicyOldMail;
  throw new UsageError(`--algorithms ${name}: give "now" or "old-mail"`);
}

function timeOf(option: string, value: string, others = ''): Date {
  const time = parseTime(value);
  if (time === undefined)
    throw new UsageError(
      `${option} ${value}: give a date such as 2026-06-01 or 2026-06-01T09:30:00Z${others}`,
    );
  return time;
}

function text(values: Values, name: string): string | undefined {
  return values[name] as string | undefined;
}

function list(values: Values, name: string): readonly string[] | undefined {
  return values[name] as readonly string[] | undefined;
}
