import { assertOptions } from '../../cms/verify/verify.js';
import { usage } from '../../core/errors.js';
import { assertLimits } from '../../core/limits.js';
import type { VerificationPolicy } from './verify-seal.js';

/**
 * Refuses what cannot be options about verifying a message or a signature file.
 *
 * @throws MailsealError `usage`
 */
export function assertPolicyOptions(
  options: VerificationPolicy & { readonly limits?: object; readonly part?: string },
): void {
  assertOptions(options);
  const { address, limits, part } = options;
  assertLimits(limits, ['mime']);
  if (address !== undefined && typeof address !== 'string')
    throw usage('`address` must be the text of a mail address');
  if (part !== undefined && typeof part !== 'string')
    throw usage('`part` must be the place of a part, such as "1.2"');
}
