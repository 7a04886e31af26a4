import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { mlExpansionHistory } from '../../../src/cms/ess/mail-list.js';
import { securityLabel, securityLabelAttribute } from '../../../src/cms/ess/security-label.js';
import type { AttributeInput } from '../../../src/cms/sign/signing-key.js';
import { type SmimeCapabilityName, smimeCapability } from '../../../src/cms/smime-capabilities.js';
import { asBytes, bytesFromLatin1, latin1FromBytes } from '../../../src/core/bytes.js';
import type { MailsealError } from '../../../src/core/errors.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { createDecryptor, type Decryptor } from '../../../src/crypto/transport/decryptor.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { MessageRecipient } from '../../../src/smime/encrypt/message-recipient.js';
import { pkcs7Mime } from '../../../src/smime/entity/sealed-entity.js';
import type { ExplodeMessageOptions } from '../../../src/smime/list/list-options.js';
import { groupMembers } from '../../../src/smime/list/member-groups.js';
import type { OpenReport } from '../../../src/smime/open/report.js';
import { addMessageSigners } from '../../../src/smime/sign/add-message-signers.js';
import { rejection } from '../../crypto/support.js';
import { expectLinearAsync } from '../../support/linear-time.js';
import {
  alice,
  bob,
  carol,
  choir,
  dave,
  historyOf,
  member,
  nestOf,
  openedBy,
  otherList,
  passOn,
  type SentLayer,
  sent,
} from '../../support/list-scene.js';
import { issue, testKey } from '../../support/pki.js';
import { intermediate, mallory, now } from '../../support/sign-scene.js';
import { privateKeyOf, signingKey } from '../../support/signing-people.js';

const signed: SentLayer = { by: alice };
const byMallory: SentLayer = { by: mallory };
const listed: SentLayer = { by: otherList, says: [historyOf(otherList)] };
const encrypted: SentLayer = { cipher: 'aes256-cbc' };
const label = securityLabel({ policy: '1.2.3.4', classification: 3 });

/** What Bob sees of a message with these layers after the list passed it on. */
async function seen(
  layers: readonly SentLayer[],
  change: Partial<ExplodeMessageOptions> = {},
): Promise<OpenReport> {
  const { messages, refused } = await passOn(await sent(layers), change);
  expect(refused).toEqual([]);
  expect(messages).toHaveLength(1);
  return openedBy(bob, messages[0]!.message);
}

type HeaderPair = readonly [name: string, value: string];

const code = async (work: Promise<unknown>): Promise<unknown> => (await rejection(work)).code;

describe('the table of RFC 2634 §4.2', () => {
  test.each<readonly [what: string, layers: readonly SentLayer[], expected: string]>([
    ['§4.2.3.3: data is signed', [], 'S:Choir* At nine.'],
    ['§4.2.1, 1: S1(content) becomes S2(S1(content))', [signed], 'S:Choir* S:Alice At nine.'],
    [
      '§4.2.1, 2: S3(S2(S1(content))) becomes S4(S3(S2(S1(content))))',
      [signed, byMallory, signed],
      'S:Choir* S:Alice S:Mallory S:Alice At nine.',
    ],
    ['§4.2.3.1: E1(content) becomes S1(E1(content))', [encrypted], 'S:Choir* E At nine.'],
    [
      '§4.2.1, 3: E1(S1(content)) becomes S2(E1(S1(content)))',
      [encrypted, signed],
      'S:Choir* E S:Alice At nine.',
    ],
    [
      '§4.2.1, 4: S2(E1(S1(content))) with a history in S2 becomes S3(E1(S1(content)))',
      [listed, encrypted, signed],
      'S:Choir* E S:Alice At nine.',
    ],
    ['§4.2.3.2 3.1: S1(E1(content)) becomes S2(E1(content))', [signed, encrypted], 'S:Choir* E At nine.'],
    [
      '§4.2.1, 5: S3(S2(E1(S1(content)))) becomes S4(E1(S1(content)))',
      [byMallory, signed, encrypted, signed],
      'S:Choir* E S:Alice At nine.',
    ],
    [
      '§4.2.1, 6: the same with a history in S3',
      [listed, signed, encrypted, signed],
      'S:Choir* E S:Alice At nine.',
    ],
    [
      '§4.2.3.2 3.2: S2(S1(content)) with a history in S2 becomes S3(S1(content))',
      [listed, signed],
      'S:Choir* S:Alice At nine.',
    ],
    [
      '§4.2: S3(S2(S1(content))) with a history in S2 becomes S4(S1(content))',
      [byMallory, listed, signed],
      'S:Choir* S:Alice At nine.',
    ],
    [
      '§4.2.3.2 3.3: S1(content) with a history in S1 is signed as it is',
      [listed],
      'S:Choir* S:Orchestra* At nine.',
    ],
  ])('%s', async (_what, layers, expected) => {
    for (const mode of ['re-key', 'decrypt-and-encrypt'] as const)
      expect(nestOf(await seen(layers, { mode }))).toBe(expected);
    const opaque = layers.map((layer) => ('by' in layer ? { ...layer, form: 'opaque' as const } : layer));
    const signer = await signingKey(choir, { chain: [intermediate.certificate] });
    expect(nestOf(await seen(opaque, { sign: { signers: [signer], form: 'opaque' } }))).toBe(expected);
  });

  test('§4.2.3.1: only members can open what was encrypted for the list', async () => {
    const { messages } = await passOn(await sent([encrypted, signed]));
    const { envelopes } = await openedBy(choir, messages[0]!.message);
    expect(envelopes[0]?.error?.code).toBe('cms-no-recipient');
    expect(nestOf(await openedBy(carol, messages[0]!.message))).toBe('S:Choir* E S:Alice At nine.');
  });

  test('§4.2.3.2 step 1: a message whose signature is not valid goes no further', async () => {
    const message = await sent([signed]);
    const altered = Uint8Array.from(
      Buffer.from(latin1FromBytes(message).replace('At nine', 'At ten!'), 'latin1'),
    );
    expect(await code(passOn(altered))).toBe('smime-list-refused');
    const stranger = issue({ name: 'Stranger', key: testKey('p256', 'stranger') });
    expect(await code(passOn(await sent([{ by: stranger }])))).toBe('smime-list-refused');
  });
});

describe('what is not to be signed as something else', () => {
  test('a signature that cannot be read, beside what it is over or around it', async () => {
    const detached = latin1FromBytes(await sent([signed]));
    const signature = detached.lastIndexOf('MI');
    const damaged = bytesFromLatin1(`${detached.slice(0, signature)}!!${detached.slice(signature + 99)}`);
    expect(await code(passOn(damaged))).toBe('smime-list-refused');
    const opaque = latin1FromBytes(await sent([{ by: alice, form: 'opaque' }]));
    const cut = bytesFromLatin1(opaque.slice(0, opaque.length / 2));
    expect(await code(passOn(cut))).toMatch(/^asn1-/);
  });

  test('a signature beside which other parts stand', async () => {
    const detached = latin1FromBytes(await sent([signed]));
    const boundary = /boundary="?([^"\r]+)/.exec(detached)![1]!;
    const more = `\r\n--${boundary}\r\nContent-Type: text/plain\r\n\r\nAt ten.\r\n--${boundary}--`;
    const beside = bytesFromLatin1(detached.replace(`\r\n--${boundary}--`, more));
    expect(await code(passOn(beside))).toBe('smime-list-refused');
  });

  test('what is sealed in a part of the message only goes on as content', async () => {
    const part = latin1FromBytes(await sent([signed], ''));
    const header =
      'From: a@example.jp\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n';
    const body = `--x\r\n${part}\r\n--x\r\n\r\nA footer.\r\n--x--\r\n`;
    const { messages } = await passOn(bytesFromLatin1(header + body));
    const { seals } = await openedBy(bob, messages[0]!.message);
    expect(seals.map(({ coverage, verified }) => [coverage, verified])).toEqual([
      ['message', true],
      ['part', true],
    ]);
  });
});

describe('the mode', () => {
  const octetsOf = (message: Uint8Array) => {
    const envelope = parseMessage(message);
    const part = envelope.isMultipart ? envelope.parts[0]! : envelope;
    return parseEnvelopedData(part.content()).encryptedContent.octets!;
  };

  test('re-key: the encrypted content stays the very same, without the list opening it', async () => {
    const message = await sent([encrypted, signed]);
    for (const inspect of [true, false]) {
      const { messages, report } = await passOn(message, { inspect });
      expect(messages.map(({ way, cipher }) => [way, cipher])).toEqual([['re-keyed', 'aes256-cbc']]);
      expect(octetsOf(messages[0]!.message)).toEqual(octetsOf(message));
      expect(report.envelopes[0]?.opened).toBe(inspect);
      expect(nestOf(await openedBy(bob, messages[0]!.message))).toBe('S:Choir* E S:Alice At nine.');
    }
  });

  test('§4.2.3.1 step 2: what the originator sent along gives way to what the list does', async () => {
    const contentInfo = await createEnvelopedData({
      content: bytesFromLatin1('Content-Type: text/plain\r\n\r\nAt nine.\r\n'),
      recipients: [member(choir)],
      cipher: 'aes128-cbc',
      originatorInfo: { certificates: [alice.certificate] },
    });
    const message = pkcs7Mime(
      'From: alice@example.jp\r\nMIME-Version: 1.0\r\n',
      'enveloped-data',
      contentInfo,
    );
    for (const mode of ['re-key', 'decrypt-and-encrypt'] as const) {
      for (const certificates of [[], [choir.certificate]]) {
        const { messages } = await passOn(message, {
          mode,
          ...(certificates.length === 0 ? {} : { originatorInfo: { certificates } }),
        });
        const part = parseMessage(messages[0]!.message).parts[0]!;
        const { originatorInfo } = parseEnvelopedData(part.content());
        expect(originatorInfo.certificates.map(({ subject }) => `${subject}`)).toEqual(
          certificates.map(({ subject }) => `${subject}`),
        );
        expect(nestOf(await openedBy(carol, messages[0]!.message))).toBe('S:Choir* E At nine.');
      }
    }
  });

  test('re-key: who reads another cipher gets the content encrypted anew, or is refused', async () => {
    const members = [member(bob, 'aes256-gcm'), member(carol), member(dave, 'aes256-gcm', 'aes128-cbc')];
    const message = await sent([{ cipher: 'aes256-gcm' }, signed]);
    const { messages } = await passOn(message, { members });
    expect(messages.map((each) => [each.way, each.cipher, each.members])).toEqual([
      ['re-keyed', 'aes256-gcm', [members[0], members[2]]],
      ['encrypted', 'aes128-cbc', [members[1]]],
    ]);
    expect(nestOf(await openedBy(carol, messages[1]!.message))).toBe('S:Choir* E S:Alice At nine.');
    for (const change of [{ otherwise: 'refuse' }, { inspect: false }] as const) {
      const outcome = await passOn(message, { members, ...change });
      expect(outcome.messages).toHaveLength(1);
      expect(outcome.refused.map((each) => [each.member, each.problems[0]?.code])).toEqual([
        [members[1], 'other-cipher'],
      ]);
    }
  });

  test('decrypt-and-encrypt: one cipher where all read one, else to each what he reads', async () => {
    const message = await sent([{ cipher: 'des-ede3-cbc' }, signed]);
    const mode = 'decrypt-and-encrypt' as const;
    const both = [member(bob, 'aes256-gcm', 'aes192-cbc'), member(carol, 'aes192-cbc')];
    const one = await passOn(message, { mode, members: both });
    expect(one.messages.map(({ cipher, members }) => [cipher, members.length])).toEqual([['aes192-cbc', 2]]);
    const apart = [member(bob, 'aes256-gcm'), member(carol, 'aes192-cbc'), member(dave, 'des-ede3-cbc')];
    const two = await passOn(message, { mode, members: apart });
    expect(two.messages.map(({ cipher, members }) => [cipher, members])).toEqual([
      ['aes256-gcm', [apart[0]]],
      ['aes192-cbc', [apart[1]]],
    ]);
    expect(two.refused.map((each) => [each.member, each.problems[0]?.code])).toEqual([
      [apart[2], 'no-cipher'],
    ]);
    expect(nestOf(await openedBy(bob, two.messages[0]!.message))).toBe('S:Choir* E S:Alice At nine.');
    expect(nestOf(await openedBy(carol, two.messages[1]!.message))).toBe('S:Choir* E S:Alice At nine.');
    // What is too weak is not kept going by re-keying it, unless that is asked for.
    const old = [member(dave, 'des-ede3-cbc', 'aes128-cbc')];
    expect((await passOn(message, { members: old })).messages[0]?.cipher).toBe('aes128-cbc');
    const weak = await passOn(message, { members: old, weakCiphers: true });
    expect(weak.messages.map(({ way, cipher }) => [way, cipher])).toEqual([['re-keyed', 'des-ede3-cbc']]);
  });

  test('separately: no member learns who the others are', async () => {
    for (const mode of ['re-key', 'decrypt-and-encrypt'] as const) {
      const { messages } = await passOn(await sent([encrypted]), { mode, separately: true });
      expect(messages.map(({ members }) => members.length)).toEqual([1, 1]);
      for (const [i, by] of [bob, carol].entries()) {
        const { envelopes } = await openedBy(by, messages[i]!.message);
        expect(envelopes[0]?.recipients).toHaveLength(1);
        expect(envelopes[0]?.opened).toBe(true);
      }
    }
  });

  test('separately: the list’s key is used once for all who are re-keyed, and once to inspect', async () => {
    const own = createDecryptor(await privateKeyOf(choir));
    const message = await sent([encrypted, signed]);
    for (const [inspect, expected] of [
      [true, 2],
      [false, 1],
    ] as const) {
      const given: Uint8Array[] = [];
      const decryptor: Decryptor = {
        publicKey: own.publicKey,
        decryptKey: async (...asked) => {
          const key = await own.decryptKey!(...asked);
          given.push(key);
          return key;
        },
      };
      const { messages } = await passOn(message, {
        keys: [{ decryptor, certificate: choir.certificate }],
        members: [member(bob), member(carol), member(dave)],
        separately: true,
        inspect,
        ...(inspect ? {} : { otherwise: 'refuse' }),
      });
      expect(messages.map(({ way }) => way)).toEqual(['re-keyed', 're-keyed', 're-keyed']);
      expect(given).toHaveLength(expected);
      for (const [i, by] of [bob, carol, dave].entries())
        expect(nestOf(await openedBy(by, messages[i]!.message))).toBe('S:Choir* E S:Alice At nine.');
    }
  });

  test('no envelope has more members than its readers take by default', async () => {
    const many = Array.from({ length: 10_001 }, (_, i) => ({
      kek: new Uint8Array(16),
      id: Uint8Array.of(i >> 8, i),
    }));
    const old = { cipher: 'aes128-cbc', bindAlgorithm: false };
    const { groups } = await groupMembers(many, old, {
      members: many,
      keys: [],
      sign: { signers: [] },
      at: now,
    });
    expect(groups.map(({ members }) => members.length)).toEqual([10_000, 1]);
    expect(groups.flatMap(({ members }) => members)).toEqual(many);
  });

  test('the inner signature is taken off where that is asked for, if it is good', async () => {
    const mode = 'decrypt-and-encrypt' as const;
    const strip = { mode, innerSignature: 'strip' } as const;
    expect(nestOf(await seen([encrypted, signed, byMallory], strip))).toBe('S:Choir* E At nine.');
    expect(nestOf(await seen([encrypted], strip))).toBe('S:Choir* E At nine.');
    expect(nestOf(await seen([signed], strip))).toBe('S:Choir* At nine.');
    const stranger = issue({ name: 'Stranger', key: testKey('p256', 'stranger') });
    expect(await code(passOn(await sent([encrypted, { by: stranger }]), strip))).toBe('smime-list-refused');
  });

  test('what is not encrypted passes, is encrypted, or is refused', async () => {
    const message = await sent([signed]);
    const passed = await passOn(message);
    expect(passed.messages.map(({ way, cipher }) => [way, cipher])).toEqual([['passed', undefined]]);
    expect(nestOf(await seen([signed], { unencrypted: 'encrypt' }))).toBe('S:Choir* E S:Alice At nine.');
    expect(nestOf(await seen([], { unencrypted: 'encrypt' }))).toBe('S:Choir* E At nine.');
    expect(await code(passOn(message, { unencrypted: 'refuse' }))).toBe('smime-list-refused');
  });

  test('what the list has no key for is an error', async () => {
    const message = await sent([{ cipher: 'aes256-cbc', for: [member(bob)] }]);
    expect(await code(passOn(message))).toBe('cms-no-recipient');
    expect(await code(passOn(message, { inspect: false }))).toBe('cms-no-recipient');
  });

  test('a member whose certificate is not good gets no copy, and the others do', async () => {
    const expired = issue({ name: 'Old', key: testKey('rsa', 'Bob'), notAfter: '2025-01-01T00:00:00Z' });
    const members = [member(expired), member(carol)];
    const { messages, refused } = await passOn(await sent([encrypted]), { members });
    expect(messages[0]?.members).toEqual([members[1]]);
    expect(refused[0]?.member).toBe(members[0]);
    expect(refused[0]?.problems.map((each) => each.code)).toContain('expired');
    const none = await passOn(await sent([encrypted]), { members: [member(expired)] });
    expect(none.messages).toEqual([]);
  });
});

test('members are divided in linear time, whatever they read', async () => {
  const old = { cipher: 'aes256-gcm', bindAlgorithm: false };
  const options = { keys: [], members: [], sign: { signers: [] }, at: now };
  const ciphers: readonly SmimeCapabilityName[] = ['aes256-gcm', 'aes128-cbc'];
  const work = (count: number) => {
    const members = Array.from({ length: count }, (_, i): MessageRecipient => {
      const capabilities = [smimeCapability(ciphers[i % 2]!)];
      return { kek: new Uint8Array(16), id: new Uint8Array([i >> 8, i]), capabilities };
    });
    return async (): Promise<void> => {
      const { groups } = await groupMembers(members, old, options);
      const reached = (cipher: string | undefined): number =>
        groups.reduce((sum, each) => sum + (each.cipher === cipher ? each.members.length : 0), 0);
      expect([reached(undefined), reached('aes128-cbc')]).toEqual([count / 2, count / 2]);
    };
  };
  await expectLinearAsync(work, 8192);
});

describe('labels of signatures that are taken off', () => {
  const labelled = (by: typeof alice, classification = 3): SentLayer => ({
    by,
    says: [securityLabel({ policy: '1.2.3.4', classification })],
  });
  const allow = () => true;
  const labelOf = async (layers: readonly SentLayer[], change: Partial<ExplodeMessageOptions> = {}) => {
    const { services } = await seen(layers, { allow, ...change });
    return services[0]?.securityLabel?.classification;
  };

  test('stay in that of the list', async () => {
    expect(await labelOf([listed, labelled(alice), encrypted])).toBe(3);
    const stripping = { innerSignature: 'strip', mode: 'decrypt-and-encrypt' } as const;
    expect(await labelOf([encrypted, labelled(alice)], stripping)).toBe(3);
    expect(await labelOf([labelled(bob), labelled(alice), encrypted])).toBe(3);
  });

  test('that differ: the message is refused', async () => {
    const message = await sent([labelled(bob, 2), labelled(alice), encrypted]);
    expect(await code(passOn(message, { allow }))).toBe('smime-list-refused');
  });
});

describe('mail in the name of the list', () => {
  const [address] = choir.certificate.emailAddresses;
  const plain = (from: string, more = '') =>
    bytesFromLatin1(`From: ${from}\r\n${more}Subject: Friday\r\n\r\nAt nine.\r\n`);
  const rewriting = { header: { fields: [['From', `"Alice" <${address}>`]] as const } };

  test.each<[string, Uint8Array, Partial<ExplodeMessageOptions>]>([
    ['From', plain(`The choir <${address}>`), {}],
    ['Sender, of several authors', plain('a@x.example, b@x.example', `Sender: ${address}\r\n`), {}],
    ['a From that the list writes', plain('alice@example.jp'), rewriting],
  ])('%s: is refused', async (_, message, change) => {
    expect(await code(passOn(asBytes(message), change))).toBe('smime-list-refused');
  });

  test('a list may be the Sender of what somebody else wrote, and encrypt what it writes itself', async () => {
    const sender = asBytes(plain('alice@example.jp', `Sender: ${address}\r\n`));
    const { messages } = await passOn(sender);
    expect((await openedBy(bob, messages[0]!.message)).seals[0]?.signers[0]?.identity).toBe('mismatch');
    const own = await passOn(asBytes(plain(address!)), { unencrypted: 'encrypt' });
    expect((await openedBy(bob, own.messages[0]!.message)).verified).toBe(false);
  });
});

describe('what the list says', () => {
  const historyIn = async (layers: readonly SentLayer[], change: Partial<ExplodeMessageOptions> = {}) =>
    (await seen(layers, change)).services[0]?.mlExpansionHistory;

  test('§4.1: the list puts itself at the end of the history, with the time', async () => {
    const before = historyOf(otherList, new Date('2026-02-28T12:00:00Z'));
    const history = await historyIn([{ by: otherList, says: [before] }, encrypted]);
    expect(history?.map(({ time }) => time.toISOString())).toEqual([
      '2026-02-28T12:00:00.000Z',
      now.toISOString(),
    ]);
    expect(history?.[1]?.list).toMatchObject({ serialNumber: choir.certificate.serialNumber });
    const bySki = await signingKey(choir, { identifier: 'ski' });
    const named = await historyIn([encrypted], { sign: { signers: [bySki] } });
    expect(named?.[0]?.list.kind).toBe('subjectKeyIdentifier');
  });

  test('§4.1: several signers of a list have the same history', async () => {
    const signers = [await signingKey(choir), await signingKey(dave)];
    const { seals } = await seen([encrypted], { sign: { signers } });
    const histories = seals[0]!.signers.map(({ signer }) =>
      signer.signedAttributes
        .filter(({ type }) => type === historyOf(choir).type)
        .map(({ values }) => values.map(({ bytes }) => latin1FromBytes(bytes))),
    );
    expect(histories).toHaveLength(2);
    expect(histories[0]?.flat()).toHaveLength(1);
    expect(histories[1]).toEqual(histories[0]);
  });

  test('§4.1: signers who differ in the history stop the message', async () => {
    const addTo = async (message: Uint8Array, says: readonly AttributeInput[]): Promise<Uint8Array> => {
      const chain = [intermediate.certificate];
      const signer = await signingKey(dave, { chain, signedAttributes: says });
      return addMessageSigners(message, { signers: [signer], signingTime: now });
    };
    const history = historyOf(otherList);
    const message = await sent([{ by: otherList, says: [history] }, encrypted]);
    for (const same of [[history], []]) {
      const { messages } = await passOn(await addTo(message, same));
      const { services } = await openedBy(bob, messages[0]!.message);
      expect(services[0]?.mlExpansionHistory).toHaveLength(2);
    }
    const differs = await addTo(message, [historyOf(otherList, new Date('2026-01-01'))]);
    expect(await code(passOn(differs))).toBe('smime-list-refused');
    const labelled = await sent([{ by: otherList, says: [label] }, encrypted]);
    const other = await addTo(labelled, [securityLabel({ policy: '1.2.3.4', classification: 1 })]);
    expect(await code(passOn(other, { allow: () => true }))).toBe('smime-list-refused');
  });

  test('§4.2: attributes of the outer signature go on, but for those that the list replaces', async () => {
    const other = { type: '1.2.3.4.5', values: [Uint8Array.of(5, 0)] };
    const says = [label, other, historyOf(otherList)];
    const allow = (): boolean => true;
    const report = await seen([{ by: otherList, says }, encrypted], { allow });
    const [service] = report.services;
    expect(service?.securityLabel).toMatchObject({ policy: '1.2.3.4', classification: 3 });
    expect(service?.counts).toBe(true);
    const types = report.seals[0]?.signers[0]?.signer.signedAttributes.map(({ type }) => type) ?? [];
    expect(types).toContain('1.2.3.4.5');
    expect(new Set(types).size).toBe(types.length);
    // The list's own say goes before.
    const lower = securityLabel({ policy: '1.2.3.4', classification: 1 });
    const sign = { signers: [await signingKey(choir, { signedAttributes: [lower] })] };
    const lowered = await seen([{ by: otherList, says }, encrypted], { allow, sign });
    expect(lowered.services[0]?.securityLabel?.classification).toBe(1);
  });

  test('§4.2: a label within stays within, and is judged before anything goes on', async () => {
    const message = await sent([encrypted, { by: alice, says: [label] }]);
    expect(await code(passOn(message))).toBe('smime-list-refused');
    expect(await code(passOn(message, { allow: () => false }))).toBe('smime-list-refused');
    const damaged = { type: label.type, values: [Uint8Array.of(0x31, 0)] };
    const unreadable = await sent([encrypted, { by: alice, says: [damaged] }]);
    expect(await code(passOn(unreadable, { allow: () => true }))).toBe('smime-list-refused');
    const labels: (number | undefined)[] = [];
    const { messages } = await passOn(message, {
      allow: async ({ services }) => {
        for (const { securityLabel: each } of services) labels.push(each?.classification);
        return true;
      },
    });
    expect(labels).toEqual([3]);
    const { seals } = await openedBy(bob, messages[0]!.message);
    const inner = seals[1]?.signers[0]?.signer.signedAttributes ?? [];
    expect(securityLabelAttribute(inner)?.classification).toBe(3);
    expect(seals[0]?.signers[0]?.signer.signedAttributes.some(({ type }) => type === label.type)).toBe(false);
  });

  test('§4.3: the receipt policy is that of the list, united with that of the list before', async () => {
    const to = (value: string) => [[{ kind: 'rfc822Name', value } as const]];
    const time = now;
    const before = (receipts: ExplodeMessageOptions['receipts']) => [
      mlExpansionHistory({ list: otherList.certificate, time, ...(receipts && { receipts }) }),
    ];
    const last = async (a: ExplodeMessageOptions['receipts'], b: ExplodeMessageOptions['receipts']) =>
      (await historyIn([{ by: otherList, says: before(a) }, encrypted], b && { receipts: b }))?.[1]?.receipts;
    const [a, b] = [to('a@example.jp'), to('b@example.jp')];
    expect(await last(undefined, undefined)).toBeUndefined();
    expect(await last({ kind: 'instead-of', to: a }, { kind: 'in-addition-to', to: b })).toEqual({
      kind: 'instead-of',
      to: [...a, ...b],
    });
    expect(await last({ kind: 'none' }, { kind: 'instead-of', to: b })).toEqual({ kind: 'none' });
  });
});

describe('a loop', () => {
  test('§4.1.1: is seen by the history, by whatever certificate of the list', async () => {
    const loop = 'smime-list-loop';
    const own = historyOf(choir);
    const second = historyOf(otherList);
    expect(await code(passOn(await sent([{ by: otherList, says: [own] }, encrypted])))).toBe(loop);
    expect(await code(passOn(await sent([encrypted, { by: otherList, says: [own] }])))).toBe(loop);
    expect(await code(passOn(await sent([{ by: alice }, { by: otherList, says: [own] }])))).toBe(loop);
    const message = await sent([{ by: otherList, says: [second] }, encrypted]);
    expect((await passOn(message)).messages).toHaveLength(1);
    expect(await code(passOn(message, { ownCertificates: [otherList.certificate] }))).toBe(loop);
  });

  test('§4.1.1: is seen of what the list itself passed on', async () => {
    for (const layers of [[], [signed], [listed, signed]]) {
      const { messages } = await passOn(await sent(layers));
      expect(await code(passOn(messages[0]!.message))).toBe('smime-list-loop');
    }
    const { messages } = await passOn(await sent([encrypted]), { members: [member(choir)] });
    expect(await code(passOn(messages[0]!.message))).toBe('smime-list-loop');
  });

  test('is seen by the header', async () => {
    const fields = [
      ['List-Id', 'The choir <choir.example.jp>'],
      ['X-Loop', 'choir@example.jp'],
    ] as const;
    const { messages } = await passOn(await sent([encrypted]), {
      header: { fields },
      members: [member(choir)],
    });
    const { headers } = parseMessage(messages[0]!.message);
    expect(headers.get('list-id')?.value).toBe('The choir <choir.example.jp>');
    expect(await code(passOn(messages[0]!.message, { header: { fields } }))).toBe('smime-list-loop');
    const byLoop = await sent([encrypted], 'From: a@example.jp\r\nX-Loop: Choir@example.jp\r\n');
    expect(await code(passOn(byLoop, { header: { fields } }))).toBe('smime-list-loop');
    const others = await sent(
      [encrypted],
      'From: a@example.jp\r\nX-Loop: other@example.jp\r\nList-Id: <o.example>\r\n',
    );
    expect((await passOn(others, { header: { fields } })).messages).toHaveLength(1);
  });

  describe('is seen by the header, however that is written', () => {
    const listId: HeaderPair = ['List-Id', 'The choir <choir.example.jp>'];
    const loop: HeaderPair = ['X-Loop', 'コーラス Choir'];
    const utf8 = (field: string): string => latin1FromBytes(bytesFromUtf8(field));
    const isKnown = async (own: HeaderPair, field: string): Promise<boolean> => {
      const message = await sent([encrypted], `From: a@example.jp\r\n${field}\r\n`);
      const passed = passOn(message, { header: { fields: [own] } });
      return passed.then(
        () => false,
        (error: MailsealError) => error.code === 'smime-list-loop' || Promise.reject(error),
      );
    };

    test.each<readonly [own: HeaderPair, field: string]>([
      [listId, 'List-ID: <CHOIR.example.JP>'],
      [listId, 'List-Id: <choir.example.jp> (of our town)'],
      [listId, 'List-Id: choir.example.jp (of our town)'],
      [listId, 'List-Id: (<other.example>) "<other.example>" <choir.example.jp>'],
      [listId, 'List-Id: Choir\r\n <choir.example.jp.>'],
      [listId, 'List-Id: =?utf-8?Q?Choir <other.example>?= <choir.example.jp>'],
      [listId, 'List-Id: =?utf-8?Q?Choir_=3Cchoir.example.jp=3E?='],
      [listId, `List-Id: ${'=?utf-8?Q?a?= '.repeat(3000)}<choir.example.jp>`],
      [['List-Id', '<choir.example.jp.>'], 'List-Id: <choir.example.jp>'],
      [loop, 'X-Loop: =?utf-8?B?44Kz44O844Op44K5?= choir'],
      [loop, 'X-Loop: =?iso-2022-jp?B?GyRCJTMhPCVpJTkbKEI=?=\r\n CHOIR'],
      [loop, utf8('X-Loop: コーラス Choir')],
      [['X-Loop', '=?utf-8?Q?Ch=C3=B6r?='], 'X-Loop: =?utf-8?Q?Ch=C3=B6r?='],
      [['X-Loop', 'choir@example.jp'], 'X-Loop: =?utf-8?Q?choir=40example=2Ejp?='],
      [['X-BeenThere', 'Chör'], 'X-BeenThere: =?iso-8859-1?Q?Ch=F6r?='],
    ])('%s by %s', async (own, field) => {
      expect(await isKnown(own, field)).toBe(true);
    });

    test.each([listId, loop, ['X-Loop', '=?utf-8?Q?Ch=C3=B6r?='] as const])(
      'as it wrote it: %s',
      async (...own) => {
        const { messages } = await passOn(await sent([encrypted]), {
          header: { fields: [own] },
          members: [member(choir)],
        });
        expect(await code(passOn(messages[0]!.message, { header: { fields: [own] } }))).toBe(
          'smime-list-loop',
        );
      },
    );

    test.each<readonly [own: HeaderPair, field: string]>([
      [listId, 'List-Id: The choir <other.example>'],
      [listId, 'List-Id: The"<choir.example.jp>" <other.example>'],
      [listId, 'List-Id: =?utf-8?Q?The_<choir.example.jp>?= <other.example>'],
      [listId, 'List-Id: <other.example> (<choir.example.jp>)'],
      [listId, 'List-Id: <other.example> <choir.example.jp>'],
      [listId, 'List-Id: (<choir.example.jp>) <other.example>'],
      [listId, 'List-Id: <choir.example.jp..>'],
      [listId, utf8('List-Id: <choir.example.jp\u{a0}>')],
      [['List-Id', '<k.example>'], utf8('List-Id: <\u212a.example>')],
      [['X-Loop', 'kai'], utf8('X-Loop: \u212aai')],
      [['X-Loop', 'choir@example.jp'], 'X-BeenThere: choir@example.jp'],
      [['X-Loop', 'a'], `X-Loop: ${'=?utf-8?Q?a?= '.repeat(3000)}`],
      [loop, 'X-Loop: Choir'],
    ])('and %s not by %s', async (own, field) => {
      expect(await isKnown(own, field)).toBe(false);
    });
  });

  test.each<HeaderPair>([
    ['List-Id', '<>'],
    ['List-Id', 'The choir <>'],
    ['X-Loop', ''],
    ['X-BeenThere', ' '],
  ])('a mark that names no list is refused: %s: %j', async (...own) => {
    const passed = passOn(await sent([encrypted]), { header: { fields: [own] } });
    await expect(passed).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(own[0]) });
  });

  test('§4.4: a history holds 64 lists, and no more', async () => {
    const lists = (count: number) => {
      let attribute = historyOf(otherList);
      for (let i = 1; i < count; i++) {
        const earlier = readBer(asBytes(attribute.values[0]!));
        attribute = mlExpansionHistory({ list: otherList.certificate, time: now }, earlier);
      }
      return [attribute];
    };
    const report = await seen([{ by: otherList, says: lists(63) }, encrypted]);
    expect(report.services[0]?.mlExpansionHistory).toHaveLength(64);
    const full = await sent([{ by: otherList, says: lists(64) }, encrypted]);
    expect(await code(passOn(full))).toBe('smime-list-loop');
  });
});

describe('the header', () => {
  test('stays, but for what is written, left out, and false now', async () => {
    const fields =
      'Received: by a.example\r\nReturn-Path: <a@example.jp>\r\nDKIM-Signature: v=1; b=x\r\nFrom: Alice <alice@example.jp>\r\nTo: choir@example.jp\r\nBcc: x@example.jp\r\nReply-To: alice@example.jp\r\nX-Loop: first@example.jp\r\nList-Id: <other.example>\r\nList-Post: <mailto:other@example.jp>\r\nX-Mailer: mine\r\nSubject: Friday\r\n';
    const { messages } = await passOn(await sent([encrypted], fields), {
      header: {
        fields: [
          ['List-Id', '<choir.example.jp>'],
          ['Reply-To', 'choir@example.jp'],
          ['X-Loop', 'choir@example.jp'],
        ],
        without: ['X-mailer'],
      },
    });
    const { headers } = parseMessage(messages[0]!.message);
    const names = [...headers].map(({ name, value }) => `${name}: ${value}`);
    expect(names.slice(0, -1)).toEqual([
      'Received: by a.example',
      'From: Alice <alice@example.jp>',
      'To: choir@example.jp',
      'X-Loop: first@example.jp',
      'Subject: Friday',
      'List-Id: <choir.example.jp>',
      'Reply-To: choir@example.jp',
      'X-Loop: choir@example.jp',
      'MIME-Version: 1.0',
    ]);
  });

  test('without anything to write it stays as it is', async () => {
    const { messages } = await passOn(await sent([encrypted]));
    expect(latin1FromBytes(messages[0]!.message)).toMatch(
      /^From: Alice <alice@example\.jp>\r\nTo: choir@example\.jp\r\nSubject: Friday\r\nMIME-Version: 1\.0\r\nContent-Type: multipart\/signed/,
    );
  });
});

describe('options that do not fit together', () => {
  test('are usage', async () => {
    const message = await sent([encrypted]);
    const { certificate } = choir;
    const wrong: Partial<ExplodeMessageOptions>[] = [
      { members: [] },
      { sign: { signers: [] } },
      { mode: 're-key', innerSignature: 'strip' },
      { mode: 'decrypt-and-encrypt', inspect: false },
      { mode: 'forward' as 're-key' },
      { otherwise: 'drop' as 'refuse' },
      { unencrypted: 'drop' as 'refuse' },
      { ownCertificates: [{ certificate }] as never },
      { allow: true as never },
      { keys: undefined as never },
      { at: undefined as never },
      { header: { fields: [['MIME-Version', '1.0']] } },
      { header: { fields: [['Content-Type', 'text/plain']] } },
      { header: { fields: [['Bcc', 'x@example.jp']] } },
      { header: { fields: ['List-Id'] as never } },
      { header: { without: 'To' as never } },
    ];
    for (const change of wrong)
      expect(await code(passOn(message, change)), JSON.stringify(change)).toBe('usage');
    const unsafe = { header: { fields: [['List-Id', '<a>\r\nBcc: x@example.jp']] } } as const;
    expect(await code(passOn(message, unsafe))).toBe('mime-field-unsafe');
  });
});
