import { parseAddressList } from '../../mime/fields/address.js';
import type { HeaderField, HeaderFields } from '../../mime/fields/header-fields.js';
import { mailboxesIn } from '../../mime/fields/mailbox.js';
import type { Part } from '../../mime/part.js';
import { detachedParts, isCmsPart } from '../cms-part.js';
import { isByServers } from '../header-protection/server-fields.js';
import { sameAddress } from '../verify/identity.js';

/**
 * How header fields were put under the layers: `clear` and `cipher` as RFC 9788
 * §2.1 has it, `wrapped` as a whole message (RFC 8551 §3.1), or not at all.
 */
export type HeaderProtectionScheme = 'none' | 'clear' | 'cipher' | 'wrapped';

/** What keeps a header field from others (RFC 9788 §4.3). */
export type HeaderFieldProtection = 'unprotected' | 'signed-only' | 'encrypted-only' | 'signed-and-encrypted';

/** What {@link MessageHeaders} is made of. */
export interface MessageHeaderParts {
  readonly outer: HeaderFields;
  /** The root of what lies under all layers of the whole message. */
  readonly payload: Part | undefined;
  /** Whether a layer of encryption is around the payload. */
  readonly isEncrypted: boolean;
  /** Whether a good signature is around the payload, inside of the encryption. */
  readonly isSigned: boolean;
  /** Whether such a signature is by the address in the protected From. */
  readonly isFromBound: boolean;
}

/**
 * The header of a message as it is to be shown: the protected fields where
 * there are such, and only they (RFC 9788 §4). What servers write on the way
 * (Received, Authentication-Results and the like) is always taken from outside:
 * inside it would be the sender's word. Where the protected From is
 * another address than the outer one, and no valid signature is bound to it, the
 * outer From stands in its place, since that is the one that mail servers
 * have checked (RFC 9788 §4.4).
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { openMessage } from 'mailseal/smime';
 *
 * const message = readFileSync('test/vectors/demo/signed.eml');
 * const { headers } = await openMessage(message, { keys: [], at: new Date('2027-01-01') });
 * console.log(headers.scheme, headers.fromShown, headers.protection('subject')); // none outer unprotected
 * for (const { name, text } of headers) if (name === 'Subject') console.log(text); // お見積りの件
 * ```
 */
export class MessageHeaders implements Iterable<HeaderField> {
  readonly scheme: HeaderProtectionScheme;
  /** The fields outside of all layers. */
  readonly outer: HeaderFields;
  /** The protected fields, and those of the entity that they stand in; `undefined` where there are none. */
  readonly inner: HeaderFields | undefined;
  /** Whether the two From are different addresses. */
  readonly fromDiffers: boolean;
  /** Whose From is shown. A warning belongs beside it where the two differ and it is `outer`. */
  readonly fromShown: 'outer' | 'inner';
  readonly #shown: readonly HeaderField[];
  readonly #isSigned: boolean;
  readonly #isEncrypted: boolean;
  #byName: ReadonlyMap<string, readonly HeaderField[]> | undefined;
  /** The values that stood outside, by name: both are asked for every field of a message with many. */
  #outside: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  /** @internal Made by `openMessage`. */
  constructor({ outer, payload, isEncrypted, isSigned, isFromBound }: MessageHeaderParts) {
    this.outer = outer;
    const found = payload === undefined ? undefined : protectedHeader(payload);
    this.scheme = found?.scheme ?? 'none';
    this.inner = found?.part.headers;
    this.#isSigned = isSigned;
    this.#isEncrypted = isEncrypted;
    const inner = this.inner?.all('from') ?? [];
    this.fromDiffers = inner.length > 0 && !sameMailboxes(outer.all('from'), inner);
    // RFC 9788 §4.4.3: without a signature that is bound to the protected From, the outer one is shown.
    this.fromShown = inner.length > 0 && (!this.fromDiffers || isFromBound) ? 'inner' : 'outer';
    this.#shown =
      this.inner === undefined
        ? [...outer].filter(isShown)
        : [
            ...[...outer].filter(isByServers),
            ...(this.fromShown === 'outer' ? outer.all('from') : []),
            ...[...this.inner].filter((field) => this.#isShownInside(field)),
          ];
  }

  #isShownInside(field: HeaderField): boolean {
    if (!isShown(field) || isByServers(field)) return false;
    return this.fromShown === 'inner' || field.name.toLowerCase() !== 'from';
  }

  /** The fields to show, without those about the structure of the message. */
  get length(): number {
    return this.#shown.length;
  }

  /** The first field of that name, whatever its case. */
  get(name: string): HeaderField | undefined {
    return this.#named(name)[0];
  }

  /** All fields of that name, whatever its case, in their order. */
  all(name: string): HeaderField[] {
    return [...this.#named(name)];
  }

  #named(name: string): readonly HeaderField[] {
    this.#byName ??= grouped(this.#shown, ({ name: own }) => own.toLowerCase());
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  [Symbol.iterator](): IterableIterator<HeaderField> {
    return this.#shown[Symbol.iterator]();
  }

  /**
   * How a field that is shown was protected, or the first of a name (RFC 9788 §4.3). A field that the sender left as
   * it is outside of the encryption is not secret.
   */
  protection(of: string | HeaderField): HeaderFieldProtection {
    const field = typeof of === 'string' ? this.get(of) : of;
    if (field === undefined || this.inner === undefined) return 'unprotected';
    const isOuter = field.name.toLowerCase() === 'from' ? this.fromShown === 'outer' : isByServers(field);
    if (isOuter) return 'unprotected';
    if (this.#isSecret(field)) return this.#isSigned ? 'signed-and-encrypted' : 'encrypted-only';
    return this.#isSigned ? 'signed-only' : 'unprotected';
  }

  #isSecret(field: HeaderField): boolean {
    if (!this.#isEncrypted || this.inner === undefined || this.scheme === 'clear') return false;
    this.#outside ??= outsideValues(this.scheme === 'wrapped' ? this.outer : recorded(this.inner));
    return this.#outside.get(field.name.toLowerCase())?.has(field.value) !== true;
  }
}

/** What a field says, wherever it stands. */
interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** RFC 9788 §4.10.2: a wrapped message does not tell what stood outside, so what does stand there is asked; others record it. */
function recorded(inner: HeaderFields): NamedValue[] {
  return inner.all('hp-outer').flatMap(({ value }) => recordedField(value));
}

function outsideValues(fields: Iterable<NamedValue>): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>();
  for (const { name, value } of fields) {
    const wanted = name.toLowerCase();
    const known = values.get(wanted);
    if (known === undefined) values.set(wanted, new Set([value]));
    else known.add(value);
  }
  return values;
}

function grouped<T>(all: readonly T[], nameOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const name = nameOf(each);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [each]);
    else group.push(each);
  }
  return groups;
}

/** RFC 9788 §2.2: an HP-Outer field holds the name and the value of a field that stood outside. */
function recordedField(text: string): NamedValue[] {
  const colon = text.indexOf(':');
  if (colon <= 0) return [];
  return [{ name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() }];
}

/** Fields that tell how a message is put together are nothing to show (RFC 9787 §1.1.1). */
function isShown({ name }: HeaderField): boolean {
  return !/^(?:content-.*|mime-version|hp-outer)$/i.test(name);
}

/**
 * The part whose header a payload protects, and how; `undefined` where it
 * protects none. The `hp` parameter counts at the root of what lies under all
 * layers and nowhere else (RFC 9788 §4.1).
 */
function protectedHeader(
  payload: Part,
): { readonly scheme: HeaderProtectionScheme; readonly part: Part } | undefined {
  if (isLayer(payload)) return undefined;
  const scheme = hpOf(payload);
  if (scheme !== undefined) return { scheme, part: payload };
  const [inner] = payload.isMessage ? payload.parts : [];
  // RFC 9788 §4.10.1: a whole message, which is not sealed itself and has no other scheme.
  if (inner === undefined || isLayer(inner) || hpOf(inner) !== undefined) return undefined;
  return inner.headers.get('from') === undefined ? undefined : { scheme: 'wrapped', part: inner };
}

function hpOf(part: Part): 'clear' | 'cipher' | undefined {
  const value = part.contentType.parameters.get('hp')?.trim().toLowerCase();
  return value === 'clear' || value === 'cipher' ? value : undefined;
}

function isLayer(part: Part): boolean {
  return detachedParts(part) !== undefined || isCmsPart(part);
}

/** The part of a payload whose From the signer should be, where the protected header has one. */
export function protectedFrom(payload: Part): Part | undefined {
  const part = protectedHeader(payload)?.part;
  return part === undefined || part.headers.get('from') === undefined ? undefined : part;
}

/** Whether two headers name the same addresses in From, in the same order. */
function sameMailboxes(a: readonly HeaderField[], b: readonly HeaderField[]): boolean {
  const left = addressesOf(a);
  const right = addressesOf(b);
  return (
    a.length === b.length &&
    left.length === right.length &&
    left.every((address, i) => sameAddress(address, right[i]!))
  );
}

function addressesOf(fields: readonly HeaderField[]): string[] {
  return fields
    .flatMap((field) => mailboxesIn(parseAddressList(field.rawValue, { onLimit: 'truncate' })))
    .map(({ address }) => address);
}
