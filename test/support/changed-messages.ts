import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import { overwrittenChunks, seededLengths } from './cms-objects.js';
import { seededDraw } from './seeded.js';
import { octets } from './sign-message.js';

/** What changes how a message is read, wherever it stands. */
const snippets: readonly string[] = [
  '\r\n--b1\r\n',
  '\n--b1x',
  '\r',
  '\n',
  '--',
  '\r\n\r\n',
  'MIA',
  '=',
  ';',
  '\r\n--m1--\r\n',
  'x',
];

/** How often each message is changed. */
export const changesToEach = 25;

/**
 * Each of the messages with a snippet in it, in the place of some octets or of none, as a whole and in chunks. None
 * becomes a multipart of another type by that: of what stands in one that is neither signed nor mixed, and is never
 * verified, no digests are made as it goes by.
 */
export function* randomlyChanged(
  messages: Readonly<Record<string, Bytes>>,
  seed: number,
): Generator<{ readonly changed: Bytes; readonly chunks: Iterable<Bytes> }, undefined> {
  const draw = seededDraw(seed);
  for (const message of Object.values(messages)) {
    const known = multipartTypes(message);
    for (let i = 0; i < changesToEach; ) {
      const at = draw(message.length);
      const snippet = octets(snippets[draw(snippets.length)]!);
      const skipped = draw(2) === 0 ? 0 : draw(40);
      const changed = concatBytes([message.subarray(0, at), snippet, message.subarray(at + skipped)]);
      if ([...multipartTypes(changed)].some((type) => !known.has(type))) continue;
      i++;
      yield { changed, chunks: overwrittenChunks(changed, seededLengths(i)) };
    }
  }
}

function multipartTypes(message: Bytes): ReadonlySet<string> {
  const multiparts = [...parseMessage(message).walk()].filter(({ isMultipart }) => isMultipart);
  return new Set(multiparts.map(({ contentType }) => contentType.mediaType));
}
