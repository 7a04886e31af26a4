import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { checkRecipients } from '../../src/smime/encrypt/check-recipients.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { MessageVerifier } from '../../src/smime/stream/message-verifier.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { textEntity } from '../support/sign-message.js';
import { alice, aliceMessage, now, roots, signedBy } from '../support/sign-scene.js';

/** What somebody without a type checker may give for anything. */
const wrong: readonly unknown[] = [null, 0, '', 'x', 1n, {}, [], [null], Symbol('x'), true, () => 1];

/** The options of one name with which a call neither works nor says `usage`. */
async function surprises(call: (value: unknown) => unknown): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const value of wrong) {
    try {
      await call(value);
    } catch (error) {
      if (!(error instanceof MailsealError)) found.push([value, error]);
    }
  }
  return found;
}

const message = aliceMessage();
const entity = textEntity();
const p7s = signedBy(alice, entity);
const policy = { roots, at: now };

describe('an option of another kind is the caller’s fault, and no surprise', () => {
  test.each([
    ...['at', 'roots', 'certificates', 'address', 'limits', 'policies', 'algorithms', 'revocation'],
    ...['requireIdentity', 'acceptSigningTime', 'trustedTime', 'timestampRoots', 'engine', 'signal'],
    ...['maxSignatureChecks', 'findIssuers', 'keys'],
  ])('`%s` of what verifies', async (name) => {
    for (const call of [
      (options: never) => verifyMessage(message, options),
      (options: never) => openMessage(message, options),
      (options: never) => verifySignatureFile(p7s, options),
      (options: never) => new MessageVerifier(options),
    ]) {
      expect(
        await surprises((value) => call({ ...policy, content: entity, [name]: value } as never)),
      ).toEqual([]);
    }
  });

  test.each([
    ...['at', 'recipients', 'bcc', 'originator', 'escrow', 'accept', 'roots', 'pool', 'cipher', 'sign'],
    ...['headerProtection', 'legacyDisplay', 'engine', 'random', 'signal', 'wrapKeys', 'revocation'],
    ...['originatorInfo', 'algorithms', 'policies'],
  ])('`%s` of what encrypts', async (name) => {
    const options = { at: now, recipients: [{ password: 'x' }] };
    expect(
      await surprises((value) => encryptMessage(message, { ...options, [name]: value } as never)),
    ).toEqual([]);
    expect(await surprises((value) => checkRecipients([], { ...options, [name]: value } as never))).toEqual(
      [],
    );
  });

  test('all of them at once', async () => {
    const calls = [verifyMessage, openMessage, verifySignatureFile, encryptMessage] as const;
    for (const call of calls) {
      expect(await surprises((value) => call(message, value as never))).toEqual([]);
      await expect(call(p7s, undefined as never)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test.each([
    ['address', [null, 0]],
    ['limits', [null, 0]],
  ])('`%s` says `usage`', async (name, values) => {
    for (const value of values) {
      const options = { ...policy, [name]: value } as never;
      await expect(verifyMessage(message, options)).rejects.toMatchObject({ code: 'usage' });
      await expect(verifySignatureFile(p7s, options)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test.each(['originator', 'accept'])('`%s` that is nothing is not taken for none', async (name) => {
    for (const value of [null, '', 0]) {
      const options = { at: now, recipients: [{ password: 'x' }], [name]: value } as never;
      await expect(encryptMessage(message, options)).rejects.toMatchObject({ code: 'usage' });
    }
  });
});
