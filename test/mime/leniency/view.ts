import { readableContent } from '../../../src/mime/bodies/readable-content.js';
import { parseAddressList } from '../../../src/mime/fields/address.js';
import { parseDate } from '../../../src/mime/fields/date.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import type { MessageView, ViewedAddress } from './probe.js';

/** What mailseal makes of a message, in the terms of the probes. */
export function viewMessage(octets: Uint8Array): MessageView {
  return viewOf(parseMessage(octets));
}

function viewOf(message: Part): MessageView {
  const { headers } = message;
  const { text, html, inline, attachments } = readableContent(message);
  const date = parseDate(headers.get('date')?.value ?? '')?.toISOString();
  const subject = headers.get('subject')?.text;
  const files = [...inline, ...attachments];
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(date === undefined ? {} : { date }),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    from: viewAddresses(message, 'from'),
    to: viewAddresses(message, 'to'),
    attachments: files
      .filter(({ mediaType }) => mediaType !== 'message/rfc822')
      .map((file) => ({
        type: file.mediaType,
        ...(file.filename === undefined ? {} : { filename: file.filename }),
        content: Array.from(file.content(), (octet) => String.fromCharCode(octet)).join(''),
      })),
    messages: files
      .filter(({ mediaType }) => mediaType === 'message/rfc822')
      .map(({ part }) => (part.parts[0] === undefined ? viewMessage(part.content()) : viewOf(part.parts[0]))),
  };
}

function viewAddresses(message: Part, name: string): ViewedAddress[] {
  const field = message.headers.get(name);
  if (field === undefined) return [];
  return parseAddressList(field.value).map((address) =>
    'members' in address
      ? {
          name: address.name,
          members: address.members.map((member) => ({ name: member.name ?? '', address: member.address })),
        }
      : { name: address.name ?? '', address: address.address },
  );
}
