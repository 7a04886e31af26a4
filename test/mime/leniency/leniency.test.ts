import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAddressList } from '../../../src/mime/fields/address.js';
import { parseMessage } from '../../../src/mime/message.js';
import { MimeReader } from '../../../src/mime/reader.js';
import { writeBack } from '../../support/mime.js';
import { differences } from './compare.js';
import { probeOctets } from './probe.js';
import { probes, probesByChapter } from './probes.js';
import { viewMessage } from './view.js';

/** The codes of all that is wrong in a message, once everything in it was read. */
function defectsOf(octets: Uint8Array): string[] {
  const codes: string[] = [];
  for (const part of parseMessage(octets).walk()) {
    part.text();
    for (const field of part.headers) {
      codes.push(...field.defects.map(({ code }) => code));
      if (/^(?:from|to)$/i.test(field.name)) {
        codes.push(...parseAddressList(field.value).defects.map(({ code }) => code));
      }
    }
    codes.push(...part.defects.map(({ code }) => code));
  }
  return codes;
}

for (const [chapter, list] of Object.entries(probesByChapter)) {
  describe(`${chapter}: ${list.length} probes`, () => {
    test.each(list)('$id: $title', (probe) => {
      const octets = probeOctets(probe);
      expect(differences(viewMessage(octets), probe.expected)).toEqual([]);
      expect(defectsOf(octets)).toEqual(expect.arrayContaining([...(probe.defects ?? [])]));
      expect(Buffer.compare(writeBack(parseMessage(octets)), octets)).toBe(0);
    });
  });
}

test(`none of the ${probes.length} probes is told apart by how it comes`, () => {
  const tell = (chunks: readonly Uint8Array[]): unknown[] => {
    const reader = new MimeReader();
    const events = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
    // The octets of an event are gone with the next push, and how many a body’s event has depends on the chunks.
    return events
      .filter(({ type }) => type !== 'body' && type !== 'preamble' && type !== 'epilogue')
      .map((event) => ({ ...event, bytes: undefined }));
  };
  for (const probe of probes) {
    const octets = probeOctets(probe);
    const singly = Array.from(octets, (octet) => Uint8Array.of(octet));
    expect(JSON.stringify(tell(singly)), probe.id).toBe(JSON.stringify(tell([octets])));
  }
});

test('they have names of their own, and all of them stand on the page', () => {
  const ids = probes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(180);
  const page = readFileSync(new URL('../../../docs/leniency.md', import.meta.url), 'utf8');
  expect(ids.filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
});
