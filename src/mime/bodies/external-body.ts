import { latin1FromBytes } from '../../core/bytes.js';
import { parseDate } from '../fields/date.js';
import type { HeaderFields } from '../fields/header-fields.js';
import type { Part } from '../part.js';
import { readFieldBlock } from './field-block.js';

/** A message/external-body: where a content can be had that does not stand in the message (RFC 2046 §5.2.3). */
export interface ExternalBody {
  /** Lower case: `url`, `anon-ftp`, `ftp`, `tftp`, `local-file`, `mail-server`, or another. */
  readonly accessType: string;
  /** Of `url` (RFC 2017): the address, blanks taken out. A stranger wrote it: fetching it tells him who reads. */
  readonly url: string | undefined;
  /** Of the kinds of ftp: the host. */
  readonly site: string | undefined;
  readonly directory: string | undefined;
  /** The file's name there, or on the reader's own disk with `local-file`. */
  readonly name: string | undefined;
  readonly mode: string | undefined;
  /** Of `mail-server`: the address to write to. */
  readonly server: string | undefined;
  readonly subject: string | undefined;
  /** Of `mail-server`: what to write there, which is the body after the inner fields. */
  readonly command: string | undefined;
  readonly expiration: Date | undefined;
  /** In octets. */
  readonly size: number | undefined;
  /** Lower case: `read` or `read-write`. */
  readonly permission: string | undefined;
  /** The header fields of the content: its Content-Type, its Content-ID. */
  readonly headers: HeaderFields;
}

/**
 * Reads a message/external-body (RFC 2046 §5.2.3, RFC 2017); `undefined` when
 * the part is none. Nothing is fetched.
 *
 * @throws MailsealError `limit-headers`, `limit-header-octets` for inner fields past the limits that the message was
 * parsed with, unless `onLimit` was `truncate`
 * @example
 * ```ts
 * import { externalBodyOf, parseMessage } from 'mailseal/mime';
 *
 * const external = externalBodyOf(
 *   parseMessage(
 *     new TextEncoder().encode(
 *       'Content-Type: message/external-body; access-type=URL; URL="https://a.example/\n big.zip"; size=9\n\n' +
 *         'Content-Type: application/zip\nContent-ID: <1@a.example>\n\n',
 *     ),
 *   ),
 * );
 * console.log(external?.url, external?.size, external?.headers.get('content-type')?.value); // https://a.example/big.zip 9 application/zip
 * ```
 */
export function externalBodyOf(part: Part): ExternalBody | undefined {
  const { mediaType, parameters } = part.contentType;
  if (mediaType !== 'message/external-body') return undefined;
  const content = part.content();
  const { headers, end } = readFieldBlock(content, part.options);
  const accessType = parameters.get('access-type')?.toLowerCase() ?? '';
  const expiration = parameters.get('expiration');
  const size = parameters.get('size');
  return {
    accessType,
    // RFC 2017 §3: long addresses are broken with blanks, which none may have in it.
    url: parameters.get('url')?.replace(/\s+/g, ''),
    site: parameters.get('site'),
    directory: parameters.get('directory'),
    name: parameters.get('name'),
    mode: parameters.get('mode'),
    server: parameters.get('server'),
    subject: parameters.get('subject'),
    command: accessType === 'mail-server' ? latin1FromBytes(content, end) : undefined,
    expiration: expiration === undefined ? undefined : parseDate(expiration),
    size: size !== undefined && /^[0-9]{1,15}$/.test(size) ? Number(size) : undefined,
    permission: parameters.get('permission')?.toLowerCase(),
    headers,
  };
}
