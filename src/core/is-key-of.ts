/** Whether a table has an entry of that name. A caller in JavaScript may give anything, even what cannot be made text. */
export function isKeyOf(table: object, name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(table, name);
}
