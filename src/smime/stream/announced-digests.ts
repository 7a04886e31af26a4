import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import type { Part } from '../../mime/part.js';

/** RFC 8551 §3.5.3.2, and the names that older mail has for them. */
const names: ReadonlyMap<string, DigestName> = /* @__PURE__ */ new Map<string, DigestName>([
  ['md5', 'md5'],
  ['rsa-md5', 'md5'],
  ['sha1', 'sha1'],
  ['rsa-sha1', 'sha1'],
  ['sha224', 'sha224'],
  ['sha256', 'sha256'],
  ['rsa-sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
]);

/** What is made where nothing that is known here is announced. */
const usual: readonly DigestName[] = ['sha256', 'sha1', 'sha384', 'sha512'];

/** Which digests to make of what a multipart has signed: those of `micalg`, a hint only, and the most usual one. */
export function digestsOfMicalg(multipart: Part): readonly DigestName[] {
  const micalg = multipart.contentType.parameters.get('micalg') ?? '';
  return withUsual(
    micalg
      .toLowerCase()
      .split(',', 16)
      .map((name) => names.get(name.trim().replace(/^sha-/, 'sha'))),
  );
}

/** Which digests to make of the content of a SignedData: those that its head announces, a hint only, and the most usual one. */
export function digestsOfHead(digestAlgorithms: readonly Bytes[]): readonly DigestName[] {
  return withUsual(digestAlgorithms.slice(0, 16).map(nameOf));
}

function withUsual(found: readonly (DigestName | undefined)[]): readonly DigestName[] {
  const known = found.filter((name) => name !== undefined);
  return known.length === 0 ? usual : [...new Set<DigestName>(['sha256', ...known])];
}

function nameOf(digestAlgorithm: Bytes): DigestName | undefined {
  try {
    return parseDigestAlgorithm(digestAlgorithm);
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}
