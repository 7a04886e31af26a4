// Who may import whom: the rooms of src, lowest first, as ARCHITECTURE.md
// tells them. tools/check-layers.mjs holds the source to it.

/**
 * @typedef {object} Layer
 * @property {readonly string[]} rooms the rooms that its files may import besides their own
 * @property {readonly string[]} [packages] the packages that they may import
 * @property {readonly string[]} [inOneFile] rooms that a single file of it may import
 */

const belowMime = ['core', 'encoding', 'iso2022jp', 'charset'];
const belowSmime = [...belowMime, 'asn1', 'crypto', 'mime', 'x509', 'cms'];
const belowCli = [...belowSmime, 'smime', 'sasl', 'pop3', 'imap', 'pki'];

/** @type {Readonly<Record<string, Layer>>} */
export const layers = {
  core: { rooms: [] },
  encoding: { rooms: ['core'] },
  iso2022jp: { rooms: ['core'] },
  charset: { rooms: ['core', 'encoding', 'iso2022jp'] },
  asn1: { rooms: ['core', 'encoding'] },
  crypto: {
    rooms: ['core', 'encoding', 'asn1'],
    packages: ['@noble/hashes', '@noble/ciphers', '@noble/curves'],
  },
  mime: { rooms: belowMime },
  x509: { rooms: ['core', 'encoding', 'crypto', 'asn1'] },
  cms: { rooms: ['core', 'encoding', 'crypto', 'asn1', 'x509'] },
  smime: { rooms: belowSmime },
  sasl: { rooms: ['core', 'encoding', 'crypto'] },
  pop3: { rooms: ['core', 'encoding', 'sasl', 'crypto'] },
  imap: { rooms: ['core', 'encoding', 'charset', 'sasl'], inOneFile: ['mime'] },
  pki: { rooms: ['core', 'encoding', 'asn1', 'crypto', 'x509', 'cms'] },
  cli: { rooms: belowCli },
};

/** The rooms whose public files src/index.ts may export again: the light ones. */
export const rootRooms = ['core', 'iso2022jp', 'mime'];

/** The room with input and output: modules of node, timers, console and the clock are its business only. */
export const roomWithIo = 'cli';

/** A file that picks the runtime's own code for one need, and may ask for it by name. */
export const nativePicker = /^native[^/]*\.ts$/;

/** A file past this is a room of its own, unless its name says that it holds tables. */
export const longestFile = 600;
export const tableFile = /table|generated/;
