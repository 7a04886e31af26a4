import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeEntity, composeMessage } from '../../src/mime/compose/compose.js';
import type { EntityContent } from '../../src/mime/compose/compose-content.js';
import { MessageEditor } from '../../src/mime/compose/edit.js';
import { parseMessage } from '../../src/mime/message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { sampleContent } from '../support/compose-samples.js';
import { relays } from '../support/relays.js';
import { detachedEntity } from '../support/sign-message.js';
import { alice, now, roots, signedBy } from '../support/sign-scene.js';

const RUNS = 12;
const variants: readonly EntityContent[] = [{}, { flowed: true }, { plainNames: true }];

/** Messages that are composed, signed by Alice as they are, and composed again around the signature. */
function signedMessages(): Uint8Array<ArrayBuffer>[] {
  return fc.sample(sampleContent, { seed: 5, numRuns: RUNS }).map((given, index) => {
    const { text, html, attachments, subject } = given;
    const parts = { text: text ?? '', html: html ?? '', attachments: attachments ?? [] };
    const entity = composeEntity({ ...parts, ...variants[index % variants.length] });
    const signed = detachedEntity(entity, signedBy(alice, entity), { boundary: `signed-${index}` });
    return composeMessage({
      from: 'Alice <alice@example.jp>',
      subject: subject ?? '',
      date: now,
      entity: signed,
    });
  });
}

async function expectVerified(message: Uint8Array): Promise<void> {
  const report = await verifyMessage(message, { roots, at: now });
  expect(report.reasons.map(({ code }) => code)).toEqual([]);
  expect(report.verified).toBe(true);
}

describe('a composed message that was signed', () => {
  test.each(relays)(`is verified after %s (${RUNS} messages)`, async (_, relay) => {
    for (const message of signedMessages()) await expectVerified(relay(message));
  });

  test('is verified when its own header fields were edited', async () => {
    for (const octets of signedMessages()) {
      const message = parseMessage(octets);
      const editor = new MessageEditor(message);
      editor.addField(message, 'Received', 'by relay.example; Sun, 1 Mar 2026 00:00:00 +0000', 'first');
      editor.replaceField(message.headers.get('subject')!, '[list] 新しい件名');
      editor.removeField(message.headers.get('message-id')!);
      await expectVerified(editor.finish());
    }
  });

  test('is not verified when a part inside was edited', async () => {
    const message = parseMessage(signedMessages()[0]!);
    const editor = new MessageEditor(message);
    editor.addField(message.parts[0]!, 'X-Added', 'after the signature');
    const report = await verifyMessage(editor.finish(), { roots, at: now });
    expect(report.verified).toBe(false);
    expect(report.seals[0]?.signers[0]?.content).toBe('altered');
  });
});
