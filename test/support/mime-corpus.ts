import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const corpusFolder = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

/** The files of a folder of the corpus that satisfy `wanted`, at any depth, in a stable order. */
export function listCorpus(folder: string, wanted: (path: string) => boolean): string[] {
  const root = join(corpusFolder, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(corpusFolder, join(entry.parentPath, entry.name)))
    .filter(wanted)
    .sort();
}

/** The octets with every line end as LF. */
export function withLf(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(Buffer.from(octets).toString('latin1').replaceAll('\r', ''), 'latin1'));
}

/** The octets with every line end as CRLF. */
export function withCrlf(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(octets).toString('latin1').replaceAll(/\r?\n/g, '\r\n');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
