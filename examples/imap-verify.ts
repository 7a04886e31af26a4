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
  addressText,
  decodeText,
  type FetchedSection,
  type FetchItem,
  type FetchResponse,
  messageFromSections,
  sectionsToVerify,
  sequenceSetOf,
} from 'mailseal/imap';
import { decodeEncodedWords } from 'mailseal/mime';
import { type VerificationReport, type VerifyMessageOptions, verifyMessage } from 'mailseal/smime';
import { parseCertificates } from 'mailseal/x509';
import { ImapConnection } from './imap-connection.js';

/** A signed message, and what verifying it told. */
export interface VerifiedMessage {
  readonly uid: number;
  /** As ENVELOPE has them: nobody vouches for these but the report. */
  readonly from: string;
  readonly subject: string;
  readonly report: VerificationReport;
  /** Octets of it that were fetched, and octets that it has. */
  readonly fetched: number;
  readonly size: number;
  /** Why the whole message was fetched where parts of it should have been enough. */
  readonly fellBack: string | undefined;
}

/** How many messages are asked for at once. */
const BATCH = 200;

const overview: readonly FetchItem[] = ['UID', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE'];
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
  message: FetchResponse | undefined,
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
    const [whole] = await fetchSections([wholeMessage]);
    // Somebody may have expunged it in the meantime.
    if (whole?.octets === undefined) return undefined;
    report = await verifyMessage(whole.octets, options);
    if (report.seals.length === 0) return undefined;
  }
  const { envelope, size = fetched } = message ?? {};
  return {
    uid,
    from: (envelope?.from ?? []).flatMap((address) => addressText(address) ?? []).join(', '),
    subject: decodeEncodedWords(decodeText(envelope?.subject ?? '')).text,
    report,
    fetched,
    size,
    fellBack,
  };
}

async function fetchMessages(
  connection: ImapConnection,
  uids: readonly number[],
  items: readonly FetchItem[],
): Promise<Map<number, FetchResponse>> {
  const set = sequenceSetOf(uids);
  const { responses } = await connection.run({ name: 'FETCH', uid: true, set, items });
  return new Map(
    responses.flatMap((response) =>
      response.type === 'FETCH' && response.uid !== undefined ? [[response.uid, response]] : [],
    ),
  );
}

function isBroken({ seals }: VerificationReport): boolean {
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
  const lines = [`${report.verified ? 'verified' : 'NOT VERIFIED'}  ${uid}  ${from}  ${subject}`];
  const seals = report.seals.map(({ part, coverage, verified }) => {
    const what = coverage === 'message' ? 'the whole message' : `part ${part}, and not the whole message`;
    return `${verified ? 'a good' : 'no good'} signature over ${what}`;
  });
  for (const line of [...seals, ...report.reasons.map(({ message }) => message)]) lines.push(`    ${line}`);
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
