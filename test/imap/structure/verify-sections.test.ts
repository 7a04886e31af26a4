import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canonicalLineEnds } from '../../../src/encoding/line-ends.js';
import { bodyStructureOf, sectionOf } from '../../../src/imap/message-structure.js';
import type { BodyStructure } from '../../../src/imap/structure/body-structure.js';
import {
  type GivenSection,
  messageFromSections,
  sectionsToVerify,
} from '../../../src/imap/structure/verify-sections.js';
import type { ImapSection } from '../../../src/imap/values/section.js';
import { parseMessage } from '../../../src/mime/message.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { listCorpus } from '../../support/mime-corpus.js';
import {
  type Change,
  changes,
  octetsOf,
  textOf,
  tightMultipart,
  verdictOn,
  withThirdPart,
} from '../../support/signed-changes.js';

function nameOf({ part, text }: ImapSection): string {
  return [...part.map(String), ...(text === undefined ? [] : [text])].join('.');
}

/** The sections that verifying wants, from a server that gives them octet for octet. */
function fetched(octets: Uint8Array): { body: BodyStructure; sections: GivenSection[] } {
  const message = parseMessage(octets);
  const body = bodyStructureOf(message);
  const sections = sectionsToVerify(body).sections.map((section) => ({
    section,
    octets: sectionOf(message, section),
  }));
  return { body, sections };
}

async function compare(octets: Uint8Array): Promise<{ isWhole: boolean; saved: number }> {
  const { body, sections } = fetched(octets);
  const { octets: made, doubts, fallback } = messageFromSections(body, sections, { size: octets.length });
  expect(doubts).toEqual([]);
  expect(fallback).toBeUndefined();
  expect(await verdictOn(made)).toEqual(await verdictOn(octets));
  const total = sections.reduce((sum, section) => sum + (section.octets?.length ?? 0), 0);
  return { isWhole: sectionsToVerify(body).isWhole, saved: octets.length - total };
}

const signed = canonicalLineEnds(
  new Uint8Array(readFileSync(fileURLToPath(new URL('../../vectors/demo/signed.eml', import.meta.url)))),
);

describe('verifying from sections', () => {
  it('fetches all of a message that is signed as a whole', () => {
    const { sections, items, isWhole } = sectionsToVerify(bodyStructureOf(parseMessage(signed)));
    expect(sections).toEqual([{ part: [] }]);
    expect(items).toEqual([{ item: 'BODY', section: { part: [] }, peek: true }]);
    expect(isWhole).toBe(true);
  });

  it.each<[Change, readonly string[]]>([
    ['as it is', ['']],
    ['with a footer of a list', ['HEADER', '1.MIME', '1']],
    ['behind a large part, two deep', ['HEADER', '2.MIME', '2.2.MIME', '2.2']],
    ['forwarded', ['HEADER', '2.MIME', '2']],
    ['as all of a message', ['']],
    ['forwarded, as all of a message, with a footer', ['HEADER', '1.HEADER', '1.1.MIME', '1.1']],
  ])('fetches no part beside what is signed: %s', async (name, wanted) => {
    const octets = octetsOf(changes[name](signed));
    const { sections } = sectionsToVerify(bodyStructureOf(parseMessage(octets)));
    expect(sections.map(nameOf)).toEqual(wanted);
    const { seals } = (await verdictOn(octets)) as { seals: { signers: { content: string }[] }[] };
    expect(seals.map(({ signers }) => signers[0]?.content)).toEqual(['intact']);
    const { saved } = await compare(octets);
    if (name === 'behind a large part, two deep') expect(saved).toBeGreaterThan(60_000);
  });

  it('fetches the two parts alone where a third stands beside them', async () => {
    const octets = withThirdPart(signed);
    const { sections } = sectionsToVerify(bodyStructureOf(parseMessage(octets)));
    expect(sections.map(nameOf)).toEqual(['HEADER', '1.MIME', '1', '2.MIME', '2']);
    await compare(octets);
  });

  it('takes the signatures that are meant', () => {
    const octets = octetsOf(changes['with a footer of a list'](signed));
    const body = bodyStructureOf(parseMessage(octets));
    expect(sectionsToVerify(body, { signed: [] }).sections).toEqual([]);
    expect(() => messageFromSections(body, [], { signed: [] })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });

  it('takes BODY[] where that was fetched instead', () => {
    const octets = octetsOf(changes['with a footer of a list'](signed));
    const body = bodyStructureOf(parseMessage(octets));
    const made = messageFromSections(body, [{ section: { part: [] }, octets }]);
    expect(made).toEqual({ octets, doubts: [], fallback: undefined });
  });
});

describe('doubts about sections', () => {
  const octets = octetsOf(changes['with a footer of a list'](signed));

  /** What is said where a server gives one section otherwise. */
  function doubtsWhere(name: string, change: (section: Uint8Array) => Uint8Array | undefined): string[] {
    const { body, sections } = fetched(octets);
    const given = sections.map(({ section, octets: own }) => ({
      section,
      octets: nameOf(section) === name ? change(own!) : own,
    }));
    const { doubts, fallback } = messageFromSections(body, given);
    expect(fallback).toEqual(doubts.length === 0 ? undefined : { part: [] });
    return doubts.map(({ code, section }) => `${code} ${nameOf(section)}`);
  }

  it('has none of its own octets', () => {
    expect(doubtsWhere('1', (own) => own)).toEqual([]);
  });

  it('says that a section is missing', () => {
    expect(doubtsWhere('1', () => undefined)).toEqual(['section-missing 1']);
    expect(doubtsWhere('1.MIME', () => undefined)).toEqual(['section-missing 1.MIME']);
  });

  it('takes none that was fetched in part', () => {
    const { body, sections } = fetched(octets);
    const given = sections.map((section) => ({ ...section, origin: 0 }));
    expect(messageFromSections(body, given).doubts.map(({ code }) => code)).toContain('section-missing');
  });

  it('says that a header has no end', () => {
    expect(doubtsWhere('1.MIME', (own) => own.slice(0, -2))).toEqual(['header-unterminated 1.MIME']);
  });

  it('says that another boundary stands in the header', () => {
    const other = (own: Uint8Array): Uint8Array => octetsOf(textOf(own).replace('=_list', '=_tsil'));
    expect(doubtsWhere('HEADER', other)).toEqual(['boundary-differs HEADER']);
  });

  it('says that a part was encoded anew, or is missing', () => {
    const longer = (own: Uint8Array): Uint8Array =>
      octetsOf(textOf(own).replace(/Content-[\s\S]*?\r\n\r\n/, '$& '));
    const [doubt] = doubtsWhere('1', longer);
    expect(doubt).toMatch(/^length-differs 1\.\d$/);
    const cut = (own: Uint8Array): Uint8Array => octetsOf(textOf(own).slice(0, 100));
    expect(doubtsWhere('1', cut)[0]).toMatch(/^(parts-differ 1|length-differs 1\.1)$/);
  });

  it('says that nobody can tell whose a line end is', () => {
    const { body, sections } = fetched(withThirdPart(tightMultipart));
    expect(sections.map(({ section }) => nameOf(section))).toEqual(['HEADER', '1.MIME', '1', '2.MIME', '2']);
    expect(messageFromSections(body, sections).doubts).toEqual([]);
    // As Dovecot gives it.
    const given = sections.map((each) =>
      nameOf(each.section) === '1' ? { ...each, octets: octetsOf(`${textOf(each.octets!)}\r\n`) } : each,
    );
    const { doubts, fallback } = messageFromSections(body, given);
    expect(doubts.map(({ code, section }) => `${code} ${nameOf(section)}`)).toEqual(['end-ambiguous 1']);
    expect(fallback).toEqual({ part: [] });
  });

  it('compares the size of the whole', () => {
    const { body } = fetched(signed);
    const whole = [{ section: { part: [] }, octets: signed }];
    expect(messageFromSections(body, whole, { size: signed.length + 1 }).doubts[0]?.code).toBe(
      'length-differs',
    );
  });
});

describeCorpus('thunderbird-smime', () => {
  const files = ['thunderbird-smime/smime', 'openssl-generated/messages', 'rfc4134', 'tutorial-1998'].flatMap(
    (folder) => listCorpus(folder, (path) => path.endsWith('.eml')),
  );

  it.each(Object.keys(changes) as Change[])(
    'says the same as of the whole message, %s',
    { timeout: 60_000 },
    async (name) => {
      let compared = 0;
      let inParts = 0;
      for (const file of files) {
        const octets = octetsOf(changes[name](canonicalLineEnds(readCorpus(file))));
        if (sectionsToVerify(bodyStructureOf(parseMessage(octets))).sections.length === 0) continue;
        const { isWhole } = await compare(octets);
        compared++;
        if (!isWhole) inParts++;
      }
      console.log(`verified from sections, ${name}: ${compared}, of them without BODY[]: ${inParts}`);
      expect(compared).toBeGreaterThan(150);
    },
  );
});
