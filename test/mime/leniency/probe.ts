import type { MimeDefectCode } from '../../../src/mime/defects.js';

/** An address as every parser tells it: `''` for what is not there; a group has its members instead. */
export interface ViewedAddress {
  readonly name?: string;
  readonly address?: string;
  readonly members?: readonly ViewedAddress[];
}

/** An attachment: what a probe is not about is left out. `content` is its octets, one character each. */
export interface ViewedAttachment {
  readonly type?: string;
  readonly filename?: string;
  readonly content?: string;
}

/**
 * What a user sees of a message, in the terms that all parsers share, so that
 * the same probe can be put to each of them. Only what is told is compared.
 */
export interface MessageView {
  readonly subject?: string;
  readonly from?: readonly ViewedAddress[];
  readonly to?: readonly ViewedAddress[];
  /** As ISO 8601. */
  readonly date?: string;
  /** Its plain text; line ends as LF, those at the end left out. */
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly ViewedAttachment[];
  /** The messages that are attached. */
  readonly messages?: readonly MessageView[];
}

/** A piece of mail that is not as the RFCs have it (or that many read wrongly), and what it says all the same. */
export interface Probe {
  /** Unique, and what the page and the table name it by. */
  readonly id: string;
  /** One sentence: what is odd about it. */
  readonly title: string;
  /** Where it comes from: the RFC's section, or the tracker where users complained. */
  readonly source?: string;
  /** Lines that CRLF is put after (in a string: octets as they are). Each character is an octet. */
  readonly input: readonly string[] | string;
  readonly expected: MessageView;
  /** The defects that it has at least, in whatever part. */
  readonly defects?: readonly MimeDefectCode[];
}

/** The octets of a probe's input. */
export function probeOctets({ input }: Probe): Uint8Array<ArrayBuffer> {
  const text = typeof input === 'string' ? input : input.map((line) => `${line}\r\n`).join('');
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
