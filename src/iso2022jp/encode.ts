import type { Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { asText, type EncoderParts, encodeText, encodeWhole } from './encode-text.js';
import { EncoderMachine } from './encoder-machine.js';
import { type EncodeProfile, profileRepertoire } from './profiles.js';
import { type Repertoire, webRepertoire } from './repertoire.js';
import { checkOnUnmappable, type OnUnmappable } from './unmappable.js';

/** How to encode. */
export interface EncodeOptions {
  /**
   * `mail` (the default), or `web`: exactly as the Encoding Standard's encoder
   * does. That has a repertoire and a way with half-width katakana of its own,
   * so `profile` and `halfwidth` may not be given with it.
   */
  readonly mode?: 'mail' | 'web';
  /** Which characters may be written; default `strict`. */
  readonly profile?: EncodeProfile;
  /**
   * Half-width katakana in full width (`fold`, the default), each with the
   * sound mark that follows it as one character (ｶﾞ becomes ガ); or as they are
   * after ESC ( I (`escape`), which RFC 1468 does not have and Windows reads
   * under the label `cp50221`.
   */
  readonly halfwidth?: 'fold' | 'escape';
  /** What to do with a character that the profile does not have; default `error`. */
  readonly onUnmappable?: OnUnmappable;
}

/**
 * Encodes text as ISO-2022-JP (RFC 1468). It is in ASCII at the end, and at
 * the end of every line (CR, LF). Of the six cells that are read in two ways
 * both readings are written: ～ and 〜, ∥ and ‖, － and −, ￠ and ¢, ￡ and £,
 * ￢ and ¬. No text can switch sets by itself: ESC, SO and SI are refused
 * whatever `onUnmappable` says.
 *
 * @param text - well-formed or not: a lone surrogate is a character that no profile has.
 * @throws MailsealError `charset-unencodable` with the position (in UTF-16 units) of a character that
 *   the profile does not have, or of ESC, SO or SI; `usage` when an option is none of those there are, or
 *   when what `onUnmappable` gave cannot be encoded either.
 *
 * @example
 * ```ts
 * import { encodeBase64 } from 'mailseal/encoding';
 * import { encode } from 'mailseal/iso2022jp';
 *
 * console.log(encodeBase64(encode('こんにちは'))); // 'GyRCJDMkcyRLJEEkTxsoQg=='
 * ```
 *
 * @example Character references for what cannot be written, as HTML forms have them.
 * ```ts
 * import { decode, encode } from 'mailseal/iso2022jp';
 *
 * const onUnmappable = (character: string) => `&#${character.codePointAt(0)};`;
 * console.log(decode(encode('髙橋', { onUnmappable }))); // '&#39641;橋'
 * console.log(decode(encode('髙橋', { profile: 'ms' }))); // '髙橋'
 * ```
 */
export function encode(text: string, options: EncodeOptions = {}): Bytes {
  return encodeWhole(text, partsFor(options));
}

/**
 * {@link encode} for text that comes in pieces: any split gives the same
 * octets, also one inside a surrogate pair. An encoder is for one text; after
 * it threw it is of no further use.
 *
 * @example
 * ```ts
 * import { encodeHex } from 'mailseal/encoding';
 * import { Encoder } from 'mailseal/iso2022jp';
 *
 * const encoder = new Encoder();
 * console.log(encodeHex(encoder.update('か'))); // '1b2442242b'
 * console.log(encodeHex(encoder.update('な'))); // '244a'
 * console.log(encodeHex(encoder.finish())); // '1b2842'
 * ```
 */
export class Encoder {
  readonly #parts: EncoderParts;
  /** What waits for what follows it: the first half of a surrogate pair, or a character that may combine. */
  #held = '';
  /** Units before those that are held. */
  #position = 0;

  /** @throws MailsealError `usage` when an option is none of those there are. */
  constructor(options: EncodeOptions = {}) {
    this.#parts = partsFor(options);
  }

  /**
   * Takes the next piece of text; gives the octets that are settled by it.
   *
   * @throws MailsealError as {@link encode} does, with the position from the start of the text.
   */
  update(text: string): Bytes {
    const { machine } = this.#parts;
    const whole = this.#held + asText(text);
    const taken = encodeText(this.#parts, whole, this.#position, false);
    this.#position += taken;
    this.#held = whole.slice(taken);
    return machine.take();
  }

  /**
   * Ends the text; gives the octets that are left, which end in ASCII.
   *
   * @throws MailsealError as {@link encode} does, when the text ends in half a surrogate pair.
   */
  finish(): Bytes {
    const { machine } = this.#parts;
    encodeText(this.#parts, this.#held, this.#position, true);
    this.#held = '';
    machine.close();
    return machine.take();
  }
}

/** The parts of an encoder with these options. */
export function partsFor(options: EncodeOptions): EncoderParts {
  const { mode = 'mail', halfwidth = 'fold', onUnmappable = 'error' } = options;
  if (halfwidth !== 'fold' && halfwidth !== 'escape') {
    throw usage(`halfwidth is 'fold' or 'escape', not ${shown(halfwidth)}`);
  }
  checkOnUnmappable(onUnmappable);
  return {
    machine: new EncoderMachine(repertoireFor(mode, options), halfwidth === 'escape'),
    onUnmappable,
    web: mode === 'web',
  };
}

function repertoireFor(mode: string, { profile, halfwidth }: EncodeOptions): Repertoire {
  if (mode === 'web') {
    if (profile === undefined && halfwidth === undefined) return webRepertoire();
    throw usage("mode 'web' goes with neither profile nor halfwidth");
  }
  if (mode !== 'mail') throw usage(`mode is 'mail' or 'web', not ${shown(mode)}`);
  const repertoire = profileRepertoire(profile ?? 'strict');
  if (repertoire !== undefined) return repertoire;
  throw usage(`profile is 'strict', 'ms', 'jis0212' or 'jis2004', not ${shown(profile)}`);
}
