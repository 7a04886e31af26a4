import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CiphertextSpool } from '../../cms/stream/content-decryptor.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { BlockWriter } from './block-writer.js';
import { fileFault, UsageError } from './input.js';
import { keepWhenStopped, removeWhenStopped } from './temporary-files.js';
import { Turns } from './turns.js';
import { passingThrough } from './v8.js';

/** Octets that are written and read at once. */
const blockLength = 128 << 10;

/**
 * A file for what waits until it was judged: ciphertext whose tag was not checked, or content whose signature was not.
 * It is for its owner alone, and has no name where the system lets an open file go
 * without one: then nothing is left of it, however the program ends.
 */
export class SpoolFile {
  readonly #name: string;
  /** Opened with the first octets that do not fit into the block. */
  #file: number | undefined;
  #isNamed = false;
  readonly #writer = new BlockWriter((octets) => this.#store(octets), blockLength);
  /** Octets in the file. */
  #written = 0;

  /** @param folder where it is, instead of the folder for temporary files */
  constructor(folder: string = tmpdir()) {
    this.#name = join(folder, `.mailseal-${randomUUID()}.tmp`);
  }

  /** How many octets it holds. */
  get length(): number {
    return this.#written + this.#writer.waiting.length;
  }

  /** Takes the next octets; the array may be reused at once. */
  write(octets: Uint8Array): void {
    this.#writer.write(octets);
  }

  /** Gives all octets from the first on; each piece is a view, valid until the next is asked for. */
  *read(): Generator<Bytes, undefined> {
    if (this.#file !== undefined) {
      this.#writer.flush();
      const block = new Uint8Array(Math.min(blockLength, this.#written));
      for (let at = 0; at < this.#written; ) {
        const length = this.#trying('read', () => readSync(this.#file!, block, 0, block.length, at));
        if (length === 0) throw new UsageError(`cannot read ${this.#name}: it is shorter than it was`);
        yield passingThrough(block.subarray(0, length));
        at += length;
      }
    } else if (this.length > 0) yield asBytes(this.#writer.waiting);
  }

  /** As {@link read}; a signal is heard while what is given is worked on. */
  async *readInTurns(): AsyncGenerator<Bytes, undefined> {
    const turns = new Turns();
    for (const octets of this.read()) {
      yield octets;
      await turns.after(octets.length);
    }
  }

  /** Gives the place back. */
  remove(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#writer.drop();
    this.#written = 0;
    if (this.#isNamed) rmSync(this.#name, { force: true });
    this.#isNamed = false;
    keepWhenStopped(this.#name);
  }

  #store(octets: Uint8Array): void {
    this.#trying('write', () => {
      const file = this.#file ?? this.#open();
      for (let at = 0; at < octets.length; ) {
        at += writeSync(file, octets, at, octets.length - at, this.#written + at);
      }
    });
    this.#written += octets.length;
  }

  #open(): number {
    const file = openSync(this.#name, 'wx+', 0o600);
    this.#file = file;
    try {
      unlinkSync(this.#name);
    } catch {
      // Windows keeps the name of what is open.
      this.#isNamed = true;
      removeWhenStopped(this.#name);
    }
    return file;
  }

  #trying<T>(what: 'read' | 'write', work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new UsageError(`cannot ${what} the temporary file ${this.#name}: ${fileFault(error)}`);
    }
  }
}

/** A place for ciphertext, of which all is read, twice, before any of it is written. */
export function ciphertextIn(spool: SpoolFile): CiphertextSpool {
  return { write: (octets) => spool.write(octets), read: () => spool.readInTurns() };
}
