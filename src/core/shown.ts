/** What kind of value it is, for the text of an error: nothing of what is in it, which may be secret. */
export function kindOf(value: unknown): string {
  return `a value of the kind ${{}.toString.call(value).slice(8, -1)}`;
}

/** What a caller gave, for the text of an error: never more than a line, and never what is in an object. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return value === null || /^[bnu]/.test(typeof value) ? `${value}`.slice(0, 100) : kindOf(value);
}
