import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import { main, message, needsBuild, type Run, temporaryFolder, trusting } from './support.js';

// What a shell may give for input and output besides plain files.

needsBuild();
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const octets = readFileSync(message);

/** Runs a script of a shell, in which `mailseal` is the command. */
function shell(script: string): Run {
  const defined = `mailseal() { '${process.execPath}' '${main}' "$@"; }; ${script}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', defined], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', COLUMNS: '80' },
  });
  return { status, stdout, stderr };
}

const verified = { status: 0, stdout: expect.stringContaining('✔ Verified'), stderr: '' };
const verifying = `mailseal verify ${trusting.join(' ')}`;

describe('the standard input', () => {
  test.each([
    ['a file', `${verifying} - < ${message}`],
    ['a pipe', `cat ${message} | ${verifying}`],
    ['a pipe by name', `cat ${message} | ${verifying} /dev/stdin`],
    ['a FIFO', `mkfifo ${at('fifo')} && { cat ${message} > ${at('fifo')} & ${verifying} ${at('fifo')}; }`],
  ])('%s', (_, script) => {
    expect(shell(script)).toEqual(verified);
  });

  test('a file is read from where it stands', () => {
    writeFileSync(at('two'), Buffer.concat([Buffer.from('one line\n'), octets]));
    expect(shell(`{ read line; ${verifying}; } < ${at('two')}`)).toEqual(verified);
  });

  test('nothing is no message', () => {
    for (const from of ['< /dev/null', '<&-'])
      expect(shell(`${verifying} ${from}`)).toMatchObject({ status: 3, stdout: '' });
  });

  // Node gives nothing of it, and of nothing `sign` makes a message without text.
  test.each(['verify', 'inspect'])('a folder is no file: %s', (command) => {
    const { status, stdout, stderr } = shell(`mailseal ${command} < ${folder}`);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('cannot read the standard input: it is a directory');
  });
});

describe('the standard output', () => {
  test('a file that is read is refused: it would grow for ever', () => {
    copyFileSync(message, at('grows'));
    for (const from of [at('grows'), `- < ${at('grows')}`]) {
      const run = shell(`${verifying} ${from} >> ${at('grows')}`);
      expect([run.status, run.stderr]).toEqual([
        2,
        expect.stringContaining('the standard output goes to a file that is read'),
      ]);
    }
    expect(readFileSync(at('grows')).equals(octets)).toBe(true);
  });

  // The system writes what there is room for, and tells of the rest when that is written.
  test('a file with room for a part: exit 2', () => {
    const whole = shell(`mailseal inspect --json ${message}`).stdout.length;
    expect(whole).toBeGreaterThan(1024);
    const run = shell(`ulimit -f 1; mailseal inspect --json ${message} > ${at('part')}`);
    expect(statSync(at('part')).size).toBeLessThan(whole);
    expect([run.status, run.stderr]).toEqual([
      2,
      'mailseal: cannot write the standard output: it would be larger than files may be here\n',
    ]);
  });
});

describe('--out', () => {
  const content = parseMessage(octets).parts[0]!.bytes;
  const writing = `${verifying} --out`;

  // Both lead to what has no place in the file system.
  test.each([
    ['a pipe by name', `${writing} /dev/stdout ${message} | cat > ${at('content')}`],
    [
      'a pipe as a file descriptor',
      `${writing} /dev/fd/3 ${message} 3>&1 > ${at('report')} | cat > ${at('content')}`,
    ],
  ])('%s', (_, script) => {
    expect(shell(script).stderr).toBe('');
    expect(readFileSync(at('content')).includes(Buffer.from(content))).toBe(true);
  });

  test('a FIFO', () => {
    const run = shell(
      `mkfifo ${at('out')} && { cat ${at('out')} > ${at('got')} & ${writing} ${at('out')} ${message}; wait; }`,
    );
    expect(run).toEqual(verified);
    expect(Buffer.compare(readFileSync(at('got')), content)).toBe(0);
    expect(statSync(at('out')).isFIFO()).toBe(true);
  });

  test('a file with too little room gets no part', () => {
    const run = shell(`ulimit -f 0; ${writing} ${at('never')} ${message}`);
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining(`cannot write ${at('never')}: it`)]);
    expect(readdirSync(folder).filter((name) => /never|\.tmp$/.test(name))).toEqual([]);
  });
});
