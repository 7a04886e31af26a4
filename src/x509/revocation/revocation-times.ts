/**
 * How much later than the time asked about a CRL or an OCSP response may be, in
 * milliseconds: clocks differ, and it may be made while it is asked for.
 */
export const clockSkew: number = 5 * 60_000;

/** A time for people, without the fraction of a second. */
export function iso(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
