import { parseAddressList } from '../../../src/mime/address.js';
import { parseDate } from '../../../src/mime/date.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import type { MessageView, ViewedAddress, ViewedAttachment } from './probe.js';

/** A view that is being filled. */
type Draft = { -readonly [K in keyof MessageView]: MessageView[K] };

/** What mailseal makes of a message, in the terms of the probes. */
export function viewMessage(octets: Uint8Array): MessageView {
  return viewOf(parseMessage(octets));
}

function viewOf(message: Part): MessageView {
  const { headers } = message;
  const view: Draft = { from: viewAddresses(message, 'from'), to: viewAddresses(message, 'to') };
  const subject = headers.get('subject');
  if (subject !== undefined) view.subject = subject.text;
  const date = parseDate(headers.get('date')?.value ?? '');
  if (date !== undefined) view.date = date.toISOString();
  const attachments: ViewedAttachment[] = [];
  const messages: MessageView[] = [];
  view.attachments = attachments;
  view.messages = messages;
  addPart(message, view, attachments, messages);
  return view;
}

function viewAddresses(message: Part, name: string): ViewedAddress[] {
  const field = message.headers.get(name);
  if (field === undefined) return [];
  return parseAddressList(field.value).map((address) =>
    'members' in address
      ? {
          name: address.name,
          members: address.members.map(({ name, address }) => ({ name: name ?? '', address })),
        }
      : { name: address.name ?? '', address: address.address },
  );
}

function addPart(part: Part, view: Draft, attachments: ViewedAttachment[], messages: MessageView[]): void {
  const { mediaType } = part.contentType;
  const attached = part.contentDisposition?.type === 'attachment' || part.filename !== undefined;
  if (part.isMultipart && part.parts.length > 0) {
    for (const child of part.parts) addPart(child, view, attachments, messages);
  } else if (mediaType === 'message/rfc822') {
    messages.push(part.isMessage ? viewOf(part.parts[0]!) : viewMessage(part.content()));
  } else if (!attached && (mediaType === 'text/plain' || part.isMultipart)) view.text ??= part.text();
  else if (!attached && mediaType === 'text/html') view.html ??= part.text();
  else {
    const content = Array.from(part.content(), (octet) => String.fromCharCode(octet)).join('');
    attachments.push(
      part.filename === undefined
        ? { type: mediaType, content }
        : { type: mediaType, content, filename: part.filename },
    );
  }
}
