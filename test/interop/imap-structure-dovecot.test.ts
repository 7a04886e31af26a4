import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalLineEnds } from '../../src/encoding/line-ends.js';
import { binarySectionOf, bodyStructureOf, envelopeOf, sectionOf } from '../../src/imap/message-structure.js';
import type { BodyStructure } from '../../src/imap/structure/body-structure.js';
import { walkParts } from '../../src/imap/structure/walk.js';
import type { ImapSection } from '../../src/imap/values/section.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { describeMailServer, type MailDaemon, startDovecot } from '../support/mail-servers.js';
import { listCorpus } from '../support/mime-corpus.js';
import { SectionPeer } from '../support/section-peer.js';

const folders = [
  'mail-parser/eml',
  'mimekit/messages',
  'thunderbird-smime/smime',
  'openssl-generated/messages',
  'rfc4134',
  'tutorial-1998',
];

/** Messages of which Dovecot makes something else, and why. */
const otherStructures: Readonly<Record<string, string>> = {
  'mail-parser/eml/malformed/004.eml': 'two multiparts inside each other have the same boundary',
  'mail-parser/eml/malformed/007.eml':
    'a boundary begins with the one around it: Dovecot takes the shorter line for a match',
  'mail-parser/eml/malformed/016.eml':
    'boundaries begin with each other: Dovecot compares no more than 70 octets',
  'mail-parser/eml/malformed/017.eml': 'the Content-Type has bare CR in it',
  'mail-parser/eml/malformed/019.eml': 'several multiparts inside each other have the same boundary',
  'mail-parser/eml/malformed/022.eml': 'a message/rfc822 has no header',
  'mail-parser/eml/rfc/001.eml': 'a semicolon is missing before a parameter, which Dovecot leaves out',
  'mail-parser/eml/rfc/008.eml': 'a message/rfc822 is in base64, so that none of its parts could be fetched',
  'mail-parser/eml/thirdparty/004.eml': 'the transfer encoding is "8 bit"',
  'mail-parser/eml/thirdparty/007.eml':
    'the line end behind an inner close delimiter belongs to the outer one',
  'mail-parser/eml/thirdparty/010.eml': 'a parameter has raw octets above 127',
  'mail-parser/eml/thirdparty/015.eml': 'a message/rfc822 has a header and nothing else',
  'rfc4134/4.8.eml': 'a blank stands behind the date',
  'rfc4134/4.9.eml': 'a blank stands behind the date',
};

/**
 * Multiparts whose close delimiter is followed by that of the multipart around
 * them: RFC 2046 §5.1.1 gives the line end between to the outer delimiter,
 * Dovecot to both.
 */
const otherSections: readonly string[] = [
  'mail-parser/eml/malformed/020.eml 1',
  'mail-parser/eml/malformed/021.eml 1',
  'mail-parser/eml/thirdparty/008.eml 2.2',
];

/** What Dovecot writes where an address lacks something. */
function withoutPlaceholders<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return value === 'MISSING_DOMAIN' || value === 'MISSING_MAILBOX' ? ('' as Value) : value;
  }
  if (Array.isArray(value)) return value.map(withoutPlaceholders) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutPlaceholders(each)]),
  ) as Value;
}

function nameOf({ part, text }: ImapSection): string {
  return [...part.map(String), ...(text === undefined ? [] : [text])].join('.');
}

/** All sections that a structure has, and subsets of the headers among them. */
function sectionsOf(structure: BodyStructure): ImapSection[] {
  const sections: ImapSection[] = [{ part: [] }];
  for (const { headerSection, bodySection } of walkParts(structure)) {
    sections.push(headerSection, bodySection);
    if (headerSection.text !== 'HEADER') continue;
    sections.push({ ...headerSection, text: 'HEADER.FIELDS', fields: ['SUBJECT', 'from', 'Received'] });
    sections.push({ ...headerSection, text: 'HEADER.FIELDS.NOT', fields: ['Subject', 'X-None'] });
  }
  return sections;
}

function equalOctets(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

describeMailServer('dovecot', () => {
  describeCorpus('mail-parser', () => {
    describe('what a message is to IMAP, as Dovecot says it', () => {
      let dovecot: MailDaemon;
      let peer: SectionPeer;
      const messages: { readonly file: string; readonly message: Part; readonly number: number }[] = [];

      beforeAll(async () => {
        dovecot = await startDovecot();
        peer = await SectionPeer.open(dovecot);
        const files = folders.flatMap((folder) => listCorpus(folder, (path) => path.endsWith('.eml')));
        for (const file of files) {
          const octets = canonicalLineEnds(readCorpus(file));
          // RFC 9051 §9: no literal holds a NUL.
          if (octets.includes(0)) continue;
          await peer.append(octets);
          messages.push({ file, message: parseMessage(octets), number: messages.length + 1 });
        }
      }, 60_000);
      afterAll(async () => {
        peer.close();
        await dovecot.stop();
      });

      it('has the same BODYSTRUCTURE and ENVELOPE', { timeout: 60_000 }, async () => {
        const different: string[] = [];
        let same = 0;
        for (const { file, message, number } of messages) {
          const theirs = await peer.message(number);
          const own = { structure: bodyStructureOf(message), envelope: envelopeOf(message) };
          const wanted = withoutPlaceholders({ structure: theirs.structure, envelope: theirs.envelope });
          if (JSON.stringify(own) !== JSON.stringify(wanted)) different.push(file);
          else same++;
          expect(theirs.size, file).toBe(message.source.length);
        }
        console.log(`structures as Dovecot has them: ${same} of ${messages.length}`);
        expect(different).toEqual(Object.keys(otherStructures));
        expect(same).toBeGreaterThan(200);
      });

      it('has the same octets in every section', { timeout: 60_000 }, async () => {
        const different = new Set<string>();
        let sections = 0;
        for (const { file, message, number } of messages) {
          const { structure } = await peer.message(number);
          for (const section of sectionsOf(structure)) {
            const name = section.fields === undefined ? '' : ` (${section.fields.join(' ')})`;
            const theirs = await peer.section(number, nameOf(section) + name);
            sections++;
            if (!equalOctets(sectionOf(message, section), theirs))
              different.add(`${file} ${nameOf(section)}`);
          }
        }
        console.log(`sections as Dovecot gives them: ${sections - different.size} of ${sections}`);
        const unexpected = [...different].filter(
          (each) => !Object.hasOwn(otherStructures, each.split(' ')[0]!),
        );
        expect(unexpected).toEqual(otherSections);
        expect(sections).toBeGreaterThan(1500);
      });

      it('has the same stretches of sections, and the same content', { timeout: 60_000 }, async () => {
        let count = 0;
        for (const { file, message, number } of messages.filter(({ file }) => file.startsWith('mimekit'))) {
          const size = message.source.length;
          for (const [offset, length] of [
            [0, 10],
            [size - 5, 10],
            [size, 1],
            [size + 5, 5],
          ] as const) {
            const theirs = await peer.section(number, '', `<${offset}.${length}>`);
            expect(sectionOf(message, { part: [] }, { offset, length }), file).toEqual(theirs);
            count++;
          }
          for (const { body, bodySection } of walkParts(bodyStructureOf(message))) {
            const { part } = bodySection;
            if (body.kind === 'multipart' || body.kind === 'message' || part.length === 0) continue;
            const theirs = await peer.binary(number, part);
            expect(binarySectionOf(message, part), `${file} ${part.join('.')}`).toEqual(theirs);
            count++;
          }
        }
        expect(count).toBeGreaterThan(30);
      });
    });
  });
});
