import { parseAddressList } from './fields/address.js';
import { parseDate } from './fields/date.js';
import type { HeaderField, HeaderFields } from './fields/header-fields.js';
import type { AddressList } from './fields/mailbox.js';
import { type MessageIdList, parseMessageIds } from './fields/message-id.js';
import { valueList } from './fields/value-list.js';
import type { ValueOptions } from './fields/value-options.js';

/**
 * Who wrote to whom, when and about what: the fields that a list of messages
 * shows, as IMAP's ENVELOPE has them (RFC 9051 §7.5.2). Each is read when it is
 * first asked for. Of a field that stands there twice the first counts; the
 * part's `defects` tell it.
 *
 * Getters throw a `MailsealError` with `limit-addresses` or
 * `limit-encoded-words` where a field holds more than the limits, unless
 * `onLimit` is `truncate`.
 *
 * @example
 * ```ts
 * import { Envelope, parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(
 *   new TextEncoder().encode('From: Alice <alice@example.jp>\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\n\r\n'),
 * );
 * const envelope = new Envelope(message.headers);
 * console.log(envelope.from[0]?.name, envelope.subject, envelope.to.length, envelope.date); // Alice café 0 undefined
 * ```
 */
export class Envelope {
  readonly #headers: HeaderFields;
  readonly #options: ValueOptions;
  readonly #addresses: Map<string, AddressList> = new Map();
  readonly #ids: Map<string, MessageIdList> = new Map();
  #date: { readonly date: Date | undefined } | undefined;

  /**
   * @param headers the fields of a message, `message.headers`
   * @param options limits and what happens where one is hit; what `parseMessage` was told serves
   */
  constructor(headers: HeaderFields, options: ValueOptions = {}) {
    this.#headers = headers;
    this.#options = options;
  }

  /** The authors. Empty where there is no From field. */
  get from(): AddressList {
    return this.#addressesOf('from');
  }

  /** Who sent it for the authors; From's where there is no Sender field (RFC 5322 §3.6.2). */
  get sender(): AddressList {
    return this.#headers.get('sender') === undefined ? this.from : this.#addressesOf('sender');
  }

  /** Where answers go; From's where there is no Reply-To field (RFC 5322 §3.6.2). */
  get replyTo(): AddressList {
    return this.#headers.get('reply-to') === undefined ? this.from : this.#addressesOf('reply-to');
  }

  get to(): AddressList {
    return this.#addressesOf('to');
  }

  get cc(): AddressList {
    return this.#addressesOf('cc');
  }

  get bcc(): AddressList {
    return this.#addressesOf('bcc');
  }

  /** The subject for people, encoded words undone; `undefined` where there is no such field. */
  get subject(): string | undefined {
    return this.#headers.get('subject')?.text;
  }

  /** `undefined` where there is no Date field, or none that is a date. */
  get date(): Date | undefined {
    this.#date ??= { date: parseDate(this.#headers.get('date')?.value ?? '') };
    // A Date can be changed: each caller has his own.
    const { date } = this.#date;
    return date === undefined ? undefined : new Date(date);
  }

  /** The message's own id without angle brackets. */
  get messageId(): string | undefined {
    return this.#idsOf('message-id')[0];
  }

  /** The ids of the messages that this one answers. */
  get inReplyTo(): MessageIdList {
    return this.#idsOf('in-reply-to');
  }

  /** The ids of the thread, the oldest first. */
  get references(): MessageIdList {
    return this.#idsOf('references');
  }

  #addressesOf(name: string): AddressList {
    return this.#once(this.#addresses, name, (field) => parseAddressList(field.value, this.#options));
  }

  #idsOf(name: string): MessageIdList {
    return this.#once(this.#ids, name, (field) => parseMessageIds(field.value, this.#options));
  }

  #once<T extends AddressList | MessageIdList>(
    known: Map<string, T>,
    name: string,
    read: (field: HeaderField) => T,
  ): T {
    let list = known.get(name);
    if (list === undefined) {
      const field = this.#headers.get(name);
      list = field === undefined ? (valueList([], []) as unknown as T) : read(field);
      known.set(name, list);
    }
    return list;
  }
}
