import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith } from './requirement.js';

const corpusFolder = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

/** The octets of a file of the corpus beside the checkout. */
export function readCorpus(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(corpusFolder, path)));
}

/** A JSON file of the corpus; the caller states its shape. */
export function readCorpusJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(corpusFolder, path), 'utf8')) as T;
}

/**
 * Declares tests over one set of the corpus. Where the set is not there they
 * count as one skipped test, under `CI=true` as one failed test.
 */
export function describeCorpus(set: string, declare: () => void): void {
  describeWith(`corpus ${set}`, existsSync(join(corpusFolder, set)), declare);
}
