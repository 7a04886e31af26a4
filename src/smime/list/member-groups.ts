import { mostRecipients } from '../../cms/content-info.js';
import type { ContentCipherName } from '../../cms/enveloped/recipient.js';
import { MailsealError } from '../../core/errors.js';
import { checkAgainst } from '../encrypt/check-recipients.js';
import { chooseCipher, readsCipher } from '../encrypt/choose-cipher.js';
import type { MessageRecipient } from '../encrypt/message-recipient.js';
import type { ExplodeMessageOptions, RefusedMember } from './list-options.js';

/** The cipher of what is re-keyed. */
export interface OldCipher {
  readonly cipher: string;
  /** Whether the content key is bound to it (RFC 9709). */
  readonly bindAlgorithm: boolean;
}

/** Members who get one and the same envelope. */
export interface MemberGroup {
  readonly members: readonly MessageRecipient[];
  /** What the content is encrypted with anew; `undefined` where it stays as it was. */
  readonly cipher: ContentCipherName | undefined;
}

/** Who gets which envelope, and who gets none. */
export interface MemberGroups {
  readonly groups: readonly MemberGroup[];
  readonly refused: readonly RefusedMember[];
}

/** Leaves out those whose certificates are not good enough, and divides the others by what they can read. */
export async function groupMembers(
  members: readonly MessageRecipient[],
  old: OldCipher | undefined,
  options: ExplodeMessageOptions,
): Promise<MemberGroups> {
  const refused: RefusedMember[] = [];
  const good: MessageRecipient[] = [];
  for (const { recipient, problems } of await checkAgainst(members, options, () => [])) {
    const accepted = [...(options.accept ?? []), ...(recipient.accept ?? [])];
    const open = problems.filter(({ code }) => !accepted.includes(code));
    if (open.length === 0) good.push(recipient);
    else refused.push({ member: recipient, problems: open });
  }
  const groups: MemberGroup[] = [];
  let others = good;
  if (old !== undefined) {
    const readers: MessageRecipient[] = [];
    others = [];
    for (const member of good) (readsCipher(member, old, options) ? readers : others).push(member);
    groups.push(...divided(readers, undefined, options));
    if (options.otherwise === 'refuse' || options.inspect === false) {
      const message = `the message is encrypted with ${old.cipher}, which nobody says that he can read`;
      for (const member of others) refused.push({ member, problems: [{ code: 'other-cipher', message }] });
      others = [];
    }
  }
  groups.push(...groupsByCipher(others, options, refused));
  return { groups, refused };
}

/** RFC 8551 §6: one cipher where all read one, so that no copy gives a stronger one away; else to each what he reads (§2.7.3). */
function groupsByCipher(
  members: readonly MessageRecipient[],
  options: ExplodeMessageOptions,
  refused: RefusedMember[],
): readonly MemberGroup[] {
  if (members.length === 0) return [];
  const common = attemptCipher(members, { ...options, weakCiphers: false });
  if (!(common instanceof MailsealError)) return divided(members, common, options);
  const byCipher = new Map<ContentCipherName, MessageRecipient[]>();
  for (const member of members) {
    const cipher = attemptCipher([member], options);
    if (cipher instanceof MailsealError) {
      const message = 'none of the ciphers that he reads is strong';
      refused.push({ member, problems: [{ code: 'no-cipher', message }] });
      continue;
    }
    const group = byCipher.get(cipher);
    if (group === undefined) byCipher.set(cipher, [member]);
    else group.push(member);
  }
  return [...byCipher].flatMap(([cipher, group]) => divided(group, cipher, options));
}

function attemptCipher(
  members: readonly MessageRecipient[],
  options: ExplodeMessageOptions,
): ContentCipherName | MailsealError {
  try {
    return chooseCipher(members, options).cipher;
  } catch (error) {
    if (error instanceof MailsealError && error.code === 'smime-no-common-cipher') return error;
    throw error;
  }
}

/** Into groups of as many as there may be in an envelope that everybody opens. */
function divided(
  members: readonly MessageRecipient[],
  cipher: ContentCipherName | undefined,
  { separately = false }: ExplodeMessageOptions,
): readonly MemberGroup[] {
  const most = separately ? 1 : mostRecipients;
  return Array.from({ length: Math.ceil(members.length / most) }, (_, i) => ({
    members: members.slice(i * most, (i + 1) * most),
    cipher,
  }));
}
