// Figures as a reader sees them.

/**
 * Three digits, and no exponent.
 *
 * @param {number} value
 * @returns {string}
 */
export const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/**
 * @param {number} microseconds
 * @returns {string}
 */
export function duration(microseconds) {
  if (microseconds >= 1e6) return `${digits(microseconds / 1e6)} s`;
  if (microseconds >= 1e3) return `${digits(microseconds / 1e3)} ms`;
  return microseconds >= 1 ? `${digits(microseconds)} µs` : `${digits(microseconds * 1e3)} ns`;
}

/**
 * @param {number} octets
 * @returns {string} in powers of ten; less than a megabyte is not told from nothing
 */
export function memory(octets) {
  if (octets < 1e6) return '< 1 MB';
  return octets < 1e9 ? `${(octets / 1e6).toFixed(0)} MB` : `${(octets / 1e9).toFixed(1)} GB`;
}

/**
 * @param {readonly string[][]} rows the first has the titles
 * @param {'---' | '---:'} [align] of all columns but the first
 * @returns {string} a table of Markdown
 */
export const markdown = ([titles = [], ...rows], align = '---') =>
  [titles, titles.map((_, i) => (i === 0 ? '---' : align)), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
