import type { ImapPartial, ImapSection } from '../values/section.js';

/** What FETCH asks for (RFC 9051 §6.4.5 and the extensions). */
export type FetchItem =
  | 'UID'
  | 'FLAGS'
  | 'INTERNALDATE'
  | 'RFC822.SIZE'
  | 'ENVELOPE'
  | 'BODYSTRUCTURE'
  | 'BODY'
  | 'MODSEQ'
  | 'RFC822'
  | 'RFC822.HEADER'
  | 'RFC822.TEXT'
  | 'EMAILID'
  | 'THREADID'
  | 'SAVEDATE'
  | 'PREVIEW'
  | 'X-GM-MSGID'
  | 'X-GM-THRID'
  | 'X-GM-LABELS'
  /** Only alone: what they stand for is in RFC 9051 §6.4.5. */
  | 'ALL'
  | 'FAST'
  | 'FULL'
  | {
      readonly item: 'BODY';
      readonly section: ImapSection;
      readonly peek?: boolean;
      readonly partial?: ImapPartial;
    }
  | {
      readonly item: 'BINARY';
      readonly part: readonly number[];
      readonly peek?: boolean;
      readonly partial?: ImapPartial;
    }
  | { readonly item: 'BINARY.SIZE'; readonly part: readonly number[] }
  /** RFC 8970: only what is there without work. */
  | { readonly item: 'PREVIEW'; readonly lazy: true }
  /** One that is not known: an atom. */
  | { readonly item: 'other'; readonly name: string };
