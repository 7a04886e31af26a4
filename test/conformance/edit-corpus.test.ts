import { expect, test } from 'vitest';
import { MessageEditor } from '../../src/mime/compose/edit.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { latin1, octets } from '../support/mime.js';
import { listCorpus, withCrlf, withLf } from '../support/mime-corpus.js';

const sets: readonly (readonly [set: string, isMessage: (path: string) => boolean, atLeast: number])[] = [
  ['mail-parser', (path) => path.endsWith('.eml'), 53],
  ['mimekit', (path) => path.endsWith('.eml') || /\/messages\/.*\.txt$/.test(path), 30],
  ['openssl-generated', (path) => path.endsWith('.eml'), 125],
  ['thunderbird-smime', (path) => path.endsWith('.eml'), 66],
  ['tutorial-1998', (path) => path.endsWith('.eml'), 3],
];

const NEW = 'X-Mailseal-Test';

for (const [set, isMessage, atLeast] of sets) {
  describeCorpus(set, () => {
    const files = listCorpus(set, isMessage);
    const variants = function* (): Generator<readonly [file: string, message: Part]> {
      for (const file of files) {
        const whole = readCorpus(file);
        for (const each of [whole, withLf(whole), withCrlf(whole)]) yield [file, parseMessage(each)];
      }
    };

    test(`${files.length} messages keep all but the fields that are added, replaced and removed`, () => {
      expect(files.length).toBeGreaterThanOrEqual(atLeast);
      for (const [file, message] of variants()) {
        const editor = new MessageEditor(message);
        const expected: string[] = [];
        let index = 0;
        for (const part of message.walk()) {
          editor.addField(part, NEW, 'añadido', index++ % 2 === 0 ? 'first' : 'last');
          const fields = [...part.headers].map((field) => {
            if (field.name.toLowerCase() === 'received') {
              editor.removeField(field);
              return [];
            }
            if (field.name.toLowerCase() !== 'subject') return [latin1(field.raw)];
            editor.replaceField(field, 'neu');
            return [`${field.name}: neu\n`];
          });
          expected.push(JSON.stringify([fields.flat().map(trimmed), leafBody(part)]));
        }
        const after = parseMessage(editor.finish());
        const found = [...after.walk()].map((part) => {
          const fields = [...part.headers].filter((field) => field.name !== NEW);
          expect(part.headers.get(NEW)?.text, file).toBe('añadido');
          return JSON.stringify([fields.map((field) => trimmed(latin1(field.raw))), leafBody(part)]);
        });
        expect(found, file).toEqual(expected);
      }
    });

    test(`${files.length} messages keep all parts but those that are added and removed`, () => {
      const entity = octets(`${NEW}: part\r\nContent-Type: text/plain\r\n\r\nnew`);
      let removed = 0;
      let added = 0;
      for (const [file, message] of variants()) {
        const editor = new MessageEditor(message);
        const expected: string[] = [];
        const visit = (part: Part): void => {
          if (!part.isMultipart && !part.isMessage) expected.push(latin1(part.bodyBytes));
          const { parts, isMultipart } = part;
          if (isMultipart && part.contentType.parameters.get('boundary') !== undefined) {
            added += 2;
            editor.addPart(part, entity);
            if (parts[0] !== undefined) editor.addPart(part, entity, parts[0]);
            else added--;
          }
          for (const [index, child] of parts.entries()) {
            if (isMultipart && index === 0 && parts.length > 1) {
              removed++;
              editor.removePart(child);
            } else visit(child);
          }
        };
        const before = added;
        visit(message);
        const after = parseMessage(editor.finish());
        const isNew = (part: Part): boolean => part.headers.get(NEW) !== undefined;
        const leaves = [...after.walk()].filter((part) => !part.isMultipart && !part.isMessage);
        expect(
          leaves.filter((part) => !isNew(part)).map((part) => latin1(part.bodyBytes)),
          file,
        ).toEqual(expected);
        const fresh = leaves.filter(isNew).map((part) => latin1(part.bodyBytes));
        expect(fresh, file).toEqual(new Array(added - before).fill('new'));
      }
      console.log(`${set}: ${removed} parts removed, ${added} added`);
      expect(added).toBeGreaterThan(0);
    });
  });
}

/** The octets of a body that has no parts. */
function leafBody(part: Part): string {
  return part.isMultipart || part.isMessage ? '' : latin1(part.bodyBytes);
}

/** A field without its last line end, which the last field of a message may lack. */
function trimmed(raw: string): string {
  return raw.replace(/\r?\n$/, '');
}
