import { randomUUID } from 'node:crypto';
import { readlinkSync, realpathSync, rmSync, type Stats, statSync, writeSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BlockWriter } from './block-writer.js';
import { fileFault, UsageError } from './input.js';
import { keepWhenStopped, removeWhenStopped } from './temporary-files.js';
import { Turns } from './turns.js';

/** Whoever reads what is written here went away, or there is no more place; that was said where it needs to be. */
export class OutputClosed extends Error {}

/** Where a command writes what it makes, in pieces. After `commit`, or `discard`, there is nothing more to be done. */
export interface Output {
  /** Takes the next octets; they may be reused, and more be given, when the promise is fulfilled. */
  write(octets: Uint8Array): Promise<void>;
  /** Says that it is whole: a file gets its name. */
  commit(): Promise<void>;
  /** Leaves nothing behind. Nothing is done after `commit`, so that it may stand in a `finally`. */
  discard(): Promise<void>;
}

/**
 * Opens what `--out` names; the standard output for `-` and where it names nothing.
 *
 * A file is written under another name in the same folder and takes the wanted one when it is whole, so that there is
 * never a part of it under its name, however the program ends. What is no file (the standard output, a device, a pipe)
 * cannot be replaced: it gets the octets as they come, but for the first, by which a fault is nearly always found
 * before anything was let out.
 *
 * @param isSecret whether a new file is for its owner alone
 */
export async function openOutput(out: string | undefined, isSecret = false): Promise<Output> {
  if (out === undefined || out === '-') return new Passage(writeStandardOutput);
  if (out === '') throw new UsageError('the name of a file to write is empty; name one, or "-"');
  const place = placeOfFile(out);
  if (place === undefined) return new Passage(...deviceOf(out));
  const before = stats(place);
  if (before?.isDirectory() === true) throw cannotWrite(out, { code: 'EISDIR' });
  return WholeFile.open(out, place, before, isSecret);
}

/** Where a file is made, or replaced; `undefined` for what is none (a device, a pipe), and cannot be replaced. */
export function placeOfFile(out: string): string | undefined {
  // Of the name as it is: /dev/stdout and /dev/fd/63 lead to pipes that have no place.
  const before = stats(out);
  return before === undefined || before.isFile() || before.isDirectory() ? resolved(out) : undefined;
}

/** Writes what is there as a whole, as `openOutput` has it. */
export async function writeOutput(
  octets: Uint8Array,
  out: string | undefined,
  isSecret = false,
): Promise<void> {
  const output = await openOutput(out, isSecret);
  try {
    await output.write(octets);
    await output.commit();
  } finally {
    await output.discard();
  }
}

/** Octets that are written to a file at once. */
const blockLength = 64 << 10;

class WholeFile implements Output {
  readonly #out: string;
  readonly #place: string;
  readonly #temporary: string;
  readonly #mode: number | undefined;
  readonly #file: FileHandle;
  readonly #writer: BlockWriter;
  readonly #turns = new Turns();
  #isOpen = true;

  static async open(
    out: string,
    place: string,
    before: Stats | undefined,
    isSecret: boolean,
  ): Promise<WholeFile> {
    const temporary = join(dirname(place), `.mailseal-${randomUUID()}.tmp`);
    // Nobody else may open it before it has the mode of the file that it replaces.
    const mode = isSecret || before !== undefined ? 0o600 : 0o666;
    removeWhenStopped(temporary);
    try {
      return new WholeFile(out, place, temporary, before, await open(temporary, 'wx', mode));
    } catch (error) {
      keepWhenStopped(temporary);
      throw cannotWrite(out, error);
    }
  }

  private constructor(
    out: string,
    place: string,
    temporary: string,
    before: Stats | undefined,
    file: FileHandle,
  ) {
    this.#out = out;
    this.#place = place;
    this.#temporary = temporary;
    this.#mode = before === undefined ? undefined : before.mode & 0o777;
    this.#file = file;
    this.#writer = new BlockWriter((octets) => {
      for (let at = 0; at < octets.length; ) at += writeSync(file.fd, octets, at);
    }, blockLength);
  }

  async write(octets: Uint8Array): Promise<void> {
    await this.#trying(() => this.#writer.write(octets));
    await this.#turns.after(octets.length);
  }

  async commit(): Promise<void> {
    await this.#trying(async () => {
      this.#writer.flush();
      if (this.#mode !== undefined) await this.#file.chmod(this.#mode);
      // Else, where the power fails, the name may be there before the octets are.
      await this.#file.datasync();
      await this.#file.close();
      await rename(this.#temporary, this.#place);
    });
    this.#isOpen = false;
    keepWhenStopped(this.#temporary);
  }

  async discard(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close();
    rmSync(this.#temporary, { force: true });
    keepWhenStopped(this.#temporary);
  }

  async #trying(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw cannotWrite(this.#out, error);
    }
  }
}

/** Octets that are held back before the first are let out where they cannot be called back. */
const heldBack = 1 << 20;

class Passage implements Output {
  readonly #write: (octets: Uint8Array) => Promise<void>;
  readonly #close: () => Promise<void>;
  /** What is held back; `undefined` where something was let out. */
  #held: Uint8Array[] | undefined = [];
  #length = 0;

  constructor(write: (octets: Uint8Array) => Promise<void>, close: () => Promise<void> = async () => {}) {
    this.#write = write;
    this.#close = close;
  }

  async write(octets: Uint8Array): Promise<void> {
    if (this.#held === undefined) return this.#write(octets);
    this.#length += octets.length;
    if (this.#length <= heldBack) {
      this.#held.push(octets.slice());
      return;
    }
    await this.#letOut();
    await this.#write(octets);
  }

  async commit(): Promise<void> {
    await this.#letOut();
    await this.#close();
  }

  async discard(): Promise<void> {
    this.#held = undefined;
    await this.#close();
  }

  async #letOut(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const octets of held) await this.#write(octets);
  }
}

function writeStandardOutput(octets: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // Why it fails is told by whoever hears the errors of the stream.
    process.stdout.write(octets, (error) => (error == null ? resolve() : reject(new OutputClosed())));
  });
}

/** How a device or a pipe is written, which is opened with the first octets: opening a pipe waits for its reader. */
function deviceOf(
  out: string,
): readonly [write: (octets: Uint8Array) => Promise<void>, close: () => Promise<void>] {
  let file: FileHandle | undefined;
  const write = async (octets: Uint8Array): Promise<void> => {
    try {
      file ??= await open(out, 'w');
      await writeAll(file, octets);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw new OutputClosed();
      throw cannotWrite(out, error);
    }
  };
  const close = async (): Promise<void> => {
    await file?.close();
    file = undefined;
  };
  return [write, close];
}

async function writeAll(file: FileHandle, octets: Uint8Array): Promise<void> {
  for (let at = 0; at < octets.length; ) at += (await file.write(octets, at)).bytesWritten;
}

function cannotWrite(out: string, error: unknown): UsageError {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const fault = isMissing ? 'there is no such folder to put it in' : fileFault(error);
  return new UsageError(`cannot write ${out}: ${fault}`);
}

/** Links that are followed one after another, as many as Linux follows. */
const mostLinks = 40;

/** Where a symbolic link leads: the file is replaced, not the link, and made where the link leads to none yet. */
export function resolved(file: string): string {
  let place = file;
  for (let links = 0; links <= mostLinks; links++) {
    try {
      return realpathSync(place);
    } catch {
      const target = linkTarget(place);
      if (target === undefined) return place;
      place = target;
    }
  }
  throw new UsageError(`${file}: its symbolic links lead to no place`);
}

/** Where a link leads that leads nowhere yet; `undefined` for what is no link. */
function linkTarget(link: string): string | undefined {
  try {
    // A relative target counts from the folder in which the link really stands.
    return resolve(realpathSync(dirname(link)), readlinkSync(link));
  } catch {
    return undefined;
  }
}

/** What the system says of a file; `undefined` where there is none. */
export function stats(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
