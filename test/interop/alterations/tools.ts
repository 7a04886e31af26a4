import { type Command, outputOf } from '../../support/programs.js';
import { type Alter, inLf } from './octets.js';

/** The tools that alter, each independent of ours. */
export type Tool =
  | 'nkf'
  | 'iconv'
  | 'sed'
  | 'perl'
  | 'python3'
  | 'coreutils'
  | 'Exim'
  | 'maildrop'
  | 'altermime'
  | 'OpenSSL';

function run(...command: Command): Alter {
  return (octets) => {
    const altered = outputOf(command, octets);
    if (altered.equals(octets)) throw new Error(`${command.join(' ')} altered nothing`);
    return altered;
  };
}

/** nkf with these options; encoded words and half-width katakana stay what they are unless told otherwise. */
export function nkf(...options: readonly string[]): Alter {
  return run('nkf', '-m0', '-x', ...options);
}

export function iconv(from: string, to: string): Alter {
  return run('iconv', '-f', from, '-t', to);
}

/** sed on lines that end in LF, in octets. */
export function sed(script: string): Alter {
  return inLf(run('env', 'LC_ALL=C', 'sed', '-E', script));
}

/** perl on lines that end in LF, in octets: each line is `$_`. */
export function perl(script: string, ...modules: readonly string[]): Alter {
  return inLf(run('perl', ...modules.map((name) => `-M${name}`), '-pe', script));
}

/** perl on all octets at once: they are `$_`. */
export function perlWhole(script: string, ...modules: readonly string[]): Alter {
  return run('perl', ...modules.map((name) => `-M${name}`), '-0777', '-pe', script);
}

/** Python, where the octets are `data` before and after. */
export function python(script: string): Alter {
  const whole = `import sys\ndata = sys.stdin.buffer.read()\n${script}\nsys.stdout.buffer.write(data)`;
  return run('python3', '-c', whole);
}

/** A program of coreutils on lines that end in LF. */
export function coreutil(program: string, ...options: readonly string[]): Alter {
  return inLf(run('env', 'LC_ALL=C', program, ...options));
}

/** Recodes a text by the codecs of Python. */
export function pythonCodec(from: string, to: string): Alter {
  return python(`data = data.decode(${JSON.stringify(from)}).encode(${JSON.stringify(to)})`);
}
