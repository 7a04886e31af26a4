#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { MailsealError } from '../core/errors.js';
import type { ExitCode } from './exit-code.js';
import { fileFault, UsageError } from './files/input.js';
import { OutputClosed } from './files/output-file.js';
import { writeWhole } from './files/standard-streams.js';
import { tuneForCommand } from './files/v8.js';
import { commandHelp, help } from './help.js';
import { safe } from './report/terminal.js';

/** The exit code of a fault in mailseal itself (EX_SOFTWARE): it must not pass for an answer. */
const ownFault = 70;

/** Each is loaded when it is called for: most need but a part of what there is. */
const commands = {
  verify: async () => (await import('./verify.js')).verify,
  diagnose: async () => (await import('./diagnose.js')).diagnose,
  sign: async () => (await import('./sign.js')).sign,
  encrypt: async () => (await import('./encrypt.js')).encrypt,
  decrypt: async () => (await import('./decrypt.js')).decrypt,
  rekey: async () => (await import('./rekey.js')).rekey,
  inspect: async () => (await import('./inspect.js')).inspect,
  certs: async () => (await import('./certs.js')).certs,
  'imap-decode': async () => (await import('./imap-decode.js')).imapDecode,
  'pop3-decode': async () => (await import('./pop3-decode.js')).pop3Decode,
} as const satisfies Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<ExitCode>>>>;

async function run([command, ...rest]: readonly string[]): Promise<ExitCode> {
  switch (command) {
    case 'verify':
    case 'diagnose':
    case 'sign':
    case 'encrypt':
    case 'decrypt':
    case 'rekey':
    case 'inspect':
    case 'certs':
    case 'imap-decode':
    case 'pop3-decode':
      if (wantsHelp(rest)) return print(commandHelp[command]);
      return (await commands[command]())(rest);
    case '--version':
    case '-v':
      return print(`${version()}\n`);
    case '--help':
    case '-h':
    case 'help': {
      const [topic] = rest;
      return print(
        topic !== undefined && Object.hasOwn(commandHelp, topic)
          ? commandHelp[topic as keyof typeof commandHelp]
          : help,
      );
    }
    case undefined:
      process.stderr.write(help);
      return 2;
    default:
      throw new UsageError(`there is no command "${command}"`);
  }
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((word) => word === '--help' || word === '-h');
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function main(): Promise<void> {
  const [command = ''] = process.argv.slice(2);
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError || (error instanceof MailsealError && error.fault === 'usage')) {
      const topic = Object.hasOwn(commands, command) ? ` ${command}` : '';
      process.stderr.write(`mailseal: ${safe(error.message)}\nSee mailseal${topic} --help.\n`);
      process.exitCode = 2;
    } else if (error instanceof MailsealError) {
      process.stderr.write(`mailseal: this cannot be read: ${safe(error.message)} (${error.code})\n`);
      process.exitCode = 3;
    } else if (error instanceof OutputClosed) process.exitCode = 2;
    else {
      const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`mailseal: a fault of mailseal itself; please report it with this:\n${details}\n`);
      process.exitCode = ownFault;
    }
  }
}

for (const stream of [process.stdout, process.stderr]) {
  writeWhole(stream);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that goes away (mailseal … | head) is no failure of ours.
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout)
      process.stderr.write(`mailseal: cannot write the standard output: ${fileFault(error)}\n`);
    // A verdict that could not be told must not pass for one; the command sets its own code before this.
    process.on('exit', () => {
      process.exitCode = 2;
    });
  });
}
tuneForCommand();
await main();
