import { usage } from '../core/errors.js';
import { assertObject } from '../core/limits.js';
import { shown } from '../core/shown.js';

/** The name of a departure from RFC 1939; {@link pop3Quirks} tells what each is. */
export type Pop3Quirk = 'bare-lf-line' | 'blank-before-line-end' | 'lower-case-status' | 'bare-lf-terminator';

/** What is known of a departure from the protocol. */
export interface Pop3QuirkFacts {
  /** What is on the wire, and what it is read as. */
  readonly what: string;
  /** Where it is seen. */
  readonly seen: string;
  /** Whether it is read unless it is turned off. */
  readonly isDefault: boolean;
}

/** Departures that are read all the same, where they are on. */
export const pop3Quirks: Readonly<Record<Pop3Quirk, Pop3QuirkFacts>> = /* @__PURE__ */ Object.freeze({
  'bare-lf-line': {
    what: 'a command, a status line or a line of a list that ends in LF without CR',
    seen: 'scripts that speak POP3, test servers',
    isDefault: true,
  },
  'blank-before-line-end': {
    what: 'blanks at the end of a line of a list, or several between its words',
    seen: 'older servers for Windows',
    isDefault: true,
  },
  'lower-case-status': {
    what: '"+ok" and "-err" in small letters, which RFC 1939 §3 forbids',
    seen: 'small servers of appliances',
    isDefault: true,
  },
  'bare-lf-terminator': {
    what: 'LF, dot, LF as the end of a message or a list, and dots undone behind LF. A message that was sent to deceive can end its reply early then: for such servers alone',
    seen: 'servers that send files of Unix as they are',
    isDefault: false,
  },
});

/** Quirks turned off and on by name; the others are as {@link pop3Quirks} says. */
export type Pop3QuirkOptions = Readonly<Partial<Record<Pop3Quirk, boolean>>>;

/**
 * The quirks that are on.
 *
 * @throws MailsealError `usage` for a name that is none.
 */
export function fillPop3Quirks(options: Pop3QuirkOptions = {}): ReadonlySet<Pop3Quirk> {
  assertObject(options, 'the quirks');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(pop3Quirks, name)) throw usage(`${shown(name)} is the name of no quirk`);
  }
  const names = Object.keys(pop3Quirks) as Pop3Quirk[];
  return new Set(names.filter((name) => options[name] ?? pop3Quirks[name].isDefault));
}
