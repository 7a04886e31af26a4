import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createEncryptedData, createEnvelopedData } from '../../src/cms/enveloped/create.js';
import { parseSignedData, verifySignedData } from '../../src/cms/index.js';
import { MailsealError } from '../../src/core/errors.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { compressMessage } from '../../src/smime/compress/compress-message.js';
import { checkRecipients } from '../../src/smime/encrypt/check-recipients.js';
import { type EncryptedMessage, encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { explodeMessage } from '../../src/smime/list/explode-message.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { type SignMessageOptions, signMessage } from '../../src/smime/sign/sign-message.js';
import { MessageDecryptor, type MessageDecryptorOptions } from '../../src/smime/stream/message-decryptor.js';
import { MessageEncryptor } from '../../src/smime/stream/message-encryptor.js';
import { MessageSigner } from '../../src/smime/stream/message-signer.js';
import { MessageVerifier } from '../../src/smime/stream/message-verifier.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { carol } from '../support/list-scene.js';
import { textEntity } from '../support/sign-message.js';
import { alice, aliceMessage, intermediate, now, roots, signedBy } from '../support/sign-scene.js';
import { privateKeyOf } from '../support/signing-people.js';

/** What somebody without a type checker may give for anything. */
const wrong: readonly unknown[] = [
  ...[null, 0, '', 'x', 1n, {}, [], [null], Symbol('x'), true, () => 1],
  // It has not even a `toString`.
  Object.create(null),
];

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
const policy = { roots, at: now, keys: [] };

/** Whatever takes a message in pieces. */
async function inPieces(worker: { push(chunk: Uint8Array): Promise<unknown>; end(): Promise<unknown> }) {
  await worker.push(message.subarray(0, 100));
  await worker.push(message.subarray(100));
  return worker.end();
}

/** All that verifies with the same options. */
const verifying: readonly ((options: never) => unknown)[] = [
  (options) => verifyMessage(message, options),
  (options) => openMessage(message, options),
  (options) => verifySignatureFile(p7s, options),
  (options) => inPieces(new MessageVerifier(options)),
  (options) => inPieces(new MessageDecryptor(options)),
];

test('each of them works with the options that are right', async () => {
  for (const call of verifying) await call({ ...policy, content: entity } as never);
});

describe('an option of another kind is the caller’s fault, and no surprise', () => {
  test.each([
    ...['at', 'roots', 'certificates', 'address', 'limits', 'policies', 'algorithms', 'revocation'],
    ...['requireIdentity', 'acceptSigningTime', 'trustedTime', 'timestampRoots', 'engine', 'signal'],
    ...['maxSignatureChecks', 'findIssuers', 'keys'],
  ])('`%s` of what verifies', async (name) => {
    for (const call of verifying) {
      expect(
        await surprises((value) => call({ ...policy, content: entity, [name]: value } as never)),
      ).toEqual([]);
    }
  });

  test.each(['seals', 'depth', 'octets', 'ratio', 'iterations'])('the limit `%s`', async (name) => {
    for (const call of verifying) {
      for (const value of [null, -1, '1', 1n, Symbol('x'), {}, Number.NaN]) {
        const options = { ...policy, content: entity, limits: { [name]: value } };
        await expect(async () => call(options as never)).rejects.toMatchObject({ code: 'usage' });
      }
    }
  });

  const encrypting = { at: now, roots, pool: [intermediate.certificate] };
  const reader = { certificate: carol.certificate };

  test.each([
    ...['at', 'recipients', 'bcc', 'originator', 'escrow', 'accept', 'roots', 'pool', 'cipher', 'sign'],
    ...['headerProtection', 'legacyDisplay', 'engine', 'random', 'signal', 'wrapKeys', 'revocation'],
    ...['originatorInfo', 'algorithms', 'policies'],
  ])('`%s` of what encrypts', async (name) => {
    const options = { ...encrypting, recipients: [{ ...reader, address: 'carol@example.jp' }] };
    expect(await surprises((value) => encrypted({ ...options, [name]: value }))).toEqual([]);
    expect(await surprises((value) => encryptedInPieces({ ...options, [name]: value }))).toEqual([]);
    expect(
      await surprises((value) => checkRecipients([reader], { ...options, [name]: value } as never)),
    ).toEqual([]);
  });

  const encrypted = (options: object): unknown => encryptMessage(message, options as never);

  async function encryptedInPieces(options: object): Promise<void> {
    const encryptor = new MessageEncryptor(options as never);
    await encryptor.update(message);
    await encryptor.finish();
  }

  test.each(['address', 'accept', 'capabilities'])('`%s` of a recipient says `usage`', async (name) => {
    for (const value of wrong) {
      if (name === 'address' ? typeof value === 'string' : Array.isArray(value) && value.length === 0)
        continue;
      const other = { ...reader, [name]: value };
      for (const whose of [{ recipients: [other] }, { recipients: [reader], originator: other }]) {
        const options = { ...encrypting, accept: ['address-differs'], ...whose };
        await expect(async () => encrypted(options)).rejects.toMatchObject({ code: 'usage' });
        await expect(async () => encryptedInPieces(options)).rejects.toMatchObject({ code: 'usage' });
      }
      const blind = { ...encrypting, recipients: [reader], accept: ['address-differs'] };
      await expect(async () => encrypted({ ...blind, bcc: [other] })).rejects.toMatchObject({
        code: 'usage',
      });
      await expect(checkRecipients([other] as never, encrypting)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test('`originatorInfo` that is none says `usage`', async () => {
    const options = { ...encrypting, recipients: [reader], accept: ['address-differs'] };
    for (const value of [null, 0, { certificates: 'x' }, { certificates: [null] }, { crls: [{}] }]) {
      const wanted = { ...options, originatorInfo: value };
      await expect(async () => encrypted(wanted)).rejects.toMatchObject({ code: 'usage' });
      await expect(encryptedInPieces(wanted)).rejects.toMatchObject({ code: 'usage' });
    }
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

describe('what is given for an option of all the others', async () => {
  const { certificate } = alice;
  const signers = [{ certificate, privateKey: await privateKeyOf(alice) }];
  const keys = [{ privateKey: await privateKeyOf(carol), certificate: carol.certificate }];
  const recipients = [{ certificate: carol.certificate }];
  const [{ message: sealed }] = (await encryptMessage(message, { at: now, recipients })) as [
    EncryptedMessage,
  ];
  const members = [{ certificate: carol.certificate }];
  const signedData = parseSignedData(p7s);

  async function signedInPieces(options: SignMessageOptions): Promise<void> {
    const signer = new MessageSigner(options);
    await signer.update(message);
    await signer.finish();
  }

  async function decryptedInPieces(options: MessageDecryptorOptions): Promise<void> {
    const decryptor = new MessageDecryptor(options);
    await decryptor.push(sealed);
    await decryptor.end();
  }

  /** A call with its options, and those of them of which no other value than the right ones may pass. */
  const table: readonly (readonly [string, (options: never) => unknown, object, readonly string[]])[] = [
    ['verifySignedData', (options) => verifySignedData(signedData, options), policy, ['content']],
    ['decryptMessage', (options) => decryptMessage(sealed, options), { keys }, ['certificates', 'inflate']],
    ['compressMessage', (options) => compressMessage(message, options), {}, ['deflate']],
    ['MessageSigner', signedInPieces, { signers }, ['transport']],
    ['signMessage', (options) => signMessage(message, options), { signers }, ['transport']],
    [
      'MessageDecryptor',
      decryptedInPieces,
      { ...policy, keys },
      ['onContent', 'onSignedPart', 'spool', 'part'],
    ],
    [
      'explodeMessage',
      (options) => explodeMessage(sealed, options),
      { keys, members, sign: { signers }, at: now },
      ['accept', 'listIdentifier', 'receipts', 'header'],
    ],
    ['encryptMessage', (options) => encryptMessage(message, options), { at: now, recipients }, ['accept']],
    [
      'a recipient',
      (recipient) => createEnvelopedData({ content: message, recipients: [recipient] }),
      recipients[0]!,
      ['certificate', 'agreement'],
    ],
    [
      'createPkcs12',
      (friendly: object) =>
        createPkcs12({ keys: [{ ...signers[0]!, ...friendly }] }, { password: 'x', iterations: 1 }),
      {},
      ['friendlyName'],
    ],
  ];

  test.each(table)('%s', async (_, call, right, names) => {
    await call(right as never);
    for (const name of names) {
      expect(await surprises((value) => call({ ...right, [name]: value } as never))).toEqual([]);
      await expect(async () => call({ ...right, [name]: 5n } as never)).rejects.toMatchObject({
        code: 'usage',
      });
    }
  });

  test('a problem misspelt is not put up with', async () => {
    const misspelt = { at: now, recipients, accept: ['expird'] as never };
    await expect(encryptMessage(message, misspelt)).rejects.toThrow(
      '`accept` has "expird", which is none of',
    );
    await expect(
      encryptMessage(message, {
        at: now,
        recipients: [{ ...recipients[0]!, accept: ['untrustd'] as never }],
      }),
    ).rejects.toThrow('`recipients[0].accept` has "untrustd"');
  });
});

describe('what is near a key or a certificate', () => {
  const isUsage = expect.objectContaining({ code: 'usage' });
  const { privateKey: nodeKey } = generateKeyPairSync('ed25519');
  const pem = '-----BEGIN CERTIFICATE-----';
  const { certificate } = alice;
  const ready = privateKeyOf(alice);
  const sealed = encryptMessage(message, { at: now, recipients: [{ certificate: carol.certificate }] });
  const p12 = { password: 'x', iterations: 1 };
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'a key of Node’s, to sign': () =>
      signMessage(message, { signers: [{ certificate, privateKey: nodeKey as never }] }),
    'no signer': () => signMessage(message, { signers: [undefined as never] }),
    'a transport in capitals': async () =>
      signMessage(message, {
        signers: [{ certificate, privateKey: await ready }],
        transport: '8BIT' as never,
      }),
    'a certificate as text, to open': async () => {
      const first = (await sealed)[0]!.message;
      return openMessage(first, {
        ...policy,
        keys: [{ privateKey: await ready, certificate: pem as never }],
      });
    },
    'a recipient named by SKI in capitals': () =>
      encryptMessage(message, {
        at: now,
        recipients: [{ certificate: carol.certificate, identifier: 'SKI' as never }],
      }),
    'no cipher': () =>
      createEncryptedData({ content: message, contentKey: new Uint8Array(32), cipher: null as never }),
    'a key of Node’s, to keep': () => createPkcs12({ keys: [{ privateKey: nodeKey as never }] }, p12),
    'a certificate as text, to keep': async () =>
      createPkcs12({ keys: [{ privateKey: await ready, certificate: pem as never }] }, p12),
    'a certificate that is no list': () => createPkcs12({ certificates: certificate as never }, p12),
    'a certificate that is in no object': () => createPkcs12({ certificates: [certificate as never] }, p12),
    'no CRL': () => createPkcs12({ crls: [{ crl: null as never }] }, p12),
  };
  for (const [what, call] of Object.entries(calls)) {
    test(what, async () => {
      await expect(call).rejects.toThrow(isUsage);
    });
  }
});
