import { MailsealError } from '../core/errors.js';

/** What is known of a departure from the grammar that some server makes. */
export interface ImapQuirkFacts {
  /** What is on the wire, and what it is read as. */
  readonly what: string;
  /** Where it is seen. */
  readonly seen: string;
}

/** The name of a quirk; {@link imapQuirks} tells what each is. */
export type ImapQuirk = 'bare-lf';

/**
 * Departures from the grammar that are read all the same. All are on unless
 * they are turned off by name: none of them changes how the grammar's own words
 * are read, nor where a response ends.
 */
export const imapQuirks: Readonly<Record<ImapQuirk, ImapQuirkFacts>> = {
  'bare-lf': {
    what: 'a line that ends in LF without CR',
    seen: 'proxies, test servers, old Courier',
  },
};

/** Which quirks are read: `true` for all (the default), `false` for none, or some turned off and on by name. */
export type ImapQuirkOptions = boolean | Readonly<Partial<Record<ImapQuirk, boolean>>>;

/**
 * The quirks that are on.
 *
 * @throws MailsealError `usage` for a name that is none.
 */
export function fillQuirks(options: ImapQuirkOptions = true): ReadonlySet<ImapQuirk> {
  const all = Object.keys(imapQuirks) as ImapQuirk[];
  if (typeof options === 'boolean') return new Set(options ? all : []);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(imapQuirks, name))
      throw new MailsealError('usage', `"${name}" is the name of no quirk`);
  }
  return new Set(all.filter((name) => options[name] !== false));
}
