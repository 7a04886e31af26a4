import { throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { parseMessage } from '../../mime/message.js';
import { Part } from '../../mime/part.js';
import { recipientList } from '../encrypt/message-recipient.js';
import { type SafeEntity, safeEntity } from '../entity/safe-entity.js';
import { splitMessage } from '../entity/split-message.js';
import { openMessage } from '../open/open-message.js';
import { signEntity } from '../sign/sign-entity.js';
import { mimeOptions } from '../verify/find-seals.js';
import type { Seal } from '../verify/report.js';
import { enclosing, expansionOf, strippedOf } from './expand-envelope.js';
import {
  assertListOptions,
  assertMayPass,
  assertNoLoop,
  assertNotInItsName,
  assertSealsGood,
} from './list-checks.js';
import { listHeader, markOfList } from './list-header.js';
import { type ListLayer, listLayers, sealsOutside } from './list-layers.js';
import type { ExplodedMessage, ExplodeMessageOptions, ListMessage } from './list-options.js';
import { listSigning } from './list-signing.js';
import { groupMembers } from './member-groups.js';
import { planNest } from './nest.js';
import { type OuterAttributes, outerAttributes, withLabelOf } from './outer-attributes.js';

/**
 * Passes a message on to the members of an encrypted mailing list, as a mail list agent (RFC 2634 §4): each of them can
 * open it with his own key, and who wrote to the list needs the list's certificate alone.
 *
 * - What is encrypted for the list becomes encrypted for its members: re-keyed, so that the encrypted content stays the
 *   very same, or encrypted anew. Members who can read the same get one envelope together, up to 10,000 of
 *   them.
 * - The list signs it in a new outermost layer (§4.2), with the history of lists that it came by, in which it puts
 *   itself, and with the attributes of an outer signature whose place its own takes: labels among them.
 * - A message that was here before is refused (§4.1.1): by that history, or by what `header` writes.
 *
 * What is signed inside of the encryption stays as it is: `verifyMessage` and `openMessage` tell the members who wrote
 * it. The list's signature outside says only that it came by the list. Signatures outside of the encryption go, since
 * with other readers they would be broken; they have to be good first. With `roots` they have to be trusted, too.
 *
 * The message is kept as a whole. For one list without signatures `MessageRekeyer` does it in constant memory.
 *
 * @param message the octets, or what `parseMessage` gave
 * @throws MailsealError `smime-list-loop`; `smime-list-refused` for a signature that is not good, a label that nobody
 * judged, what would go on unencrypted under the list's own name, what `allow` refuses, and what is not encrypted where that is not let pass; `cms-no-recipient` where the list
 * has no key, and the other codes of `decryptMessage` and `Rekeyer`; codes of `signMessage`; `usage`; `aborted`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { encryptMessage, explodeMessage, openMessage } from 'mailseal/smime';
 *
 * // The list's key; Hanako's stands for it here.
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), { password: '花子の合言葉' });
 * const [{ privateKey, certificate }] = keys as [Required<(typeof keys)[0]>];
 * const members = ['eight friendly herons wading', 'nine quiet otters asleep'].map((password) => ({ password }));
 * const at = new Date('2027-01-01');
 *
 * const message = new TextEncoder().encode('From: taro@example.jp\r\nTo: choir@example.jp\r\n\r\nAt nine.\r\n');
 * const [sealed] = await encryptMessage(message, { recipients: [{ certificate }], accept: ['key-usage'], at });
 *
 * const { messages } = await explodeMessage(sealed!.message, {
 *   keys,
 *   members,
 *   sign: { signers: [{ privateKey, certificate }] },
 *   header: { fields: [['List-Id', 'The choir <choir.example.jp>']] },
 *   at,
 * });
 * for (const each of messages) console.log(each.way, each.members.length); // re-keyed 2
 * const { layers, pieces, services } = await openMessage(messages[0]!.message, { keys: [members[1]!], at });
 * console.log(layers.map(({ kind }) => kind)); // [ 'seal', 'envelope' ]
 * console.log(services[0]?.mlExpansionHistory?.length, pieces.at(-1)?.content.text?.trim()); // 1 At nine.
 * ```
 */
export async function explodeMessage(
  message: Uint8Array | Part,
  options: ExplodeMessageOptions,
): Promise<ExplodedMessage> {
  assertListOptions(options);
  const members = recipientList('members', options.members);
  if (members.length === 0) throw usage('`members` is wanted, those to whom the message goes on');
  const { limits = {}, inspect = true, header = {} } = options;
  const root = message instanceof Part ? message : parseMessage(message, mimeOptions(limits));
  const split = splitMessage(root);
  const mark = markOfList(split, header);
  if (mark !== undefined)
    throw new MailsealError('smime-list-loop', `the message was here before: it bears the field "${mark}"`);

  const report = await openMessage(root, inspect ? options : { ...options, keys: [] });
  const layers = listLayers(report);
  const plan = planNest(layers.map(({ kind }) => kind));
  assertSealsGood(sealsOutside(layers), options);
  const outer = plan.outer === undefined ? nothingOutside : outerOf(layers[plan.outer]!);
  assertNoLoop(report, outer.history, options);
  const kept = layers[plan.kept];
  const opened =
    kept?.kind === 'enveloped' ? expansionOf(kept, layers.slice(plan.kept + 1), options) : undefined;
  await assertMayPass(report, options);

  const sign = listSigning(withLabelOf(outer, removedSeals(layers, plan.kept, options)), options);
  const outside = listHeader(split, header);
  const send = (entity: SafeEntity): Promise<Bytes> => signEntity(entity, outside, sign);
  let expansion = opened;
  if (expansion === undefined) {
    const inner = options.innerSignature === 'strip' ? strippedOf(layers, options) : undefined;
    const entity = safeEntity(inner ?? kept?.container ?? root);
    if (options.unencrypted === 'refuse')
      throw new MailsealError(
        'smime-list-refused',
        'the message is not encrypted, and the list passes none on',
      );
    if (options.unencrypted !== 'encrypt') {
      assertNotInItsName(outside, options);
      const passed = { message: await send(entity), members, way: 'passed', cipher: undefined } as const;
      return { messages: [passed], refused: [], report };
    }
    expansion = enclosing(entity.octets, options);
  }
  const { groups, refused } = await groupMembers(members, expansion.old, options);
  const messages: ListMessage[] = [];
  try {
    for (const { members: group, cipher } of groups) {
      throwIfAborted(options.signal);
      const { octets, ...how } = await (cipher === undefined
        ? expansion.rekeyed(group)
        : expansion.encrypted(group, cipher));
      messages.push({ message: await send({ octets, unsafe: undefined }), members: group, ...how });
    }
  } finally {
    await expansion.wipe();
  }
  return { messages, refused, report };
}

/** The signatures that do not go on: those around what stays, and those in it that are stripped. */
function removedSeals(
  layers: readonly ListLayer[],
  kept: number,
  { innerSignature }: ExplodeMessageOptions,
): readonly Seal[] {
  const isEnveloped = layers[kept]?.kind === 'enveloped';
  const inside = innerSignature === 'strip' ? sealsOutside(layers.slice(isEnveloped ? kept + 1 : kept)) : [];
  return [...layers.slice(0, kept), ...inside].flatMap((layer) =>
    layer.kind === 'enveloped' ? [] : [layer.seal],
  );
}

const nothingOutside: OuterAttributes = { carried: [], historyNode: undefined, history: [] };

function outerOf(layer: ListLayer): OuterAttributes {
  return layer.kind === 'enveloped' ? nothingOutside : outerAttributes(layer.seal);
}
