// Verifies the signed messages of a mailbox on an IMAP server, and fetches no
// more of each than its signatures need:
//
//   IMAP_PASSWORD=… npx tsx examples/imap-verify.ts imaps://anna@mail.example/INBOX ROOTS.pem
//
// imaps: is TLS from the beginning, imap: begins it with STARTTLS. Nothing is
// sent in the clear, and nothing in the mailbox is changed.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  type BodyStructure,
  type FetchedSection,
  type FetchItem,
  messageFromSections,
  sectionsToVerify,
  sequenceSetOf,
} from 'mailseal/imap';
import { Envelope } from 'mailseal/mime';
import { type VerificationReport, type VerifyMessageOptions, verifyMessage } from 'mailseal/smime';
import { parseCertificates } from 'mailseal/x509';
import { ImapConnection } from './imap-connection.js';

/** A signed message, and what verifying it told. */
export interface VerifiedMessage {
  readonly uid: number;
  /** From and Subject of the octets that were verified, never what the server tells in ENVELOPE. */
  readonly from: string;
  readonly subject: string;
  /** `undefined` where the server did not give the message. */
  readonly report: VerificationReport | undefined;
  /** Octets of it that were fetched, and octets that it has. */
  readonly fetched: number;
  readonly size: number;
  /** Why the whole message was fetched where parts of it should have been enough. */
  readonly fellBack: string | undefined;
}

/** How many messages are asked for at once. */
const BATCH = 200;

const overview: readonly FetchItem[] = ['UID', 'RFC822.SIZE', 'BODYSTRUCTURE'];
const wholeMessage: FetchItem = { item: 'BODY', section: { part: [] }, peek: true };

/** Finds the messages of a mailbox that S/MIME signed, and verifies each from the sections that this needs. */
export async function* verifyMailbox(
  connection: ImapConnection,
  mailbox: string,
  options: VerifyMessageOptions,
): AsyncGenerator<VerifiedMessage> {
  // EXAMINE instead of SELECT: not even \Recent changes.
  await connection.run({ name: 'EXAMINE', mailbox });
  const { responses } = await connection.run({ name: 'SEARCH', uid: true, keys: [{ key: 'ALL' }] });
  const uids = responses.flatMap((response) => (response.type === 'SEARCH' ? response.numbers : []));
  for (let at = 0; at < uids.length; at += BATCH) {
    const batch = uids.slice(at, at + BATCH);
    const messages = await fetchMessages(connection, batch, overview);
    for (const uid of batch) {
      const verified = await verifyOne(connection, uid, messages.get(uid), options);
      if (verified !== undefined) yield verified;
    }
  }
}

/** `undefined` where nothing of the message is signed. */
async function verifyOne(
  connection: ImapConnection,
  uid: number,
  message: Told | undefined,
  options: VerifyMessageOptions,
): Promise<VerifiedMessage | undefined> {
  const structure = message?.bodyStructure;
  let fetched = 0;
  const fetchSections = async (items: readonly FetchItem[]): Promise<readonly FetchedSection[]> => {
    const { sections = [] } = (await fetchMessages(connection, [uid], items)).get(uid) ?? {};
    for (const { octets } of sections) fetched += octets?.length ?? 0;
    return sections;
  };

  let report: VerificationReport | undefined;
  let fellBack: string | undefined;
  if (structure === undefined) fellBack = 'the server tells no structure that can be read';
  else {
    const { items, signed, isWhole } = sectionsToVerify(structure);
    if (signed.length === 0) return undefined;
    const { octets, doubts, fallback } = messageFromSections(structure, await fetchSections(items));
    fellBack = fallback && doubts[0]?.message;
    if (fallback === undefined) report = await verifyMessage(octets, options);
    // Only the whole message tells whether it was altered, or the server's sections are not its octets.
    if (!isWhole && report !== undefined && isBroken(report))
      fellBack = 'a signature does not fit the sections';
  }
  if (report === undefined || fellBack !== undefined) {
    const whole = (await fetchSections([wholeMessage])).find(isWholeMessage);
    // Somebody may have expunged it in the meantime; if not, the server keeps it back.
    report = whole?.octets && (await verifyMessage(whole.octets, options));
    if (structure === undefined && report?.seals.length === 0) return undefined;
  }
  const size = message?.size ?? fetched;
  return {
    uid,
    ...headOf(report),
    report,
    fetched,
    size,
    fellBack,
  };
}

/** What a server told of one message. */
interface Told {
  bodyStructure: BodyStructure | undefined;
  size: number | undefined;
  readonly sections: FetchedSection[];
}

async function fetchMessages(
  connection: ImapConnection,
  uids: readonly number[],
  items: readonly FetchItem[],
): Promise<Map<number, Told>> {
  const set = sequenceSetOf(uids);
  const { responses } = await connection.run({ name: 'FETCH', uid: true, set, items });
  const messages = new Map<number, Told>();
  for (const response of responses) {
    if (response.type !== 'FETCH' || response.uid === undefined) continue;
    // A server may tell of a message in several responses, of changed flags between others (RFC 9051 §7.5.2).
    const told = messages.get(response.uid) ?? { bodyStructure: undefined, size: undefined, sections: [] };
    told.bodyStructure ??= response.bodyStructure;
    told.size ??= response.size;
    told.sections.push(...(response.sections ?? []));
    messages.set(response.uid, told);
  }
  return messages;
}

function isWholeMessage({ section, origin, octets }: FetchedSection): boolean {
  return (
    section.part.length === 0 && section.text === undefined && origin === undefined && octets !== undefined
  );
}

/** From and Subject, which the report holds against the signature as far as they can be. */
function headOf(report: VerificationReport | undefined): { from: string; subject: string } {
  if (report === undefined) return { from: '', subject: '' };
  const { from, subject } = new Envelope(report.message.headers, { onLimit: 'truncate' });
  const mailboxes = from.flatMap((each) => ('members' in each ? each.members : [each]));
  return { from: mailboxes.map(({ address }) => address).join(', '), subject: subject ?? '' };
}

/** Whether what sections tell is not enough to say that the message itself is at fault. */
function isBroken({ seals, others }: VerificationReport): boolean {
  // The structure told of a signature, and there is nothing.
  if (seals.length === 0 && others.length === 0) return true;
  return seals.some(
    ({ error, signers }) =>
      error !== undefined ||
      signers.some(({ content, signature }) => content !== 'intact' || signature !== 'valid'),
  );
}

/** What is known of a message, on one line and some below it. */
export function describeMessage({
  uid,
  from,
  subject,
  report,
  fetched,
  size,
  fellBack,
}: VerifiedMessage): string {
  const lines = [`${report?.verified ? 'verified' : 'NOT VERIFIED'}  ${uid}  ${from}  ${subject}`];
  if (report === undefined) lines.push('    the server does not give it; it may have been removed');
  const { seals: found = [], reasons = [] } = report ?? {};
  const seals = found.map(({ part, coverage, verified }) => {
    const what = coverage === 'message' ? 'the whole message' : `part ${part}, and not the whole message`;
    return `${verified ? 'a good' : 'no good'} signature over ${what}`;
  });
  for (const line of [...seals, ...reasons.map(({ message }) => message)]) lines.push(`    ${line}`);
  lines.push(
    `    fetched ${fetched} octets of ${size}${fellBack === undefined ? '' : `, all of it: ${fellBack}`}`,
  );
  // What the mail itself says may hold anything, control characters of terminals too.
  return lines.map((line) => line.replaceAll(/\p{Cc}/gu, ' ')).join('\n');
}

async function main([address = '', roots = '']: readonly string[]): Promise<void> {
  const url = new URL(address);
  const isTls = url.protocol === 'imaps:';
  const connection = await ImapConnection.open({
    host: url.hostname,
    port: Number(url.port === '' ? (isTls ? 993 : 143) : url.port),
    transport: isTls ? 'tls' : 'starttls',
  });
  try {
    await connection.logIn({
      user: decodeURIComponent(url.username),
      password: process.env['IMAP_PASSWORD'] ?? '',
    });
    const mailbox = decodeURIComponent(url.pathname.slice(1)) || 'INBOX';
    const options = { roots: parseCertificates(readFileSync(roots)), at: new Date() };
    for await (const message of verifyMailbox(connection, mailbox, options)) {
      console.log(describeMessage(message));
    }
  } finally {
    await connection.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
