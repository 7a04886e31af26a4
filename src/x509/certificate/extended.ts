import { MailsealError } from '../../core/errors.js';
import type { Extension } from './extensions.js';

/** Something with X.509 extensions: a certificate, a CRL, an entry of one. Each value is decoded at its first use, once. */
export abstract class Extended {
  private readonly decoded = new Map<string, { readonly value?: unknown; readonly error?: MailsealError }>();

  /** All extensions, in their order. */
  abstract get extensions(): readonly Extension[];

  /** The extension of that dotted OID, if there. */
  extension(oid: string): Extension | undefined {
    return this.extensions.find((each) => each.oid === oid);
  }

  /** What the reader makes of the extension's value, `undefined` where it is not there. Each OID has one reader. */
  protected decode<T>(oid: string, read: (value: Uint8Array) => T): T | undefined {
    // Paths are weighed many times over, and a hostile value may be long: what it gave is kept, an error too.
    let known = this.decoded.get(oid);
    if (known === undefined) {
      known = this.attempt(oid, read);
      this.decoded.set(oid, known);
    }
    if (known.error !== undefined) throw known.error;
    return known.value as T | undefined;
  }

  private attempt<T>(oid: string, read: (value: Uint8Array) => T): { value?: T; error?: MailsealError } {
    const extension = this.extension(oid);
    if (extension === undefined) return {};
    try {
      return { value: read(extension.value) };
    } catch (error) {
      if (error instanceof MailsealError) return { error };
      throw error;
    }
  }
}
