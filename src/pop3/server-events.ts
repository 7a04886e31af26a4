import type { Bytes } from '../core/bytes.js';
import type { MailsealError } from '../core/errors.js';
import type { WireText } from '../core/wire-text.js';

/** What a `Pop3Server` gives. */
export type Pop3ServerEvent =
  /** Octets to write, in their order; each chunk is made when it is asked for. */
  | { readonly type: 'send'; readonly octets: Iterable<Bytes> }
  /** Somebody says who he is: answer with `accept` or `refuse`. */
  | { readonly type: 'login'; readonly user: WireText; readonly password: WireText }
  /** The same; `isApopDigest` judges. */
  | { readonly type: 'apop'; readonly user: WireText; readonly digest: string; readonly timestamp: string }
  /** An exchange begins: answer with `challenge`, `accept` or `refuse`. */
  | { readonly type: 'auth'; readonly mechanism: string; readonly initialResponse: Bytes | undefined }
  /** It goes on. */
  | { readonly type: 'auth-response'; readonly response: Bytes }
  /** The client has ended it, or said what is no response. */
  | { readonly type: 'auth-cancelled' }
  /** The "+OK" is among the octets to send: do the handshake behind it, and call `tlsStarted`. */
  | { readonly type: 'start-tls' }
  /** QUIT: remove these (they count from 0), then call `updated`. */
  | { readonly type: 'update'; readonly deleted: readonly number[] }
  /** Close the connection when all was written. */
  | { readonly type: 'close' }
  /** A line that was refused with "-ERR"; of octets behind STLS, why the session ended. */
  | { readonly type: 'unparsed'; readonly error: MailsealError };
