import { parseContentInfo } from '../cms/content-info.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import { signedDataOf } from '../cms/signed/signed-data.js';
import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';
import type { Part } from '../mime/part.js';
import { isCmsPart } from '../smime/cms-part.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, looksLikeCms, readInput } from './files/input.js';
import { beside, wrap } from './report/layout.js';
import { safe, safeJson, type Terminal, terminal } from './report/terminal.js';
import { count } from './report/words.js';

/** `mailseal inspect`. */
export async function inspect(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { json: { type: 'boolean' } });
  const input = await readInput(fileOf(line));
  const json = line.values['json'] === true;
  const out = process.stdout;
  if (looksLikeCms(input)) {
    const cms = cmsFacts(input);
    out.write(json ? safeJson({ cms }) : `${cmsTitle(cms)}\n`);
    return 0;
  }
  const message = parseMessage(input);
  if (message.headers.length === 0) {
    throw new MailsealError('mime-malformed', 'it is no mail message: it has no header fields', {
      offset: 0,
    });
  }
  out.write(json ? safeJson(partJson(message)) : `${partLines(message, 0, terminal(out)).join('\n')}\n`);
  return 0;
}

/** What is in a CMS object, as far as it can be seen without a key. */
interface CmsFacts {
  readonly contentType: string;
  readonly eContentType?: string;
  readonly embedded?: number;
  readonly signers?: number;
  readonly certificates?: number;
  readonly crls?: number;
}

/** @throws MailsealError where it cannot be read. */
function cmsFacts(octets: Uint8Array): CmsFacts {
  const info = parseContentInfo(octets);
  const contentType = contentTypeName(info.contentType);
  if (info.contentType !== ContentTypeOid.signedData) return { contentType };
  const signedData = signedDataOf(info);
  const { content } = signedData;
  return {
    contentType,
    eContentType: contentTypeName(signedData.eContentType),
    ...(content === undefined ? {} : { embedded: content.length }),
    signers: signedData.signers.length,
    certificates: signedData.certificates.length,
    crls: signedData.crls.length,
  };
}

function cmsTitle({ contentType, eContentType, embedded, signers, certificates, crls }: CmsFacts): string {
  if (signers === undefined) return contentType;
  const over = embedded === undefined ? 'detached' : `over ${count(embedded, 'octet')} inside`;
  const parts = [
    signers === 0 ? 'no signer' : `${count(signers, 'signer')}, ${over}`,
    count(certificates ?? 0, 'certificate'),
    ...(crls ? [count(crls, 'CRL')] : []),
  ];
  return `${contentType} of ${eContentType}: ${parts.join(', ')}`;
}

function cmsOf(part: Part): CmsFacts | { readonly error: string } | undefined {
  if (!isCmsPart(part)) return undefined;
  try {
    return cmsFacts(part.content());
  } catch (error) {
    if (error instanceof MailsealError) return { error: error.code };
    throw error;
  }
}

function partJson(part: Part): unknown {
  const cms = cmsOf(part);
  return {
    part: part.path,
    start: part.start,
    headersEnd: part.headersEnd,
    bodyStart: part.bodyStart,
    end: part.end,
    type: part.contentType.mediaType,
    parameters: Object.fromEntries(part.contentType.parameters.all.map(({ name, value }) => [name, value])),
    transferEncoding: part.transferEncoding,
    filename: part.filename ?? null,
    headers: [...part.headers].map(({ name, text, start, end }) => ({ name, text, start, end })),
    ...(cms === undefined ? {} : { cms }),
    defects: part.defects,
    parts: part.parts.map(partJson),
  };
}

function partLines(part: Part, level: number, screen: Terminal): string[] {
  const { width, paint } = screen;
  // Deep messages keep room for what they say.
  const indent = '  '.repeat(Math.min(level, 10));
  const inside = `${indent}  `;
  const charset = part.contentType.parameters.get('charset');
  const title = [
    part.contentType.mediaType + (charset === undefined ? '' : `; charset=${charset}`),
    part.transferEncoding,
    ...(part.filename === undefined ? [] : [`“${part.filename}”`]),
  ];
  const name = part.path === '' ? 'message' : part.path;
  const [first, ...more] = beside(`${indent}${name}  `, safe(title.join(', ')), width);
  const octets = `octets ${part.start}–${part.end}, body from ${part.bodyStart} (${count(part.end - part.bodyStart, 'octet')})`;
  const lines = [
    `${indent}${paint('strong', name)}${first!.slice(indent.length + name.length)}`,
    ...more,
    ...wrap(octets, width - inside.length).map((line) => inside + paint('faint', line)),
  ];
  for (const field of part.headers) {
    const label = `${inside}${safe(field.name)}: `;
    // A name as wide as the screen is nobody's: its value goes below it.
    const shown =
      label.length < width / 2
        ? beside(label, safe(field.text), width)
        : [label, ...indented(safe(field.text), inside, width)];
    lines.push(paintStart(shown[0]!, label.length, paint), ...shown.slice(1));
  }
  const cms = cmsOf(part);
  if (cms !== undefined) {
    const text = 'error' in cms ? `cannot be read (${cms.error})` : cmsTitle(cms);
    lines.push(...beside(`${inside}CMS: `, text, width));
  }
  for (const { code, offset, message } of part.defects) {
    const [head, ...rest] = beside(`${inside}• `, safe(`${code} at octet ${offset}: ${message}`), width);
    lines.push(`${inside}${paint('warn', '•')}${head!.slice(inside.length + 1)}`, ...rest);
  }
  for (const child of part.parts) lines.push('', ...partLines(child, level + 1, screen));
  return lines;
}

function paintStart(line: string, length: number, paint: Terminal['paint']): string {
  return paint('faint', line.slice(0, length)) + line.slice(length);
}

function indented(text: string, indent: string, width: number): string[] {
  return wrap(text, width - indent.length).map((line) => indent + line);
}
