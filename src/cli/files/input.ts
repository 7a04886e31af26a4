import { createReadStream, fstatSync, readFileSync, statSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { asBytes, type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type Certificate, parseCertificates } from '../../x509/certificate/certificate.js';
import { type CertificateList, parseCrls } from '../../x509/revocation/crl.js';
import { type OcspResponse, parseOcspResponse } from '../../x509/revocation/ocsp-response.js';
import type { Progress } from '../report/progress.js';
import { piecesOfFile, piecesOfStandardInput } from './read-file.js';

/** Something wrong with the command line or with a file that it names. */
export class UsageError extends Error {}

/** The options that a command knows. */
export type Options = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a command, options by name and the rest in order. */
export interface CommandLine {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  /** The one FILE; `undefined` where none was named. */
  readonly file: string | undefined;
  /** The option behind which FILE stood, as the last of the words that the option takes; `undefined` where it stood by itself. */
  readonly fileBehind?: string;
}

/**
 * Parses the arguments of a command. An option that may be repeated takes the
 * words after it too (`--roots a.pem b.pem`), but for the last one where no
 * FILE stands elsewhere.
 */
export function commandLine(args: readonly string[], options: Options): CommandLine {
  const { values: given, tokens } = parsing(() =>
    parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true }),
  );
  const values: Record<string, string | boolean | (string | boolean)[] | undefined> = { ...given };
  const files: string[] = [];
  const greedy: { option: string; word: string }[] = [];
  let last: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'option') last = options[token.name]?.multiple === true ? token.name : undefined;
    else if (token.kind === 'option-terminator') last = undefined;
    else if (last === undefined) files.push(token.value);
    else greedy.push({ option: last, word: token.value });
  }
  const taken = files.length === 0 ? greedy.pop() : undefined;
  if (taken !== undefined) files.push(taken.word);
  for (const { option, word } of greedy) values[option] = [...(values[option] as string[]), word];
  if (files.length > 1)
    throw new UsageError(`one FILE is wanted, there are ${files.length}: ${files.join(', ')}`);
  return { values, file: files[0], ...(taken !== undefined && { fileBehind: taken.option }) };
}

/** Gives what parseArgs gives; what it throws about the arguments is said in one sentence. */
function parsing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first sentence says what is wrong, the others how node's parser works.
    throw new UsageError(error.message.split('. ')[0]);
  }
}

/** What is read is kept in memory whole; nobody mails more than this. */
const mostOctets = 2 ** 30;

/** Reads a file, or the standard input for `-`. */
export async function readInput(file: string): Promise<Bytes> {
  const name = file === '-' ? 'the standard input' : file;
  try {
    if (file === '-') return await collect(piecesOfStandardInput(), name);
    const { size } = statSync(file);
    // A pipe or a device has no size, and perhaps no end.
    if (!statSync(file).isFile()) return await collect(createReadStream(file), name);
    if (size > mostOctets) throw tooLarge(name);
    return asBytes(readFileSync(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${name}: ${fileFault(error)}`);
  }
}

/**
 * Reads a file, or the standard input for `-`, in chunks: what is not kept has no limit. The memory of a chunk is used
 * again for the one after the next.
 *
 * @param progress is told how far it is, where that is wanted
 */
export async function* readChunks(file: string, progress?: Progress): AsyncGenerator<Uint8Array> {
  const name = file === '-' ? 'the standard input' : file;
  const chunks = file === '-' ? piecesOfStandardInput() : piecesOfFile(file);
  try {
    for (;;) {
      const { done, value } = await reading(name, () => chunks.next());
      if (done === true) return;
      progress?.add(value.length);
      yield value;
    }
  } finally {
    progress?.clear();
    await chunks.return(undefined);
  }
}

async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${fileFault(error)}`);
  }
}

/** How long a file is; `undefined` for what is none, such as a pipe. */
export function inputLength(file: string): number | undefined {
  try {
    const stats = file === '-' ? fstatSync(0) : statSync(file);
    return stats.isFile() ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, name: string): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    // The memory is used again.
    chunks.push(chunk.slice());
    length += chunk.length;
    if (length > mostOctets) throw tooLarge(name);
  }
  return concatBytes(chunks);
}

function tooLarge(name: string): UsageError {
  return new UsageError(`${name} is larger than 1 GiB`);
}

/**
 * The FILE of a command line: the standard input where none is named, but not
 * a terminal, before which a person would wait in vain.
 */
export function fileOf({ file }: CommandLine): string {
  if (file === '')
    throw new UsageError('the name of FILE is empty; name a FILE, or "-" for the standard input');
  if (file === undefined && process.stdin.isTTY === true)
    throw new UsageError('name a FILE, or "-" to type or paste one');
  return file ?? '-';
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'no space is left of what its owner may use',
  EFBIG: 'it would be larger than files may be here',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'it is a symbolic link to itself',
};

/** What the system says about a file, in words. */
export function fileFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return faults[code ?? ''] ?? code ?? (error instanceof Error ? error.message : String(error));
}

/** Reads the certificates of PEM or DER files that an option names. */
export function readCertificates(files: readonly string[], option: string): Promise<Certificate[]> {
  return readAll(files, option, 'certificate', parseCertificates);
}

/** Reads the CRLs of PEM or DER files that an option names. */
export function readCrls(files: readonly string[], option: string): Promise<CertificateList[]> {
  return readAll(files, option, 'CRL', parseCrls);
}

/** Reads the OCSP responses of files that an option names. */
export function readOcspResponses(files: readonly string[], option: string): Promise<OcspResponse[]> {
  return readAll(files, option, 'OCSP response', (octets) => [parseOcspResponse(octets)]);
}

async function readAll<T>(
  files: readonly string[],
  option: string,
  what: string,
  parse: (octets: Uint8Array) => readonly T[],
): Promise<T[]> {
  const all: T[] = [];
  for (const file of files) {
    const octets = await readInput(file);
    let found: readonly T[];
    try {
      found = parse(octets);
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      throw new UsageError(`${option} ${file}: its ${what} cannot be read: ${error.message}`);
    }
    if (found.length === 0) throw new UsageError(`${option} ${file}: there is no ${what} in it`);
    all.push(...found);
  }
  return all;
}

/** What the input looks like: octets of CMS (DER, BER or PEM), or a message. */
export function looksLikeCms(octets: Uint8Array): boolean {
  // A SEQUENCE with a length, and inside it an OBJECT IDENTIFIER: no header field looks so.
  if (octets[0] === 0x30 && octets.subarray(1, 12).includes(0x06)) return true;
  return /^\s*-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----/.test(latin1FromBytes(octets.subarray(0, 200)));
}

const isoTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Reads a date such as `2026-06-01`, or a date and time; UTC where no zone stands there. */
export function parseTime(text: string): Date | undefined {
  const [, date, time = '00:00', zone = 'Z'] = isoTime.exec(text) ?? [];
  if (date === undefined) return undefined;
  const moment = new Date(`${date}T${time}${zone}`);
  // The platform reads 30 February as 2 March; that is no date.
  const sameDay = new Date(`${date}T00:00Z`).toJSON()?.slice(0, 10) === date;
  return sameDay && !Number.isNaN(moment.getTime()) ? moment : undefined;
}
