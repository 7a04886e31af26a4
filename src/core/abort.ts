import { MailsealError } from './errors.js';

/** What long work asks whether it shall go on; the `AbortSignal` of every runtime is one. */
export interface AbortSignalLike {
  /** Whether the work shall end. */
  readonly aborted: boolean;
  /** Why, as the caller has it. */
  readonly reason?: unknown;
}

/** Ends work that the caller no longer wants. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted !== true) return;
  throw new MailsealError('aborted', 'the work was ended by the caller’s signal', {
    fault: 'usage',
    cause: signal.reason,
  });
}
