import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePem } from '../../src/encoding/pem.js';
import type { Holder } from './chains.js';
import { judgedAt, type RandomChain } from './random-chains.js';

/** One complaint of `openssl verify`: X509_V_ERR_… as a number, and at which certificate, 0 being the end entity. */
export interface OpensslError {
  readonly number: number;
  readonly depth: number;
}

const batchSize = 40;

/**
 * What `openssl verify` says of each chain: no errors where it accepts. Chains
 * that ask the same are judged in one process; no name of one is that of
 * another, so none finds an issuer among the others' certificates.
 */
export async function opensslVerdicts(
  folder: string,
  chains: readonly RandomChain[],
): Promise<Map<RandomChain, readonly OpensslError[]>> {
  const batches = new Map<string, RandomChain[][]>();
  for (const chain of chains) {
    const key = argumentsOf(chain).join(' ');
    const list = batches.get(key) ?? [];
    if (list.at(-1) === undefined || list.at(-1)!.length === batchSize) list.push([]);
    list.at(-1)!.push(chain);
    batches.set(key, list);
  }
  const verdicts = new Map<RandomChain, readonly OpensslError[]>();
  const waiting = [...batches.values()].flat().map((batch, n) => ({ batch, n }));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { batch, n } = next;
      const answers = await judge(join(folder, `${n}`), batch);
      for (const chain of batch) verdicts.set(chain, answers.get(chain.index)!);
    }
  };
  await Promise.all([worker(), worker()]);
  return verdicts;
}

function argumentsOf({ crls, policies }: RandomChain): string[] {
  return [
    ...(crls === undefined ? [] : ['-crl_check_all', '-extended_crl', '-use_deltas']),
    '-policy_check',
    ...policies.acceptable.flatMap((oid) => ['-policy', oid]),
    ...(policies.requireExplicit ? ['-explicit_policy'] : []),
    ...(policies.inhibitMapping ? ['-inhibit_map'] : []),
    ...(policies.inhibitAny ? ['-inhibit_any'] : []),
  ];
}

async function judge(folder: string, batch: readonly RandomChain[]): Promise<Map<number, OpensslError[]>> {
  mkdirSync(folder);
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const pem = (holders: readonly Holder[]): string =>
    holders.map(({ certificate }) => encodePem('CERTIFICATE', certificate.bytes)).join('');
  const bundle = (name: string, option: string, text: string): string[] =>
    text === '' ? [] : [option, write(name, text)];
  const files = batch.map(({ index, leaf }) => write(`leaf-${index}`, pem([leaf])));
  const crls = batch.flatMap((chain) => chain.crls ?? []).map((crl) => encodePem('X509 CRL', crl));
  const output = await run([
    ...['verify', '-purpose', 'smimesign', '-attime', String(judgedAt.getTime() / 1000)],
    ...['-no-CApath', '-no-CAstore'],
    ...bundle('roots', '-CAfile', pem(batch.flatMap(({ roots }) => roots))),
    ...bundle('pool', '-untrusted', pem(batch.flatMap(({ pool }) => pool))),
    ...bundle('crls', '-CRLfile', crls.join('')),
    ...argumentsOf(batch[0]!),
    ...files,
  ]);
  const verdicts = new Map<number, OpensslError[]>();
  for (const [, index] of output.stdout.matchAll(/leaf-(\d+): OK$/gm)) verdicts.set(Number(index), []);
  let errors: OpensslError[] = [];
  for (const line of output.stderr.split('\n')) {
    const [, number, depth] = /^error (\d+) at (\d+) depth lookup/.exec(line) ?? [];
    if (number !== undefined) errors.push({ number: Number(number), depth: Number(depth) });
    const [, index] = /^error \S*leaf-(\d+): verification failed$/.exec(line) ?? [];
    if (index === undefined) continue;
    verdicts.set(Number(index), errors);
    errors = [];
  }
  const silent = batch.filter(({ index }) => !verdicts.has(index));
  if (silent.length > 0)
    throw new Error(`openssl verify said nothing of ${silent.length} chains: ${output.stderr}`);
  return verdicts;
}

function run(args: string[]): Promise<{ stdout: string; stderr: string }> {
  // Its status says only whether it accepted all of them.
  return new Promise((resolve) => {
    execFile('openssl', args, { maxBuffer: 1 << 26 }, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}
