import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';

/** Octets that one side sent before the other side spoke. */
export interface TranscriptTurn {
  readonly from: 'client' | 'server';
  readonly octets: Uint8Array<ArrayBuffer>;
}

/**
 * What went over one connection, as text: a line for each line of the wire,
 * `C: ` or `S: ` before it. Octets that are no printable ASCII, and backslashes,
 * are `\xHH`; a backslash at the end says that CR LF does not follow.
 */
export class Transcript {
  readonly #turns: { readonly from: 'client' | 'server'; text: string }[] = [];

  add(from: 'client' | 'server', octets: Uint8Array): void {
    const text = latin1FromBytes(octets);
    const last = this.#turns.at(-1);
    if (last?.from === from) last.text += text;
    else this.#turns.push({ from, text });
  }

  /** @param about - lines that say what this is; they come first. */
  format(about: readonly string[]): string {
    const lines = about.map((line) => `# ${line}`);
    for (const { from, text } of this.#turns) {
      const prefix = from === 'client' ? 'C: ' : 'S: ';
      const pieces = withoutCircumstances(text).split('\r\n');
      const rest = pieces.pop();
      lines.push(...pieces.map((piece) => prefix + escaped(piece)));
      if (rest !== undefined && rest !== '') lines.push(`${prefix}${escaped(rest)}\\`);
    }
    return `${lines.join('\n')}\n`;
  }
}

function escaped(text: string): string {
  return text.replace(
    /[^ -~]|\\/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** What is another one in each run, or on each machine, gives way to the same: nothing of it stands in a literal. */
function withoutCircumstances(text: string): string {
  const year = new Date().getUTCFullYear();
  const seconds = Math.floor(Date.now() / 1000);
  return text
    .replaceAll(`@${hostname()}`, '@mail.example')
    .replace(/"(os-version|environment|version)" "[^"]*"/g, '"$1" "1.0"')
    .replace(/SESSIONID=<[^>]*>/g, 'SESSIONID=<mail.example-1>')
    .replace(/\((\d+\.\d{3}[^()]*secs[^()]*)\)/g, '(0.001 secs)')
    .replace(new RegExp(`"[ \\d]\\d-\\w{3}-${year} [\\d:]{8} \\+0000"`, 'g'), '"01-Jan-2022 00:00:00 +0000"')
    .replace(/\b\d{9,10}\b/g, (digits) => {
      // UIDVALIDITY is the time in seconds, and with Courier without its first digit.
      const age = Math.abs((Number(digits) % 1e9) - (seconds % 1e9));
      return age < 86_400 ? '1000000001' : digits;
    });
}

/** @throws Error for a line that is none of a transcript. */
export function parseTranscript(text: string): TranscriptTurn[] {
  const turns: { from: 'client' | 'server'; text: string }[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    const from = line.startsWith('C: ') ? 'client' : line.startsWith('S: ') ? 'server' : undefined;
    if (from === undefined) throw new Error(`not a line of a transcript: ${line}`);
    const isOpen = /(^|[^\\])\\$/.test(line);
    const octets = line
      .slice(3, isOpen ? -1 : undefined)
      .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    const last = turns.at(-1);
    const whole = isOpen ? octets : `${octets}\r\n`;
    if (last?.from === from) last.text += whole;
    else turns.push({ from, text: whole });
  }
  return turns.map((turn) => ({ from: turn.from, octets: bytesFromLatin1(turn.text) }));
}

/** Where the transcripts are that were recorded from real servers. */
export const transcriptFolder = fileURLToPath(new URL('../vectors/imap/', import.meta.url));

/** The transcripts that are checked in. */
export function readTranscripts(): { readonly name: string; readonly turns: TranscriptTurn[] }[] {
  return readdirSync(transcriptFolder)
    .filter((file) => file.endsWith('.transcript'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.transcript$/, ''),
      turns: parseTranscript(readFileSync(`${transcriptFolder}${file}`, 'utf8')),
    }));
}
