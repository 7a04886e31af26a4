// GNU SASL's own client and server as the other side.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import { createSaslClient } from '../../src/sasl/client.js';
import { deriveScramKeys } from '../../src/sasl/scram-keys.js';
import { createSaslServer } from '../../src/sasl/server.js';
import { describeProgram, outputOf } from '../support/programs.js';

const user = 'tim';
const password = 'tanstaaf,=ö';

/** A run of gsasl that is talked to line by line. Without --hostname it asks for channel bindings. */
function gsasl(role: 'client' | 'server', mechanism: string, ownPassword = password) {
  const args = [`--${role}`, '-m', mechanism, '-a', user, '-n', 'me', '-p', ownPassword, '--quiet'];
  if (!mechanism.endsWith('-PLUS')) args.push('--service', 'imap', '--hostname', 'localhost');
  const child = spawn('gsasl', args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stderr.resume();
  child.stdin.on('error', () => {});
  return {
    say: (line: string) => child.stdin.write(`${line}\n`),
    /** The next line, `undefined` at the end. */
    async hear(): Promise<string | undefined> {
      const { value, done } = await lines.next();
      return done === true ? undefined : String(value).replace(/^.*: /, '');
    },
    async end(): Promise<number | null> {
      child.stdin.end();
      return ended;
    },
  };
}

const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'];
const bound = ['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS'];
const binding = encodeBase64(Uint8Array.of(9, 8, 7, 6));
const channelBinding = { type: 'tls-exporter', data: Uint8Array.of(9, 8, 7, 6) };

describeProgram('gsasl', () => {
  test.each([...mechanisms, ...bound, 'EXTERNAL', 'ANONYMOUS'])(
    'its client logs in to our server: %s',
    async (mechanism) => {
      for (const given of [password, 'wrong']) {
        const isPlus = mechanism.endsWith('-PLUS');
        const peer = gsasl('client', mechanism, given);
        if (isPlus) peer.say(binding);
        const server = createSaslServer(mechanism, {
          account: (name) => (name === user ? { password } : undefined),
          external: user,
          allowAnonymous: (trace) => trace === 'me',
          ...(isPlus ? { channelBindings: [channelBinding] } : {}),
        });
        const isServerFirst = mechanism === 'LOGIN' || mechanism === 'CRAM-MD5';
        expect(await peer.hear()).toBe(mechanism);
        // It says nothing, as a line, before it is asked.
        if (mechanism === 'CRAM-MD5') expect(await peer.hear()).toBe('');
        let challenge: Uint8Array | undefined = isServerFirst
          ? await server.challenge()
          : await server.challenge(decodeBase64((await peer.hear())!));
        while (challenge !== undefined) {
          peer.say(encodeBase64(challenge));
          const line = await peer.hear();
          challenge = await server.challenge(decodeBase64(line ?? ''));
        }
        await peer.end();
        const isRight = given === password || mechanism === 'EXTERNAL' || mechanism === 'ANONYMOUS';
        expect(server.outcome !== undefined).toBe(isRight);
      }
    },
  );

  test('its keys of SCRAM are ours', async () => {
    for (const hash of ['SHA-1', 'SHA-256'] as const) {
      const salt = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
      const made = outputOf(
        [
          'gsasl',
          '-k',
          '-m',
          `SCRAM-${hash}`,
          '-p',
          password,
          '--iteration-count',
          '4096',
          '--salt',
          encodeBase64(salt),
        ],
        new Uint8Array(0),
      );
      const keys = await deriveScramKeys(hash, password, { salt, iterations: 4096 });
      const ours = `{SCRAM-${hash}}4096,${encodeBase64(salt)},${encodeBase64(keys.storedKey)},${encodeBase64(keys.serverKey)}`;
      expect(made.toString().trim()).toBe(ours);
    }
  });

  test.each([...mechanisms, ...bound])('our client logs in to its server: %s', async (mechanism) => {
    for (const given of [password, 'wrong']) {
      const isPlus = mechanism.endsWith('-PLUS');
      const peer = gsasl('server', mechanism);
      const client = createSaslClient(mechanism, {
        user,
        password: given,
        ...(isPlus ? { channelBinding } : {}),
      });
      expect(await peer.hear()).toBe(mechanism);
      let isBound = false;
      let isLetIn: boolean | undefined;
      try {
        for (;;) {
          const line = await peer.hear();
          if (line === undefined) break;
          const response = await client.respond(decodeBase64(line));
          peer.say(encodeBase64(response));
          if (isPlus && !isBound) peer.say(binding);
          isBound = true;
          if (client.isComplete) break;
        }
      } catch {
        isLetIn = false;
      }
      // It reads one more line when it is content.
      peer.say('');
      isLetIn ??= (await peer.end()) === 0 && client.isComplete;
      expect(isLetIn).toBe(given === password);
    }
  });
});
