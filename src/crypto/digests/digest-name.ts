/**
 * The digests by name. MD5 and SHA-1 are broken and are here to read old mail.
 * SHAKE128 gives 32 octets and SHAKE256 64, as CMS uses them (RFC 8702,
 * RFC 8419).
 */
export type DigestName =
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha512-256'
  | 'sha3-224'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512'
  | 'shake128'
  | 'shake256';
