import { describe, expect, test, vi } from 'vitest';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { parseMessage } from '../../src/mime/message.js';

const content = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) >> 3);
const body = Buffer.from(encodeMimeBase64(content)).toString('latin1');
const message = (encoded: string) =>
  Buffer.from(`Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}`, 'latin1');

describe('the engine that a message is parsed with', () => {
  test.each([
    ['whole', body],
    ['with a blank in it', `${body.slice(0, 9001)} ${body.slice(9001)}`],
    ['with base64url in it', `${body.slice(0, 12_000)}--__${body.slice(12_004)}`],
    ['cut short', body.slice(0, 15_001)],
    ['of two blocks', body + body],
  ])('makes no difference to a body %s', (_, encoded) => {
    const [native, typescript] = (['native', 'typescript'] as const).map((engine) =>
      parseMessage(message(encoded), { engine }),
    );
    expect(native!.content()).toEqual(typescript!.content());
    expect(native!.defects).toEqual(typescript!.defects);
    expect(native!.content().length).toBeGreaterThan(10_000);
  });

  test('refuses `native` where the runtime has none, and nothing else', async () => {
    const octets = new Uint8Array(message(body));
    vi.stubGlobal('Buffer', undefined);
    vi.resetModules();
    try {
      const bare = await import('../../src/mime/message.js');
      const code = 'crypto-engine-unavailable';
      expect(() => bare.parseMessage(octets, { engine: 'native' })).toThrow(
        expect.objectContaining({ code }),
      );
      expect(bare.parseMessage(octets).content()).toEqual(content);
      expect(() => bare.parseMessage(octets, { engine: 'native' })).toThrow(
        expect.objectContaining({ code }),
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('reads a body without damage as it was', () => {
    for (const engine of ['native', 'typescript', 'auto'] as const) {
      const part = parseMessage(message(body), { engine });
      expect(part.content()).toEqual(content);
      expect(part.defects).toEqual([]);
    }
  });
});
