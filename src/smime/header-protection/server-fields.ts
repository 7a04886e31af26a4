import type { HeaderField } from '../../mime/fields/header-fields.js';

/**
 * Fields that servers write on the way: where a message came along, whom it
 * was delivered to, and what they found when they looked at its sender.
 */
const BY_SERVERS =
  /^(?:received|x-received|received-spf|return-path|delivered-to|x-original-to|envelope-to|original-recipient|dkim-signature|x-google-dkim-signature|domainkey-signature|authentication-results|x-spam-.*|arc-.*)$/;

/**
 * Whether a field is one that servers write. They cannot look under a layer,
 * so one in there is a sender's, who would vouch for himself with it: servers
 * take such fields away where they see them (RFC 8601 §5).
 */
export function isByServers({ name }: Pick<HeaderField, 'name'>): boolean {
  return BY_SERVERS.test(name.toLowerCase());
}

const ABOUT_CONTENT = /^(?:dkim-signature|x-google-dkim-signature|domainkey-signature|x-spam-.*|arc-.*)$/;

/**
 * Whether servers write in such a field about the content: hashes of it, from
 * which a short text can be guessed, or what a filter found in it. Outside of
 * an encryption it would tell what is inside; a signature in it fits no more anyway.
 */
export function isAboutContent({ name }: Pick<HeaderField, 'name'>): boolean {
  return ABOUT_CONTENT.test(name.toLowerCase());
}
