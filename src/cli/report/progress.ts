/** Input that is done before anybody would look needs no line about it. */
const leastOctets = 8 << 20;
const millisecondsBetween = 200;
const toLineStart = '\r\u001b[K';

/** What passes the octets of the input on and tells a person how far it is. */
export interface Progress {
  /** Counts octets that were read. */
  add(octets: number): void;
  /** Erases the line: before anything else is written to a terminal, and at the end. */
  clear(): void;
}

const silent: Progress = { add() {}, clear() {} };

/**
 * A line about long input, on the standard error where that is a terminal; else nothing.
 *
 * @param total octets of the input; `undefined` for a pipe
 */
export function progressOf(total: number | undefined): Progress {
  const { stderr } = process;
  const isTerminal = stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  if (!isTerminal || (total !== undefined && total < leastOctets)) return silent;
  const begin = performance.now();
  let read = 0;
  let shownAt = begin;
  let isShown = false;
  return {
    add(octets) {
      read += octets;
      const now = performance.now();
      if (read < leastOctets || now - shownAt < millisecondsBetween) return;
      shownAt = now;
      isShown = true;
      const line = progressLine(read, total, (read / (now - begin)) * 1000);
      stderr.write(`${toLineStart}${line.slice(0, Math.max(0, (stderr.columns ?? 80) - 1))}`);
    },
    clear() {
      if (isShown) stderr.write(toLineStart);
      isShown = false;
    },
  };
}

/**
 * How far it is, in one line.
 *
 * @param rate octets a second
 */
export function progressLine(read: number, total: number | undefined, rate: number): string {
  const speed = `${megabytes(rate)} MB/s`;
  if (total === undefined) return `${megabytes(read)} MB, ${speed}`;
  const percent = `${Math.min(100, Math.floor((read / total) * 100))} %`.padStart(5);
  return `${percent}, ${megabytes(read)} of ${megabytes(total)} MB, ${speed}`;
}

function megabytes(octets: number): string {
  return String(Math.round(octets / 1e6));
}
