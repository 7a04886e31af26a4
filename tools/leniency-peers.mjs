// What other MIME parsers make of a message, in the terms of the leniency
// probes. Each is asked in the way that shows it at its best.

import { loadPeer } from '../bench/peers/load.mjs';

/**
 * @typedef {import('../test/mime/leniency/probe.js').MessageView} MessageView
 * @typedef {import('../test/mime/leniency/probe.js').ViewedAddress} ViewedAddress
 * @typedef {(octets: Uint8Array) => Promise<MessageView[]>} View one view, or several of which the best counts
 */

/** @param {ArrayBuffer | Uint8Array | string | undefined} content */
const latin1 = (content) =>
  typeof content === 'string' ? content : Buffer.from(/** @type {any} */ (content ?? '')).toString('latin1');

/** @param {any} date */
function isoDate(date) {
  if (date === undefined || date === null) return undefined;
  const moment = new Date(date);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/**
 * @param {any} addresses a list, one, or none
 * @returns {ViewedAddress[]}
 */
function viewAddresses(addresses) {
  return [addresses ?? []]
    .flat()
    .map((/** @type {any} */ { name, address, group }) =>
      group === undefined
        ? { name: name ?? '', address: address ?? '' }
        : { name, members: viewAddresses(group) },
    );
}

/** @returns {Promise<View>} */
export async function postalMime() {
  const { default: PostalMime } = await loadPeer('postal-mime');
  /** @type {(octets: Uint8Array) => Promise<MessageView>} */
  const view = async (octets) => {
    const mail = await PostalMime.parse(octets, { forceRfc822Attachments: true });
    /** @type {{ attachments: any[] }} */
    const { attachments } = mail;
    const isMessage = (/** @type {any} */ { mimeType }) => mimeType === 'message/rfc822';
    return clean({
      subject: mail.subject,
      from: viewAddresses(mail.from),
      to: viewAddresses(mail.to),
      date: isoDate(mail.date),
      text: mail.text,
      html: mail.html,
      attachments: attachments
        .filter((attachment) => !isMessage(attachment))
        .map(({ mimeType, filename, content }) =>
          clean({ type: mimeType, filename, content: latin1(content) }),
        ),
      messages: await Promise.all(
        attachments.filter(isMessage).map(({ content }) => view(new Uint8Array(content))),
      ),
    });
  };
  return async (octets) => [await view(octets)];
}

/** @returns {Promise<View>} */
export async function mailparser() {
  const { simpleParser } = await loadPeer('mailparser');
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };
  /** @type {(octets: Uint8Array) => Promise<MessageView>} */
  const view = async (octets) => {
    const mail = await simpleParser(Buffer.from(octets), options);
    /** @type {{ attachments: any[] }} */
    const { attachments } = mail;
    const isMessage = (/** @type {any} */ { contentType }) => contentType === 'message/rfc822';
    return clean({
      subject: mail.subject,
      from: viewAddresses(mail.from?.value),
      to: viewAddresses([mail.to ?? []].flat().flatMap((list) => list.value)),
      // It takes the present time where it cannot read the date.
      date: mail.headers.has('date') ? isoDate(mail.date) : undefined,
      text: mail.text,
      html: mail.html === false ? undefined : mail.html,
      attachments: attachments
        .filter((attachment) => !isMessage(attachment))
        .map(({ contentType, filename, content }) =>
          clean({ type: contentType, filename, content: latin1(content) }),
        ),
      messages: await Promise.all(attachments.filter(isMessage).map(({ content }) => view(content))),
    });
  };
  return async (octets) => [await view(octets)];
}

/** @returns {Promise<View>} */
export async function emailjsMimeParser() {
  const { default: namespace } = await loadPeer('emailjs-mime-parser');
  const parse = namespace.default ?? namespace;
  /** @type {(node: any) => MessageView} */
  const viewNode = (node) => {
    const first = (/** @type {string} */ name) => node.headers[name]?.[0]?.value;
    /** @type {any} */
    const view = {
      subject: first('subject'),
      from: viewAddresses(first('from')),
      to: viewAddresses(first('to')),
      date: isoDate(first('date')),
      attachments: [],
      messages: [],
    };
    /** @param {any} part */
    const add = (part) => {
      const type = part.contentType?.value;
      const disposition = part.headers['content-disposition']?.[0];
      const filename = disposition?.params?.filename ?? part.contentType?.params?.name;
      const attached = disposition?.value?.toLowerCase() === 'attachment' || filename !== undefined;
      const text = () => Buffer.from(part.content ?? []).toString('utf8');
      if (type === 'message/rfc822') {
        view.messages.push(
          part.childNodes.length > 0 ? viewNode(part.childNodes[0]) : viewNode(parse(part.content)),
        );
      } else if (part.childNodes.length > 0) for (const child of part.childNodes) add(child);
      else if (!attached && type === 'text/html') view.html ??= text();
      else if (!attached && (type === 'text/plain' || type?.startsWith('multipart/'))) view.text ??= text();
      else view.attachments.push(clean({ type, filename, content: latin1(part.content) }));
    };
    add(node);
    return clean(view);
  };
  return async (octets) => [viewNode(parse(octets))];
}

/** @returns {Promise<View>} */
export async function letterparser() {
  const { extract } = await loadPeer('letterparser');
  /** @type {(message: string) => MessageView} */
  const view = (message) => {
    const mail = extract(message);
    /** @type {any[]} */
    const attachments = mail.attachments ?? [];
    const isMessage = (/** @type {any} */ { contentType }) => contentType.type === 'message/rfc822';
    return clean({
      subject: mail.subject,
      from: viewAddresses(mail.from),
      to: viewAddresses(mail.to),
      date: isoDate(mail.date),
      text: mail.text,
      html: mail.html,
      attachments: attachments
        .filter((attachment) => !isMessage(attachment))
        .map(({ contentType, filename, body }) =>
          clean({ type: contentType.type, filename, content: latin1(body) }),
        ),
      messages: attachments
        .filter((attachment) => isMessage(attachment) && typeof attachment.body === 'string')
        .map(({ body }) => view(body)),
    });
  };
  // It takes text, and whether that is UTF-8 or one character for each octet is the caller's choice.
  return async (octets) =>
    /** @type {const} */ (['utf8', 'latin1']).flatMap((encoding) => {
      try {
        return [view(Buffer.from(octets).toString(encoding))];
      } catch {
        return [];
      }
    });
}

/**
 * @param {Record<string, unknown>} view
 * @returns {any} it without what is undefined
 */
function clean(view) {
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => value !== undefined && value !== null),
  );
}

export const peers = {
  'postal-mime': postalMime,
  mailparser,
  'emailjs-mime-parser': emailjsMimeParser,
  letterparser,
};
