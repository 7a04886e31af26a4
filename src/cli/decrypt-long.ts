import type { DecryptionKey } from '../cms/enveloped/decryption-key.js';
import type { RecipientInfo } from '../cms/enveloped/recipient-info.js';
import type { CmsStructure } from '../cms/stream/cms-events.js';
import { CmsReader } from '../cms/stream/cms-reader.js';
import { type ContentDecryptor, createContentDecryptor } from '../cms/stream/content-decryptor.js';
import { type Bytes, concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import type { ContentCipher } from '../crypto/ciphers/content-cipher.js';
import { parseMessage } from '../mime/message.js';
import type { Part } from '../mime/part.js';
import { unprotectedHeader } from '../smime/header-protection/unprotect-entity.js';
import { notEncrypted, unwrappedHeader } from '../smime/open/decrypt-message.js';
import { passedDecryption } from '../smime/open/decrypt-passed.js';
import { MessageDecryptor } from '../smime/stream/message-decryptor.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { Output } from './files/output-file.js';
import { ciphertextIn, SpoolFile } from './files/spool-file.js';

/** What an envelope says of itself, and how it was opened. */
export interface EnvelopeFacts {
  readonly type: string;
  readonly cipher: ContentCipher;
  readonly authenticated: boolean;
  readonly isKeyBound: boolean;
  readonly recipient: RecipientInfo | undefined;
  readonly recipients: readonly RecipientInfo[];
}

/** What decrypts input that is too long to be kept, and where to. */
export interface LongDecryption {
  readonly keys: readonly DecryptionKey[];
  readonly certificates: readonly Certificate[];
  /** Throws where the cipher is one that is not decrypted. */
  readonly refuse: (facts: Pick<EnvelopeFacts, 'cipher'>) => void;
  /** Nowhere, where only what is said of it is wanted. */
  readonly output: Output | undefined;
  /** Whether what is written need not be verified to its end. */
  readonly isUnverified: boolean;
  /** Whether the output is a file, which has no name until it is whole. */
  readonly isFile: boolean;
  /** The folder for what waits. */
  readonly folder: string;
}

type Pieces = AsyncIterable<Uint8Array>;

/** Decrypts the content of a CMS file while it goes by. */
export async function decryptLongFile(pieces: Pieces, how: LongDecryption): Promise<EnvelopeFacts> {
  const ciphertext = new SpoolFile();
  const waiting = new SpoolFile(how.folder);
  const reader = new CmsReader();
  let decryptor: ContentDecryptor | undefined;
  let facts: EnvelopeFacts | undefined;
  // What has a tag comes only when that was checked.
  const give = async (octets: Bytes): Promise<void> => {
    if (how.output === undefined) return;
    if (facts?.authenticated === true || how.isFile || how.isUnverified) await how.output.write(octets);
    else waiting.write(octets);
  };
  const take = async (events: ReturnType<CmsReader['push']>): Promise<void> => {
    for (const event of events) {
      if (event.type === 'head') {
        const { head } = event;
        if (!('encryptedContent' in head)) throw wrongType(head.kind);
        if (!event.hasContent)
          throw new MailsealError('cms-malformed', 'the encrypted content is not in the structure');
        decryptor = await createContentDecryptor(head, { ...how, spool: ciphertextIn(ciphertext) });
        const { cipher, authenticated, recipient } = decryptor;
        const { isKeyBound } = head.encryptedContent;
        const recipients = head.kind === 'encryptedData' ? [] : head.recipients;
        facts = { type: head.kind, cipher, authenticated, isKeyBound, recipient, recipients };
        how.refuse(facts);
      } else if (event.type === 'content') await give(await decryptor!.update(event.octets));
      else if (event.type === 'end') await finish(event.structure);
    }
  };
  const finish = async (structure: CmsStructure): Promise<void> => {
    for await (const octets of decryptor!.finish(structure)) await give(octets);
  };
  try {
    for await (const octets of pieces) await take(reader.push(octets));
    await take(reader.end());
    for (const octets of waiting.read()) await how.output?.write(octets);
    return facts!;
  } finally {
    decryptor?.wipe();
    ciphertext.remove();
    waiting.remove();
  }
}

function wrongType(kind: string): MailsealError {
  return new MailsealError('cms-wrong-type', `envelopedData or authEnvelopedData is wanted, this is ${kind}`);
}

/**
 * Takes the outermost encryption off a message while it goes by.
 *
 * @param begun of the message, more than its header
 */
export async function decryptLongMessage(
  pieces: Pieces,
  begun: Bytes,
  how: LongDecryption,
): Promise<EnvelopeFacts> {
  const { output } = how;
  const spools: SpoolFile[] = [];
  const spoolIn = (folder?: string): SpoolFile => {
    const spool = new SpoolFile(folder);
    spools.push(spool);
    return spool;
  };
  const passing =
    how.isUnverified && output !== undefined ? new PassedOnMessage(parseMessage(begun), output) : undefined;
  const waiting = spoolIn(how.folder);
  let place: string | undefined;
  const decryptor = new MessageDecryptor({
    keys: how.keys,
    certificates: how.certificates,
    // Nothing is asked of signatures here.
    at: new Date(),
    spool: () => ciphertextIn(spoolIn()),
    async onContent(event) {
      if (event.type !== 'content' || event.layer !== 'envelope' || output === undefined) return;
      // The outermost is told first.
      place ??= event.part;
      if (event.part !== place) return;
      if (passing === undefined) waiting.write(event.octets);
      else await passing.write(event.octets);
    },
  });
  try {
    for await (const octets of pieces) await decryptor.push(octets);
    const { report } = await decryptor.end();
    const { envelope, header, bodyStart, whole } = passedDecryption(report);
    if (place !== undefined && envelope.part !== place) throw notEncrypted(undefined, true);
    const facts = { ...envelope, cipher: envelope.cipher! };
    how.refuse(facts);
    if (passing !== undefined) await passing.finish();
    else if (whole !== undefined) await output?.write(whole(concatBytes([...copies(waiting)])));
    else {
      await output?.write(header);
      for (const octets of from(bodyStart, waiting.read())) await output?.write(octets);
    }
    return facts;
  } finally {
    decryptor.wipe();
    for (const spool of spools) spool.remove();
  }
}

function* copies(spool: SpoolFile): Generator<Bytes, undefined> {
  for (const octets of spool.read()) yield octets.slice();
}

/** The octets from there on. */
function* from(start: number, pieces: Iterable<Bytes>): Generator<Bytes, undefined> {
  let at = 0;
  for (const octets of pieces) {
    if (at + octets.length > start) yield octets.subarray(Math.max(0, start - at));
    at += octets.length;
  }
}

/** Octets of decrypted content in which its header is looked for. */
const headerOctets = 1 << 20;

/** Writes a message as it is decrypted, for who wants to have it before anything is known of it. */
class PassedOnMessage {
  readonly #outside: Part;
  readonly #output: Output;
  #begun: Bytes[] | undefined = [];
  #length = 0;

  constructor(outside: Part, output: Output) {
    this.#outside = outside;
    this.#output = output;
  }

  async write(octets: Bytes): Promise<void> {
    if (this.#begun === undefined) {
      await this.#output.write(octets);
      return;
    }
    this.#begun.push(octets.slice());
    this.#length += octets.length;
    if (this.#length >= headerOctets) await this.finish();
  }

  /** Writes what was kept so far. */
  async finish(): Promise<void> {
    if (this.#begun === undefined) return;
    const entity = parseMessage(concatBytes(this.#begun));
    this.#begun = undefined;
    const isSigned = entity.contentType.mediaType === 'multipart/signed';
    const { header, scheme } = unwrappedHeader(this.#outside, entity, isSigned ? entity.parts[0] : entity);
    await this.#output.write(concatBytes([header, unprotectedHeader(entity, scheme), entity.bodyBytes]));
  }
}
