import type { BlockAlgorithm } from './block-digest.js';
import { md5Blocks } from './md5-blocks.generated.js';

/**
 * MD5 (RFC 1321). Collisions are made in seconds; it is here to read old mail.
 * Its written-out rounds are so few that a loop would not be sooner compiled.
 */
export const md5: BlockAlgorithm = {
  initial: /* @__PURE__ */ Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476),
  length: 16,
  littleEndian: true,
  compress: md5Blocks,
};
