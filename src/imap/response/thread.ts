import { usage } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { skipBlanksBefore, skipExtraBlanks } from './blanks.js';
import type { ThreadNode, ThreadResponse } from './response.js';

const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

/** Reads THREAD behind its name (RFC 5256 §5 `thread-data`). */
export function readThreads(reader: SyntaxReader): ThreadResponse {
  const threads: ThreadNode[] = [];
  skipBlanksBefore(reader, OPEN);
  while (reader.peek() === OPEN) {
    threads.push(readThread(reader));
    if (reader.peek() === SPACE) skipExtraBlanks(reader);
  }
  return { type: 'THREAD', threads };
}

/** A thread whose parenthesis did not close yet. */
interface OpenThread {
  readonly ids: readonly number[];
  readonly children: ThreadNode[];
}

/**
 * `(3 6 (4 23)(44 7 96))`: each number answers the one before it; threads at the
 * end all answer the last. However deep they are, the stack is not.
 */
function readThread(reader: SyntaxReader): ThreadNode {
  const outer: OpenThread[] = [];
  let thread = openThread(reader);
  for (;;) {
    if (reader.peek() === OPEN) {
      outer.push(thread);
      thread = openThread(reader);
      continue;
    }
    const node = closeThread(reader, thread);
    const above = outer.pop();
    if (above === undefined) return node;
    above.children.push(node);
    if (reader.peek() === SPACE) skipExtraBlanks(reader);
    thread = above;
  }
}

function openThread(reader: SyntaxReader): OpenThread {
  reader.open();
  const ids: number[] = [];
  while (reader.peek() !== OPEN && reader.peek() !== CLOSE) {
    ids.push(reader.number());
    reader.count();
    if (!reader.skip(SPACE)) break;
  }
  return { ids, children: [] };
}

function closeThread(reader: SyntaxReader, { ids, children }: OpenThread): ThreadNode {
  if (ids.length === 0 && children.length === 0) reader.fail('the number of a message');
  reader.expect(CLOSE);
  reader.close();
  let node: ThreadNode = { id: ids.at(-1), children };
  for (let at = ids.length - 2; at >= 0; at--) node = { id: ids[at], children: [node] };
  return node;
}

/** Writes THREAD with its name; however deep the threads are, the stack is not. */
export function writeThreads(writer: SyntaxWriter, { threads }: ThreadResponse): void {
  assertThread({ id: undefined, children: threads });
  writer.raw('THREAD');
  if (threads.length > 0) writer.space();
  const left: (ThreadNode | ')')[] = threads.toReversed();
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === ')') {
      writer.raw(')');
      continue;
    }
    const last = writeChain(writer, next);
    left.push(')');
    const { children } = last;
    for (let at = children.length - 1; at >= 0; at--) left.push(children[at]!);
  }
}

/** Writes what opens a thread, and each message that alone answers the one before it; gives the last of them. */
function writeChain(writer: SyntaxWriter, thread: ThreadNode): ThreadNode {
  writer.raw('(');
  assertThread(thread);
  if (thread.id === undefined) {
    if (thread.children.length === 0)
      throw usage('a thread without a message of its own has others below it');
    return thread;
  }
  writer.number(thread.id);
  let node = thread;
  for (;;) {
    const [only] = node.children;
    if (node.children.length !== 1 || only === undefined || only.id === undefined) break;
    node = only;
    assertThread(node);
    writer.space();
    writer.number(only.id);
  }
  if (node.children.length > 0) writer.space();
  return node;
}

/** What is no list would be a thread that nothing is below. */
function assertThread(thread: ThreadNode): void {
  if (!Array.isArray(thread?.children) || thread.children.includes(undefined as never))
    throw usage('a thread has an array of the threads below it');
}
