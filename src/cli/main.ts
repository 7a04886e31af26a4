#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { MailsealError } from '../core/errors.js';
import { certs } from './certs.js';
import { UsageError } from './input.js';
import { inspect } from './inspect.js';
import { verify } from './verify.js';

/** What every command returns: 0 verified or done, 1 not verified, 2 usage or unreadable file, 3 not parseable. */
export type ExitCode = 0 | 1 | 2 | 3;

const help = `mailseal: look at sealed mail

  mailseal verify [FILE|-] [--content FILE] [--roots PEM]... [--certs PEM]...
                  [--at DATE|signing] [--email ADDRESS] [--any-signer]
                  [--json] [--out FILE]
      Verify the signatures of a message, or of a .p7s or .p7m file.
      --content FILE   what a detached .p7s is over
      --roots PEM      trusted roots; without them nothing is trusted
      --certs PEM      more certificates: the signer's, intermediate ones
      --at DATE        judge certificates at this time (default: now);
                       "signing": at the time that the signer claims
      --email ADDRESS  whom the signer must be, instead of From
      --any-signer     do not compare the signer with the sender
      --json           print the report as JSON
      --out FILE       write what was signed, only once it is verified

  mailseal inspect [FILE|-] [--json]
      Show the parts of a message with octet ranges, types, names, headers.

  mailseal certs [FILE|-] [--pem] [--json]
      List the certificates in a message, a .p7s, .p7c or PEM file.

FILE is "-" or left out for the standard input.
Exit code: 0 verified (or done), 1 not verified, 2 wrong usage or a file that
cannot be read, 3 input that cannot be parsed.
`;

async function run([command, ...rest]: readonly string[]): Promise<ExitCode> {
  switch (command) {
    case 'verify':
      return verify(rest);
    case 'inspect':
      return inspect(rest);
    case 'certs':
      return certs(rest);
    case '--version':
    case '-v':
      process.stdout.write(`${version()}\n`);
      return 0;
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(help);
      return 0;
    case undefined:
      process.stderr.write(help);
      return 2;
    default:
      throw new UsageError(`there is no command "${command}"; see mailseal --help`);
  }
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function main(): Promise<void> {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError || (error instanceof MailsealError && error.fault === 'usage')) {
      process.stderr.write(`mailseal: ${error.message}\n`);
      process.exitCode = 2;
    } else if (error instanceof MailsealError) {
      process.stderr.write(`mailseal: this cannot be parsed: ${error.message} (${error.code})\n`);
      process.exitCode = 3;
    } else throw error;
  }
}

// A reader that goes away (mailseal … | head) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
await main();
