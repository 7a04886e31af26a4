import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { type Certificate, parseCertificates } from '../x509/certificate.js';

/** Something wrong with the command line or with a file that it names. */
export class UsageError extends Error {}

/** The arguments of a command, options by name and the rest in order. */
export interface CommandLine {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Parses the arguments of a command. An option that may be repeated takes the
 * words after it too (`--roots a.pem b.pem`), but for the last one where no
 * FILE stands elsewhere.
 */
export function commandLine(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): CommandLine {
  try {
    const parsed = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const values: Record<string, string | boolean | (string | boolean)[] | undefined> = { ...parsed.values };
    const positionals: string[] = [];
    const greedy: { option: string; word: string }[] = [];
    let last: string | undefined;
    for (const token of parsed.tokens) {
      if (token.kind === 'option') last = options[token.name]?.multiple === true ? token.name : undefined;
      else if (token.kind === 'option-terminator') last = undefined;
      else if (last === undefined) positionals.push(token.value);
      else greedy.push({ option: last, word: token.value });
    }
    if (positionals.length === 0 && greedy.length > 0) positionals.push(greedy.pop()!.word);
    for (const { option, word } of greedy)
      values[option] = [...((values[option] as string[] | undefined) ?? []), word];
    if (positionals.length > 1) throw new UsageError(`one FILE is wanted, there are ${positionals.length}`);
    return { values, positionals };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Reads a file, or the standard input for `-` or nothing. */
export function readInput(file: string | undefined): Bytes {
  try {
    return asBytes(readFileSync(file === undefined || file === '-' ? 0 : file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${file ?? 'the standard input'}: ${code ?? String(error)}`);
  }
}

/** Reads the certificates of PEM or DER files that an option names. */
export function readCertificates(files: readonly string[], option: string): Certificate[] {
  return files.flatMap((file) => {
    try {
      const certificates = parseCertificates(readInput(file));
      if (certificates.length > 0) return certificates;
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
    }
    throw new UsageError(`${option} ${file}: there is no certificate in it`);
  });
}

/** What the input looks like: octets of CMS (DER, BER or PEM), or a message. */
export function looksLikeCms(octets: Uint8Array): boolean {
  // A SEQUENCE with a length, and inside it an OBJECT IDENTIFIER: no header field looks so.
  if (octets[0] === 0x30 && octets.subarray(1, 12).includes(0x06)) return true;
  const start = new TextDecoder('latin1').decode(octets.subarray(0, 200));
  return /^\s*-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----/.test(start);
}
