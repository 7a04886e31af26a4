import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { type EncodeOptions, encode } from '../../iso2022jp/encode.js';
import { encodeChunks } from '../../iso2022jp/encode-chunks.js';

/** A charset that text is written in. */
export type ComposeCharset = 'utf-8' | 'iso-2022-jp';

/** How ISO-2022-JP is written: which characters it has, and what becomes of others. */
export type Iso2022jpOptions = Pick<EncodeOptions, 'profile' | 'halfwidth' | 'onUnmappable'>;

/** How header fields and text are written: the options that matter below the structure. */
export interface WriteOptions {
  readonly charsets: readonly ComposeCharset[];
  readonly iso2022jp: Iso2022jpOptions;
  readonly eai: boolean;
}

/** The labels of what the profiles write; see `EncodeProfile`. */
const LABELS: Readonly<Record<string, string>> = { jis0212: 'iso-2022-jp-1', jis2004: 'iso-2022-jp-2004' };

/** A charset with the text that it was chosen for. */
export interface ChosenCharset {
  /** The name to write. */
  readonly label: string;
  readonly isJapanese: boolean;
  /** The text in pieces of at most so many octets that can each be decoded alone; characters are never divided. */
  chunks(text: string, most: number): Bytes[];
  /** The text as a whole. */
  encode(text: string): Bytes;
}

/**
 * The first of the charsets that has every character of a text.
 *
 * @throws MailsealError `charset-unencodable` with the character's position where none has.
 */
export function chooseCharset(
  field: string,
  text: string,
  { charsets, iso2022jp }: WriteOptions,
): ChosenCharset {
  let failure: unknown;
  for (const charset of charsets) {
    try {
      if (charset === 'utf-8') {
        checkWellFormed(text);
        return utf8;
      }
      encode(text, iso2022jp);
      return japanese(iso2022jp);
    } catch (error) {
      if (!(error instanceof MailsealError) || error.code !== 'charset-unencodable') throw error;
      failure ??= error;
    }
  }
  if (!(failure instanceof MailsealError)) throw usage('`charset` names no charset');
  const { code, message, offset } = failure;
  throw new MailsealError(code, `${field}: ${message}`, {
    fault: 'usage',
    cause: failure,
    ...(offset === undefined ? {} : { offset }),
  });
}

function checkWellFormed(text: string): void {
  const at = text.search(/\p{Cs}/u);
  if (at < 0) return;
  throw new MailsealError(
    'charset-unencodable',
    `half a surrogate pair at ${at} is no character; remove it`,
    {
      offset: at,
    },
  );
}

const utf8: ChosenCharset = {
  label: 'utf-8',
  isJapanese: false,
  encode: bytesFromUtf8,
  chunks(text, most) {
    const whole = bytesFromUtf8(text);
    const chunks: Bytes[] = [];
    for (let at = 0; at < whole.length; ) {
      let end = Math.min(at + most, whole.length);
      // Continuation octets (10xxxxxx) belong to the character before them.
      while (end < whole.length && (whole[end]! & 0xc0) === 0x80) end--;
      chunks.push(whole.subarray(at, end));
      at = end;
    }
    return chunks;
  },
};

function japanese(options: Iso2022jpOptions): ChosenCharset {
  return {
    label: LABELS[options.profile ?? 'strict'] ?? 'iso-2022-jp',
    isJapanese: true,
    encode: (text) => encode(text, options),
    chunks: (text, most) => encodeChunks(text, most, options),
  };
}
