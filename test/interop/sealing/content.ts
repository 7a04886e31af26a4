import { asBytes, type Bytes } from '../../../src/core/bytes.js';

/** What is sealed: every octet there is, and lines as mail has them. */
export const content: Bytes = asBytes(
  Buffer.concat([
    Buffer.from('Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n'),
    Uint8Array.from({ length: 1024 }, (_, octet) => octet & 0xff),
    Buffer.from('\r\nUntil Friday.\r\n'),
  ]),
);
