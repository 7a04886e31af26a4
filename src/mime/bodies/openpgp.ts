import type { Part } from '../part.js';

/** A multipart/signed of PGP/MIME (RFC 3156 §5). */
export interface PgpSigned {
  readonly kind: 'signed';
  /**
   * The part whose octets the signature covers: `content.bytes`, with every line end as CRLF. What it says is no
   * safer than the signature, which is not checked here.
   */
  readonly content: Part;
  /** The application/pgp-signature; its content is an armored detached signature. */
  readonly signature: Part;
  /** Lower case, without `pgp-`, such as `sha256`; `undefined` where it is not told. */
  readonly micalg: string | undefined;
}

/** A multipart/encrypted of PGP/MIME (RFC 3156 §4). */
export interface PgpEncrypted {
  readonly kind: 'encrypted';
  /** The application/pgp-encrypted, which holds `Version: 1`. */
  readonly control: Part;
  /** The part whose content is an armored OpenPGP message; decrypted, that is a MIME entity to be parsed. */
  readonly encrypted: Part;
  /** Whether a server made a multipart/mixed of it, with a part before, as Exchange does. */
  readonly isMangled: boolean;
}

/** An application/pgp-keys (RFC 3156 §7). */
export interface PgpKeys {
  readonly kind: 'keys';
  /** The part whose content is an armored key block. */
  readonly keys: Part;
}

/**
 * Tells whether a part is one of PGP/MIME (RFC 3156) and hands out what an
 * OpenPGP library needs. Nothing is decrypted or verified here. A multipart
 * counts when its parts are what the RFC wants, in that order, so that nothing
 * stands beside the signed part that the signature does not cover.
 *
 * @param part any part; `undefined` comes back when it is none of PGP/MIME
 * @example
 * ```ts
 * import { parseMessage, pgpMimeOf } from 'mailseal/mime';
 *
 * const pgp = pgpMimeOf(
 *   parseMessage(
 *     new TextEncoder().encode(
 *       'Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary=b\n\n' +
 *         '--b\n\nSigned.\n--b\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n--b--\n',
 *     ),
 *   ),
 * );
 * console.log(pgp?.kind, pgp?.kind === 'signed' && pgp.micalg); // signed sha256
 * ```
 */
export function pgpMimeOf(part: Part): PgpSigned | PgpEncrypted | PgpKeys | undefined {
  const { mediaType, parameters } = part.contentType;
  const { parts } = part;
  switch (mediaType) {
    case 'application/pgp-keys':
      return { kind: 'keys', keys: part };
    case 'multipart/signed': {
      const [content, signature] = parts;
      if (parts.length !== 2 || typeOf(signature) !== 'application/pgp-signature') return undefined;
      const micalg = parameters.get('micalg')?.trim().toLowerCase().replace(/^pgp-/, '');
      return { kind: 'signed', content: content!, signature: signature!, micalg: micalg || undefined };
    }
    case 'multipart/encrypted': {
      const [control, encrypted] = parts;
      if (parts.length !== 2 || typeOf(control) !== 'application/pgp-encrypted') return undefined;
      return { kind: 'encrypted', control: control!, encrypted: encrypted!, isMangled: false };
    }
    case 'multipart/mixed': {
      const [before, control, encrypted] = parts;
      const isMangled =
        parts.length === 3 &&
        typeOf(before) === 'text/plain' &&
        before!.bodyBytes.every((octet) => octet === 0x0d || octet === 0x0a || octet === 0x20) &&
        typeOf(control) === 'application/pgp-encrypted' &&
        typeOf(encrypted) === 'application/octet-stream';
      return isMangled
        ? { kind: 'encrypted', control: control!, encrypted: encrypted!, isMangled }
        : undefined;
    }
    default:
      return undefined;
  }
}

function typeOf(part: Part | undefined): string | undefined {
  return part?.contentType.mediaType;
}
