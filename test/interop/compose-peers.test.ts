import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeMessage } from '../../src/mime/compose/compose.js';
import { mailparser, postalMime } from '../../tools/leniency-peers.mjs';
import { sampleContent } from '../support/compose-samples.js';
import { latin1 } from '../support/mime.js';
import { describeWith } from '../support/requirement.js';

const RUNS = 200;
const installed = existsSync(new URL('../../bench/peers/node_modules/postal-mime', import.meta.url));

interface Named {
  readonly name: string;
  readonly address: string;
}

/** Texts are compared without the line end at their ends, which the one keeps and the other does not. */
function lines(text: string | undefined): string {
  return (text ?? '').replace(/\r\n?|\n/g, '\n').replace(/\n+$/, '');
}

// They are the benches' peers, which tests alone do not install.
describeWith('the parsers of bench/peers', installed, () => {
  const peers = { 'postal-mime': postalMime, mailparser };
  test.each(Object.entries(peers))(`%s reads ${RUNS} messages that we composed`, async (_, load) => {
    const view = await load();
    for (const given of fc.sample(sampleContent, { seed: 20261122, numRuns: RUNS })) {
      const [read] = await view(composeMessage(given));
      const files = [...(given.inline ?? []), ...(given.attachments ?? [])];
      expect({
        subject: read?.subject,
        from: read?.from,
        to: read?.to,
        text: lines(read?.text),
        html: lines(read?.html),
        files: read?.attachments?.map(({ filename, content }) => [filename, content]),
      }).toEqual({
        subject: given.subject,
        from: [given.from] as Named[],
        to: given.to as Named[],
        text: lines(given.text),
        html: lines(given.html),
        files: files.map(({ filename, content }) => [filename, latin1(content as Uint8Array)]),
      });
    }
  });
});
