import type { ImapText } from '../text.js';
import type { ImapEnvelope } from '../values/envelope.js';
import type { ImapValue } from '../values/value.js';

/** A parameter of a content type or a disposition, as the server gives it. */
export interface BodyParameter {
  readonly name: ImapText;
  readonly value: ImapText;
}

/** Content-Disposition. */
export interface BodyDisposition {
  readonly type: ImapText;
  readonly parameters: readonly BodyParameter[];
}

/**
 * What BODYSTRUCTURE tells beyond BODY (RFC 9051 §7.5.2, `body-ext-*`). A
 * server may end anywhere: `undefined` here is NIL, and a property that is
 * missing was not sent, like all that would follow it.
 */
export interface BodyExtension {
  readonly disposition?: BodyDisposition | undefined;
  /** Content-Language; empty for NIL. */
  readonly language?: readonly ImapText[];
  /** Content-Location. */
  readonly location?: ImapText | undefined;
  /** What comes behind, and has no meaning yet; one at least. */
  readonly further?: readonly ImapValue[];
}

/** What all parts but multiparts tell. */
export interface BodySinglePart extends BodyExtension {
  /** Such as `TEXT`; in the letters that the server wrote. */
  readonly type: ImapText;
  readonly subtype: ImapText;
  /** Empty for NIL. */
  readonly parameters: readonly BodyParameter[];
  /** Content-ID. */
  readonly id: ImapText | undefined;
  /** Content-Description. */
  readonly description: ImapText | undefined;
  /** Content-Transfer-Encoding. */
  readonly encoding: ImapText;
  /** Octets of the body as it is encoded; 0 where the server does not know. */
  readonly octets: number;
  /** Content-MD5. */
  readonly md5?: ImapText | undefined;
}

/** A part that is neither text nor a message nor a multipart. */
export interface BodyBasic extends BodySinglePart {
  readonly kind: 'basic';
}

/** A part of type text. */
export interface BodyText extends BodySinglePart {
  readonly kind: 'text';
  readonly lines: number;
}

/** A message/rfc822 or message/global. */
export interface BodyMessage extends BodySinglePart {
  readonly kind: 'message';
  readonly envelope: ImapEnvelope;
  readonly body: BodyStructure;
  readonly lines: number;
}

/** A multipart. */
export interface BodyMultipart extends BodyExtension {
  readonly kind: 'multipart';
  /** One at least, but for servers that send none. */
  readonly parts: readonly BodyStructure[];
  readonly subtype: ImapText;
  /** Empty for NIL; missing where it was not sent, as in BODY. */
  readonly parameters?: readonly BodyParameter[];
}

/** The structure of a message or part (RFC 9051 §7.5.2 `body`). */
export type BodyStructure = BodyBasic | BodyText | BodyMessage | BodyMultipart;
