import { readFileSync } from 'node:fs';
import { type BerNode, readBer } from '../../src/asn1/reader.js';
import { decodeMimeBase64 } from '../../src/encoding/mime-base64-decoder.js';
import { parseMessage } from '../../src/mime/message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { parseCertificates } from '../../src/x509/certificate/certificate.js';
import { damaged } from './damage.js';

const folder = 'test/vectors/demo';
const message = new Uint8Array(readFileSync(`${folder}/signed.eml`));
const p7s = new Uint8Array(readFileSync(`${folder}/smime.p7s`));
const content = new Uint8Array(readFileSync(`${folder}/signed-content.bin`));
const policy = {
  roots: parseCertificates(readFileSync(`${folder}/root.crt.pem`)),
  at: new Date('2027-01-01T00:00:00Z'),
};

/** How many flips there were, and how many of those that still verify lie in which region. */
export interface Flips {
  cases: number;
  readonly verified: Record<string, number>;
}

/**
 * What of a SignedData no signature is over, by the way to it in the demo's
 * p7s: changing it can change no answer, since nothing is decided by it.
 */
const unsignedElements: Readonly<Record<string, string>> = {
  '/1/0/0': 'version of SignedData',
  '/1/0/1': 'digestAlgorithms, a hint for those who read in one pass',
  '/1/0/4/0/0': 'version of SignerInfo',
  // RFC 5280 §7.1 compares names without regard to letter case and string type.
  '/1/0/4/0/1/0': 'letter case and string types of the name that finds the certificate',
  '/1/0/4/0/1/1': 'the type of the number that finds the certificate (ENUMERATED)',
  '/1/0/4/0/4/1': 'parameters of rsaEncryption, which has none',
};

/** The way from the root to the innermost element at an offset: the place of each among its siblings. */
function wayTo(node: BerNode, offset: number): string {
  if (!node.constructed) return '';
  const i = node.children.findIndex((child) => offset >= child.start && offset < child.end);
  return i < 0 ? '' : `/${i}${wayTo(node.children[i]!, offset)}`;
}

function unsignedElement(offset: number): string | undefined {
  const way = wayTo(readBer(p7s), offset);
  const known = Object.keys(unsignedElements).find((each) => way === each || way.startsWith(`${each}/`));
  return known && unsignedElements[known];
}

/** Flips octets of the demo's p7s; throws where one counts that should not. */
export async function flipSignature(patternsOf: (at: number) => readonly number[]): Promise<Flips> {
  const flips: Flips = { cases: 0, verified: {} };
  for (let at = 0; at < p7s.length; at++) {
    for (const pattern of patternsOf(at)) {
      flips.cases++;
      const octets = damaged(p7s, { kind: 'flip', at, pattern });
      const options = { ...policy, content, address: 'hanako@example.jp' };
      const seal = await verifySignatureFile(octets, options).catch(() => undefined);
      if (seal?.verified !== true) continue;
      note(
        flips,
        unsignedElement(at),
        `octet ${at} of the p7s (${wayTo(readBer(p7s), at)}), pattern ${pattern}`,
      );
    }
  }
  return flips;
}

/** Flips octets of the demo's message; throws where one counts that should not. */
export async function flipMessage(patternsOf: (at: number) => readonly number[]): Promise<Flips> {
  const flips: Flips = { cases: 0, verified: {} };
  for (let at = 0; at < message.length; at++) {
    for (const pattern of patternsOf(at)) {
      flips.cases++;
      const octets = damaged(message, { kind: 'flip', at, pattern });
      const report = await verifyMessage(octets, policy);
      if (!report.verified) continue;
      note(flips, unsignedRegion(at, octets), `octet ${at} of the message, pattern ${pattern}`);
    }
  }
  return flips;
}

function note({ verified }: Flips, region: string | undefined, place: string): void {
  if (region === undefined) throw new Error(`${place}: it still verifies, though this is signed`);
  verified[region] = (verified[region] ?? 0) + 1;
}

/** The region of an octet that no signature is over; `undefined` where one is. */
function unsignedRegion(at: number, octets: Uint8Array): string | undefined {
  const root = parseMessage(message);
  const [signed, signature] = root.parts;
  const [opening, middle] = root.delimiters;
  const from = root.headers.get('from')!;
  const address = Buffer.from(message).indexOf('<hanako@example.jp>');
  const addressLength = '<hanako@example.jp>'.length;
  if (at < root.headersEnd) {
    if (at < from.start || at >= from.end) return 'header fields of the message other than From';
    if (at < address || at >= address + addressLength) return 'the name in From beside its address';
    const isCase = (message[at]! ^ octets[at]!) === 0x20 && /[a-z]/i.test(String.fromCharCode(message[at]!));
    return isCase ? 'letter case of the address in From' : undefined;
  }
  if (at >= root.preamble!.start && at < opening!.start) return 'preamble';
  // A delimiter's CR may be missing: LF ends a line too (mail stored on Unix).
  if (at === opening!.start && message[at] === 0x0d) return 'CR before the first delimiter';
  if (at >= signed!.start && at < signed!.end) return undefined;
  // RFC 2046 §5.1.1: blanks may follow a delimiter, and a CR with one bit changed is a tab.
  if (at === opening!.end - 2 || at === middle!.end - 2) return 'CR after a delimiter';
  if (at >= middle!.start && at < middle!.end) return undefined;
  if (at < signature!.bodyStart) return 'header of the signature part';
  if (at >= signature!.end) return 'what follows the signature part';
  // The p7s itself: where it still decodes to what it was, or differs in what no signature is over.
  const decoded = decodeMimeBase64(octets.subarray(signature!.bodyStart, signature!.end)).content;
  const changed = [...p7s.keys()].filter((i) => decoded[i] !== p7s[i]);
  if (changed.length === 0) return 'line ends of the base64 of the signature';
  return changed.every((i) => unsignedElement(i) !== undefined) ? unsignedElement(changed[0]!) : undefined;
}
