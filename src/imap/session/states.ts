/** Where a connection stands (RFC 9051 §3). */
export type ImapState = 'greeting' | 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

/** What moves a connection from one state to another; {@link nextImapState} is the table. */
export type ImapStateChange =
  /** The greeting was OK. */
  | 'greeted'
  /** The greeting was PREAUTH. */
  | 'preauthenticated'
  /** LOGIN or AUTHENTICATE was OK. */
  | 'authenticated'
  /** UNAUTHENTICATE was OK (RFC 8437). */
  | 'unauthenticated'
  /** SELECT or EXAMINE was OK. */
  | 'selected'
  /** CLOSE or UNSELECT was OK, or SELECT or EXAMINE was not. */
  | 'deselected'
  /** BYE, the end of the stream, or a fault that nothing can go on behind. */
  | 'ended';

const ENDED = { ended: 'logout' } as const;

/** The states of RFC 9051 §3 and what leads from one to the other; what is not in it does not happen. */
const transitions: Readonly<Record<ImapState, Readonly<Partial<Record<ImapStateChange, ImapState>>>>> = {
  greeting: { ...ENDED, greeted: 'not-authenticated', preauthenticated: 'authenticated' },
  'not-authenticated': { ...ENDED, authenticated: 'authenticated' },
  authenticated: {
    ...ENDED,
    selected: 'selected',
    deselected: 'authenticated',
    unauthenticated: 'not-authenticated',
  },
  selected: {
    ...ENDED,
    selected: 'selected',
    deselected: 'authenticated',
    unauthenticated: 'not-authenticated',
  },
  logout: ENDED,
};

/** The state that follows; `undefined` where the change cannot happen in this one. */
export function nextImapState(state: ImapState, change: ImapStateChange): ImapState | undefined {
  return transitions[state][change];
}

/** What an OK to a command changes, by its name. */
export const changeOf: Readonly<Partial<Record<string, ImapStateChange>>> = {
  LOGIN: 'authenticated',
  AUTHENTICATE: 'authenticated',
  UNAUTHENTICATE: 'unauthenticated',
  SELECT: 'selected',
  EXAMINE: 'selected',
  CLOSE: 'deselected',
  UNSELECT: 'deselected',
  LOGOUT: 'ended',
};
