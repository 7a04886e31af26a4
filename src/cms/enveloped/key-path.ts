import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import type { Derivations } from '../../crypto/passwords/password-derivations.js';
import type { RecipientInfo } from './recipient-info.js';
import type { SenderCertificates } from './sender-certificates.js';

/** A way to the content key that is yet to be gone. Nothing secret is used before. */
export interface KeyPath {
  /** `undefined` for a content key that the caller has. */
  readonly recipient: RecipientInfo | undefined;
  /**
   * Whether it always gives a key, right or wrong. Then nothing else may be
   * tried: that another recipient was answered would tell that this key was wrong.
   */
  readonly isFinal: boolean;
  /** The content key, to be wiped by the caller. */
  contentKey(): Promise<Bytes>;
}

/** What all ways into one envelope have in common. */
export interface EnvelopeContext {
  readonly recipients: readonly RecipientInfo[];
  /** Senders' certificates, for those who name theirs instead of sending a key. */
  readonly certificates: SenderCertificates;
  /** Octets of the key that the cipher takes. */
  readonly keyLength: number;
  readonly derivations: Derivations;
  readonly engine: EngineOptions;
  /** Recipients that name one of the keys given, which nobody else's key is tried on. */
  readonly named: Set<RecipientInfo>;
  /** Why recipients that fit are of no use. */
  readonly unusable: MailsealError[];
}

/** What a recipient that fits gives; where its algorithms are not known or damaged, that is noted and there is nothing. */
export function usable<Given>(context: EnvelopeContext, make: () => Given): Given[] {
  try {
    return [make()];
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    context.unusable.push(error);
    return [];
  }
}
