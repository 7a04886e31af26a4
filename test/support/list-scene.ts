import type { ContentCipherName } from '../../src/cms/enveloped/recipient.js';
import { mlExpansionHistory } from '../../src/cms/ess/mail-list.js';
import type { AttributeInput } from '../../src/cms/sign/signing-key.js';
import { type SmimeCapabilityName, smimeCapability } from '../../src/cms/smime-capabilities.js';
import { type Bytes, bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import type { MessageRecipient } from '../../src/smime/encrypt/message-recipient.js';
import { explodeMessage } from '../../src/smime/list/explode-message.js';
import type { ExplodedMessage, ExplodeMessageOptions } from '../../src/smime/list/list-options.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import type { OpenReport } from '../../src/smime/open/report.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { text } from './open-scene.js';
import { issue, type TestCertificate, testKey } from './pki.js';
import { alice, intermediate, now, roots } from './sign-scene.js';
import { privateKeyOf, signingKey } from './signing-people.js';

/** Somebody with a key that signs and decrypts. */
function reader(name: string, key = testKey('rsa', name)): TestCertificate {
  return issue({
    name,
    key,
    issuer: intermediate,
    emails: [`${name.toLowerCase()}@example.jp`],
    keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  });
}

export const choir: TestCertificate = reader('Choir');
export const otherList: TestCertificate = reader('Orchestra');
export const [bob, carol, dave] = [
  reader('Bob'),
  reader('Carol', testKey('p256', 'Carol reads')),
  reader('Dave'),
] as const;

/** A member who says that he reads some ciphers, or says nothing. */
export function member(of: TestCertificate, ...ciphers: SmimeCapabilityName[]): MessageRecipient {
  const { certificate } = of;
  return ciphers.length === 0 ? { certificate } : { certificate, capabilities: ciphers.map(smimeCapability) };
}

/** One layer that somebody put around a message: a signature by somebody, with what it says, or an envelope for the choir. */
export type SentLayer =
  | {
      readonly by: TestCertificate;
      readonly says?: readonly AttributeInput[];
      readonly form?: 'detached' | 'opaque';
    }
  | { readonly cipher: ContentCipherName; readonly for?: readonly MessageRecipient[] };

/** That a list was there before. */
export function historyOf(list: TestCertificate, time: Date = now): AttributeInput {
  return mlExpansionHistory({ list: list.certificate, time });
}

export const content: Bytes = text('At nine.');
export const listFields = 'From: Alice <alice@example.jp>\r\nTo: choir@example.jp\r\nSubject: Friday\r\n';

/** A message with layers, the outermost first. */
export async function sent(layers: readonly SentLayer[], fields: string = listFields): Promise<Bytes> {
  let entity = content;
  for (const layer of layers.toReversed()) entity = await around(entity, layer);
  return concatBytes([bytesFromLatin1(`${fields}MIME-Version: 1.0\r\n`), entity]);
}

async function around(entity: Bytes, layer: SentLayer): Promise<Bytes> {
  if ('cipher' in layer) {
    const recipients = layer.for ?? [member(choir)];
    const [sealed] = await encryptMessage(entity, { recipients, cipher: layer.cipher, at: now });
    return sealed!.message;
  }
  const { by, says = [], form = 'detached' } = layer;
  const signer = await signingKey(by, { chain: [intermediate.certificate], signedAttributes: says });
  return signMessage(entity, { signers: [signer], signingTime: now, form });
}

/** Passes a message on as the choir, to Bob and Carol where the test names no others. */
export async function passOn(
  message: Uint8Array,
  change: Partial<ExplodeMessageOptions> = {},
): Promise<ExplodedMessage> {
  const { certificate } = choir;
  return explodeMessage(message, {
    keys: [{ privateKey: await privateKeyOf(choir), certificate }],
    members: [member(bob), member(carol)],
    pool: [intermediate.certificate],
    sign: { signers: [await signingKey(choir, { chain: [intermediate.certificate] })] },
    roots,
    at: now,
    ...change,
  });
}

/** What somebody sees of a message. */
export async function openedBy(by: TestCertificate, message: Uint8Array): Promise<OpenReport> {
  const { certificate } = by;
  return openMessage(message, {
    keys: [{ privateKey: await privateKeyOf(by), certificate }],
    roots,
    at: now,
    requireIdentity: false,
  });
}

/** The layers of a message as RFC 2634 §4.2.1 writes them: E, or S and by whom, with * for a history; then whether the content is there. */
export function nestOf({ layers, pieces }: OpenReport): string {
  const names = layers.map((layer) => {
    if (layer.kind === 'envelope') return 'E';
    if (layer.kind === 'other') return layer.other.kind;
    const { signers } = layer.seal;
    const isGood = signers.every(({ verified }) => verified);
    const common = signers
      .map(({ certificate }) => /CN=(\w+)/.exec(`${certificate?.subject}`)?.[1])
      .join('+');
    const hasHistory = signers.some(({ signer }) =>
      signer.signedAttributes.some(({ type }) => type === '1.2.840.113549.1.9.16.2.3'),
    );
    return `${isGood ? 'S' : 'broken S'}:${common}${hasHistory ? '*' : ''}`;
  });
  return [...names, pieces.map((piece) => piece.content.text?.trim()).join(' | ')].join(' ');
}

export { alice };
