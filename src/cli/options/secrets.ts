/** What stands in the place of a password. */
export const hidden = '(not shown)';

/** Of a command that is not known, everything may be. */
const secretNames: ReadonlySet<string> = new Set([
  'password',
  'digest',
  'initialResponse',
  'keyword',
  'text',
  'command',
  'values',
]);

/** A command without what logs somebody in: a capture is printed to be looked at, and often to be sent around. */
export function withoutSecrets<Command extends object>(command: Command): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(command).map(([name, value]) => [name, secretNames.has(name) ? hidden : value]),
  );
}
