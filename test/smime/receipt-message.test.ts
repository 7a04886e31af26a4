import { describe, expect, test } from 'vitest';
import { checkReceipt } from '../../src/cms/ess/check-receipt.js';
import { receiptRequest } from '../../src/cms/ess/receipt-request.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import { receiptMessage } from '../../src/smime/sign/receipt-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { octets } from '../support/sign-message.js';
import { alice, aliceWith, intermediate, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const chain = [intermediate.certificate];
const request = receiptRequest({
  contentIdentifier: new Uint8Array([1, 2, 3]),
  from: 'all',
  to: [[{ kind: 'rfc822Name', value: 'alice@example.jp' }]],
});
const bob = aliceWith({ name: 'Bob', emails: ['bob@example.net'] });
const signed = await signMessage(octets('From: alice@example.jp\r\nSubject: s\r\n\r\nAt nine.\r\n'), {
  signers: [await signingKey(alice, { chain, signedAttributes: [request] })],
});
const original = (await verifyMessage(signed, { roots, at: now })).seals[0]!;
const signer = await signingKey(bob, { chain });

describe('receiptMessage', () => {
  test('RFC 2634 §2.4: a receipt is application/pkcs7-mime, signed-receipt, without an entity in it', async () => {
    const message = octets(
      'From: bob@example.net\r\nTo: alice@example.jp\r\nContent-Type: text/html\r\n\r\nx\r\n',
    );
    const made = parseMessage(await receiptMessage({ seal: original, signer, message }));
    expect([...made.headers].map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'From: bob@example.net',
      'To: alice@example.jp',
      'MIME-Version: 1.0',
      'Content-Type: application/pkcs7-mime; smime-type=signed-receipt; name="smime.p7m"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="smime.p7m"',
    ]);
    const receipt = parseSignedData(made.content());
    const check = await checkReceipt({ receipt, original: original.signedData!, roots, at: now });
    expect([check.problems, check.signers[0]?.trust]).toEqual([[], 'trusted']);
  });

  test('it is no message that anybody signed', async () => {
    const message = octets('From: bob@example.net\r\n\r\n');
    const report = await verifyMessage(await receiptMessage({ seal: original, signer, message }), {
      roots,
      at: now,
    });
    expect(report.verified).toBe(false);
    expect(report.seals[0]!.reasons.map(({ code }) => code)).toContain('content-not-mime');
  });

  test('without fields it is a message of its own', async () => {
    const made = parseMessage(await receiptMessage({ seal: original, signer }));
    expect([...made.headers].map(({ name }) => name)[0]).toBe('MIME-Version');
  });

  test('RFC 2634 §2.3: where nobody asks for one by a valid signature there is none', async () => {
    const unasked = await signMessage(octets('From: alice@example.jp\r\n\r\nx\r\n'), {
      signers: [await signingKey(alice, { chain })],
    });
    const altered = octets(latin1FromBytes(signed).replace('At nine.', 'At nein.'));
    for (const message of [unasked, altered]) {
      const seal = (await verifyMessage(message, { roots, at: now })).seals[0]!;
      expect(seal.signers.length).toBe(1);
      await expect(receiptMessage({ seal, signer })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test('what is no seal, and no options, are told', async () => {
    await expect(receiptMessage({ signer } as never)).rejects.toMatchObject({ code: 'usage' });
    await expect(receiptMessage(null as never)).rejects.toMatchObject({ code: 'usage' });
  });
});
