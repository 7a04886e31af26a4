import { describe, expect, test } from 'vitest';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../../src/cms/enveloped/open.js';
import { EnvelopedDataWriter } from '../../../src/cms/stream/enveloped-data-writer.js';
import { Rekeyer } from '../../../src/cms/stream/rekeyer.js';
import type { Bytes } from '../../../src/core/bytes.js';
import { writtenInPieces } from '../../support/cms-objects.js';
import { expectLinearAsync } from '../../support/linear-time.js';

const content = new Uint8Array(1000);
const member = (i: number): { kek: Bytes; id: Bytes } => ({
  kek: new Uint8Array(16).fill(1),
  id: Uint8Array.of(i >> 16, i >> 8, i),
});
const list = (count: number): ReturnType<typeof member>[] =>
  Array.from({ length: count }, (_, i) => member(i));
const limits = { recipients: 1_000_000, nodes: 10_000_000 };

async function opens(p7m: Bytes, count: number): Promise<void> {
  const enveloped = parseEnvelopedData(p7m, { limits });
  expect(enveloped.recipients.length).toBe(count);
  // Whoever stands last; the order is that of DER.
  const opened = await openEnveloped(enveloped, { keys: [member(count - 1)] });
  expect(opened.content.length).toBe(content.length);
}

describe('costs as much for each of many recipients as for one of a few', () => {
  test('to write', async () => {
    await expectLinearAsync((count) => {
      const recipients = list(count);
      return async () => {
        await writtenInPieces(new EnvelopedDataWriter({ recipients }), content, () => 100);
      };
    }, 3000);
  });

  test('to read, as the last of them', async () => {
    await expectLinearAsync((count) => {
      let p7m: Bytes | undefined;
      return async () => {
        // Made at the first call, of which the cheapest does not tell.
        p7m ??= await createEnvelopedData({ content, recipients: list(count) });
        await opens(p7m, count);
      };
    }, 3000);
  });

  test('to re-key, in short chunks', async () => {
    const p7m = await createEnvelopedData({ content, recipients: [member(0)] });
    await expectLinearAsync((count) => {
      const recipients = list(count);
      return async () => {
        const many = await writtenInPieces(
          new Rekeyer({ keys: [member(0)], recipients, limits }),
          p7m,
          () => 20,
        );
        const rekeyer = new Rekeyer({
          keys: [member(count - 1)],
          recipients: [member(count)],
          mode: 'add',
          limits,
        });
        await opens(await writtenInPieces(rekeyer, many, () => 50), count + 1);
      };
    }, 1500);
  });
});
