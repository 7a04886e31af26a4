import { fstatSync, writeSync } from 'node:fs';

/**
 * Has a standard stream that goes to a file write all that it is given.
 *
 * Node's own takes what a call left out for written, and a call leaves out what has no more room: at the end of a disk,
 * or of what a process may write, the end of the octets would be lost without a word.
 */
export function writeWhole(stream: NodeJS.WriteStream & { readonly fd: number }): void {
  const { fd } = stream;
  // A pipe and a terminal are written by other means, and a device has room or none.
  if (!isFile(fd)) return;
  stream._write = (octets: Uint8Array, _encoding, done): void => {
    try {
      for (let at = 0; at < octets.length; ) at += writeSync(fd, octets, at);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
