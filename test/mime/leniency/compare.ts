import type { MessageView } from './probe.js';

/**
 * Where a view of a message is not as a probe expects it, one sentence each;
 * nothing where it is. Every parser is held to the same comparison.
 */
export function differences(actual: MessageView, expected: MessageView): string[] {
  return compare(normalized(actual), normalized(expected), '');
}

/** Text with its line ends as LF, and without those at its end. */
function normalized(view: MessageView): MessageView {
  const lines = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  return {
    ...view,
    ...(view.text === undefined ? {} : { text: lines(view.text) }),
    ...(view.html === undefined ? {} : { html: lines(view.html) }),
    ...(view.messages === undefined ? {} : { messages: view.messages.map(normalized) }),
  };
}

/** Compares what is expected; what is there beside it is of no account, but lists have one length. */
function compare(actual: unknown, expected: unknown, path: string): string[] {
  if (typeof expected !== 'object' || expected === null) {
    if (actual === expected) return [];
    return [`${path}: ${show(actual)}, not ${show(expected)}`];
  }
  if (typeof actual !== 'object' || actual === null)
    return [`${path}: ${show(actual)}, not ${show(expected)}`];
  const here = actual as Record<string, unknown>;
  const length = (value: unknown): unknown => (Array.isArray(value) ? value.length : undefined);
  if (length(actual) !== length(expected)) return [`${path}: ${show(actual)}, not ${show(expected)}`];
  return Object.entries(expected).flatMap(([key, value]) =>
    compare(here[key], value, path === '' ? key : `${path}.${key}`),
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
