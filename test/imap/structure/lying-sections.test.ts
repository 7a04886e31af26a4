import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesFromLatin1, latin1FromBytes } from '../../../src/core/bytes.js';
import { canonicalLineEnds } from '../../../src/encoding/line-ends.js';
import { bodyStructureOf, sectionOf } from '../../../src/imap/message-structure.js';
import type { BodyStructure } from '../../../src/imap/structure/body-structure.js';
import {
  type GivenSection,
  type MessageFromSections,
  messageFromSections,
  sectionsToVerify,
} from '../../../src/imap/structure/verify-sections.js';
import { formatSection } from '../../../src/imap/values/section.js';
import { parseMessage } from '../../../src/mime/message.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { parseCertificates } from '../../../src/x509/certificate/certificate.js';

const demo = new URL('../../vectors/demo/', import.meta.url);
const signed = latin1FromBytes(canonicalLineEnds(readFileSync(new URL('signed.eml', demo))));
const policy = {
  roots: parseCertificates(readFileSync(new URL('root.crt.pem', demo))),
  at: new Date('2027-01-01'),
};

/** The signed message as a header of its own and an entity. */
const at = signed.indexOf('Content-Type:');
const from = signed.slice(0, at);
const blank = signed.indexOf('\r\n\r\n') + 4;
const entityHeader = signed.slice(at, blank);
const entityBody = signed.slice(blank).replace(/\r\n$/, '');
const ownBoundary = /boundary="?([^";\r\n]+)/.exec(entityHeader)![1]!;
const evil = 'Content-Type: text/html\r\n\r\n<p>Pay the other account</p>';

function multipart(boundary: string, parts: readonly string[], subtype = 'mixed'): string {
  const lines = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${lines}--${boundary}--\r\n`;
}

/** What a server tells truly of a message. */
function structureOf(message: string): BodyStructure {
  return bodyStructureOf(parseMessage(bytesFromLatin1(message)));
}

const honest = `${from}${multipart('zz', [entityHeader + entityBody, evil])}`;
const told = structureOf(honest);
const header = `${from}Content-Type: multipart/mixed; boundary="zz"\r\n\r\n`;
const forward = `${from}${multipart('zz', [`Content-Type: message/rfc822\r\n\r\n${signed}`, evil])}`;

type Sections = Readonly<Record<string, string>>;

const exact: Sections = { HEADER: header, '1.MIME': entityHeader, '1': entityBody };

function made(structure: BodyStructure, sections: Sections): MessageFromSections {
  const wanted = sectionsToVerify(structure).sections;
  expect(new Set(wanted.map(formatSection))).toEqual(new Set(Object.keys(sections)));
  const given = wanted.map((section): GivenSection => {
    return { section, octets: bytesFromLatin1(sections[formatSection(section)]!) };
  });
  return messageFromSections(structure, given);
}

function doubtsOf(structure: BodyStructure, sections: Sections): string[] {
  const { doubts, fallback } = made(structure, sections);
  expect(fallback).toEqual(doubts.length === 0 ? undefined : { part: [] });
  return doubts.map(({ code, section }) => `${code} ${formatSection(section)}`.trim());
}

function withBoundary(structure: BodyStructure, value: string): BodyStructure {
  if (structure.kind !== 'multipart') throw new Error('no multipart');
  return { ...structure, parameters: [{ name: 'boundary', value }] };
}

/** A structure of which the server tells no lengths. */
function withoutLengths(structure: BodyStructure): BodyStructure {
  if (structure.kind === 'multipart') return { ...structure, parts: structure.parts.map(withoutLengths) };
  if (structure.kind === 'message') return { ...structure, octets: 0, body: withoutLengths(structure.body) };
  return { ...structure, octets: 0 };
}

const sealed: BodyStructure = withBoundary(
  structureOf(`${from}${multipart('zz', ['Content-Type: application/pkcs7-mime\r\n\r\nAAAA', evil])}`),
  'zz',
);

describe('a server that tells the truth', () => {
  it('verifies the part that is signed, and says that there is another', async () => {
    const { octets, doubts } = made(told, exact);
    expect(doubts).toEqual([]);
    const { verified, seals } = await verifyMessage(octets, policy);
    expect(verified).toBe(false);
    expect(seals).toMatchObject([{ part: '1', coverage: 'part', verified: true }]);
  });

  it.each([
    ['folded', 'multipart/mixed;\r\n boundary="zz"'],
    ['behind a comment', 'multipart/mixed (boundary="aa"); boundary=zz (yy)'],
    ['with backslashes', 'multipart/mixed; boundary="\\z\\z"'],
    ['in sections', 'multipart/mixed; boundary*0=z; boundary*1=z'],
    ['before another', 'multipart/mixed; boundary=zz; boundary=yy'],
  ])('may write its boundary %s', (_, type) => {
    expect(doubtsOf(told, { ...exact, HEADER: `${from}Content-Type: ${type}\r\n\r\n` })).toEqual([]);
  });

  it('may have the boundary of what is inside', () => {
    const structure = withBoundary(told, ownBoundary);
    expect(doubtsOf(structure, { ...exact, HEADER: header.replace('"zz"', `"${ownBoundary}"`) })).toEqual([]);
  });

  it('may have a field twice, of which the first counts', () => {
    const twice = header.replace(/\r\n$/, 'Content-Type: text/plain\r\n\r\n');
    expect(doubtsOf(told, { ...exact, HEADER: twice })).toEqual([]);
  });
});

describe('a server that lies', () => {
  const attacks: [string, BodyStructure, Sections, string][] = [
    [
      'with a whole message for a header',
      sealed,
      {
        HEADER: `${signed}zz\r\n\r\n`,
        '1.MIME': 'Content-Type: application/pkcs7-mime\r\n\r\n',
        '1': 'AAAA',
      },
      'structure-differs HEADER',
    ],
    [
      'with a whole message for a header, and the boundary in its fields',
      told,
      { ...exact, HEADER: `${signed.replace('\r\n\r\n', '\r\nX-A: boundary="zz"\r\n\r\n')}\r\n\r\n` },
      'structure-differs HEADER',
    ],
    [
      'with a part in the header of a multipart of the right type',
      told,
      { ...exact, HEADER: `${header}--zz\r\n${entityHeader}${entityBody}\r\n--zz--\r\n\r\n` },
      'structure-differs HEADER',
    ],
    [
      'with a blank line of bare LF',
      told,
      { ...exact, HEADER: `From: a\n\n${header}` },
      'structure-differs HEADER',
    ],
    [
      'with a blank line of bare CR',
      told,
      { ...exact, HEADER: `From: a\rContent-Type: multipart/mixed; boundary=yy\r\r${header}` },
      'structure-differs HEADER',
    ],
    [
      'with a header that begins in no field',
      told,
      { ...exact, HEADER: `no field at all\r\nnor here\r\n${header}` },
      'structure-differs HEADER',
    ],
    ['with a blank line first', told, { ...exact, HEADER: `\r\n${header}` }, 'structure-differs HEADER'],
    [
      'with a whole message for the header of a part',
      told,
      { ...exact, '1.MIME': `${entityHeader}${entityBody}\r\n--zz\r\n${entityHeader}` },
      'parts-differ TEXT',
    ],
    [
      'with a header of a part that has a blank line',
      told,
      { ...exact, '1.MIME': `Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n${entityHeader}` },
      'structure-differs 1.MIME',
    ],
    [
      'with a delimiter in the header of a part',
      told,
      { ...exact, '1.MIME': `X: y\r\n--zz\r\n${entityHeader}` },
      'parts-differ TEXT',
    ],
    [
      'with a boundary that begins as another',
      withBoundary(told, 'zz'),
      { ...exact, HEADER: header.replace('"zz"', '"zz/2"') },
      'boundary-differs HEADER',
    ],
    [
      'with its boundary in a comment alone',
      told,
      { ...exact, HEADER: `${from}Content-Type: multipart/mixed (boundary=zz); boundary=yy\r\n\r\n` },
      'boundary-differs HEADER',
    ],
    [
      'with its boundary in another field',
      told,
      { ...exact, HEADER: `${from}X-A: boundary="zz"\r\nContent-Type: multipart/mixed\r\n\r\n` },
      'boundary-differs HEADER',
    ],
    [
      'with its boundary in a second field',
      told,
      { ...exact, HEADER: `Content-Type: multipart/mixed; boundary=yy\r\n${header}` },
      'boundary-differs HEADER',
    ],
    [
      'with a second type behind that of the signature',
      told,
      { ...exact, HEADER: `${entityHeader.slice(0, -2)}${header}` },
      'structure-differs HEADER',
    ],
    [
      'with an encoded boundary that goes on',
      told,
      { ...exact, HEADER: `${from}Content-Type: multipart/mixed; boundary*=us-ascii''zz%2F2\r\n\r\n` },
      'boundary-differs HEADER',
    ],
    [
      'with another case in the boundary',
      told,
      { ...exact, HEADER: header.replace('"zz"', '"ZZ"') },
      'boundary-differs HEADER',
    ],
    [
      'with a boundary that is lines',
      withBoundary(told, `zz\r\n\r\n${evil}`),
      exact,
      'boundary-differs HEADER',
    ],
    ['without a boundary', withBoundary(told, ''), exact, 'boundary-differs HEADER'],
    [
      'with a text for a multipart',
      told,
      { ...exact, HEADER: `${from}X-A: boundary="zz"\r\n\r\n` },
      'structure-differs HEADER',
    ],
    [
      'with a digest for mixed parts',
      told,
      { ...exact, HEADER: header.replace('mixed', 'digest') },
      'structure-differs HEADER',
    ],
    [
      'with a part that ends the multipart around it',
      withoutLengths(told),
      { ...exact, '1': `${entityBody}\r\n--zz--\r\n` },
      'parts-differ TEXT',
    ],
    [
      'with a part that begins another',
      withoutLengths(told),
      { ...exact, '1': `${entityBody}\r\n--zz\r\n${evil}` },
      'parts-differ TEXT',
    ],
    [
      'with a part that begins another and is no multipart',
      withoutLengths(sealed),
      {
        HEADER: header,
        '1.MIME': 'Content-Type: application/pkcs7-mime\r\n\r\n',
        '1': `AAAA\r\n--zz\r\n${entityHeader}${entityBody}`,
      },
      'parts-differ TEXT',
    ],
    [
      'with a part that puts another where one was not fetched',
      withoutLengths(told),
      { ...exact, '1': `${entityBody}\r\n--zz\r\n${evil}\r\n--zz--\r\n` },
      'structure-differs 1',
    ],
    [
      'with an unsigned part beside the signed one, inside',
      withoutLengths(told),
      {
        ...exact,
        '1': entityBody.replace(`--${ownBoundary}--`, `--${ownBoundary}\r\n${evil}\r\n--${ownBoundary}--`),
      },
      'parts-differ 1',
    ],
    [
      'with a signed message that is another than it tells',
      withoutLengths(
        structureOf(
          `${from}${multipart('zz', [multipart('y', [evil, 'Content-Type: application/pkcs7-signature\r\n\r\nA'], 'signed'), evil])}`,
        ),
      ),
      exact,
      'structure-differs 1.1',
    ],
    [
      'with a message/rfc822 that is encoded',
      structureOf(forward),
      {
        HEADER: header,
        '1.MIME': 'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n',
        '1': signed,
      },
      'structure-differs 1.MIME',
    ],
    [
      'with a message/rfc822 that is the multipart itself',
      structureOf(forward),
      { HEADER: header, '1.MIME': entityHeader, '1': entityBody },
      'structure-differs 1.MIME',
    ],
    [
      'with a message in a message',
      withoutLengths(structureOf(forward)),
      {
        HEADER: header,
        '1.MIME': 'Content-Type: message/rfc822\r\n\r\n',
        '1': `Content-Type: message/rfc822\r\n\r\n${signed}`,
      },
      'structure-differs 1.TEXT',
    ],
  ];

  it.each(attacks)('%s', (_, structure, sections, doubt) => {
    expect(doubtsOf(structure, sections)[0]).toBe(doubt);
  });

  it('with a header inside a message/rfc822 that is a message', () => {
    const inner = `${from}${multipart('yy', [entityHeader + entityBody, evil])}`;
    const structure = structureOf(`Content-Type: message/rfc822\r\n\r\n${inner}`);
    const sections = {
      HEADER: 'Content-Type: message/rfc822\r\n\r\n',
      '1.HEADER': header.replace('zz', 'yy'),
      '1.1.MIME': entityHeader,
      '1.1': entityBody,
    };
    expect(doubtsOf(structure, sections)).toEqual([]);
    for (const [name, lie, doubt] of [
      ['HEADER', `${sections.HEADER}Subject: yy\r\n\r\n`, 'structure-differs HEADER'],
      ['1.HEADER', `${signed}yy\r\n\r\n`, 'structure-differs 1.HEADER'],
      ['1.1.MIME', `${entityHeader}${entityBody}\r\n--yy\r\n${entityHeader}`, 'parts-differ 1.TEXT'],
    ] as const) {
      const doubts = doubtsOf(structure, { ...sections, [name]: lie });
      expect(doubts, name).toEqual([doubt]);
    }
  });

  it('with more bodies inside each other than are parsed', () => {
    let structure = told;
    for (let deep = 0; deep < 500; deep++)
      structure = {
        kind: 'multipart',
        subtype: 'mixed',
        parts: [structure],
        parameters: [{ name: 'boundary', value: `b${deep}` }],
      };
    const given = sectionsToVerify(structure).sections.map((section): GivenSection => {
      const level = 500 - section.part.length;
      const type = level > 0 ? `Content-Type: multipart/mixed; boundary=b${level - 1}\r\n\r\n` : header;
      return { section, octets: bytesFromLatin1(section.text === undefined ? entityBody : type) };
    });
    const { doubts, fallback } = messageFromSections(structure, given);
    expect(doubts.map(({ code }) => code)).toEqual(['structure-differs']);
    expect(fallback).toEqual({ part: [] });
  });
});

const fragment = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  ' ',
  '--zz\r\n',
  '--zz--\r\n',
  '--yy\r\n',
  `--${ownBoundary}\r\n`,
  `--${ownBoundary}--\r\n`,
  'Content-Type: multipart/mixed; boundary=zz\r\n',
  'Content-Type: multipart/mixed; boundary=yy\r\n',
  'Content-Type: multipart/digest; boundary=zz\r\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Subject: zz\r\n',
  'no field\r\n',
  'From somebody\r\n',
  evil,
  entityHeader,
  entityHeader.slice(0, -2),
  entityBody,
  header,
  signed,
);
const lie = fc.array(fragment, { maxLength: 5 }).map((all) => all.join(''));
const around = (own: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(own),
    lie.map((more) => own + more),
    lie.map((more) => more + own),
    lie,
  );

describe('whatever a server gives', () => {
  it('is in the places that the structure has, or is doubted', () => {
    let doubted = 0;
    let trusted = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(
          told,
          withoutLengths(told),
          withBoundary(told, 'yy'),
          withoutLengths(structureOf(forward)),
        ),
        around(header),
        fc.oneof(around(entityHeader), around('Content-Type: message/rfc822\r\n\r\n')),
        fc.oneof(around(entityBody), around(signed)),
        (structure, ...lies) => {
          const { sections, signed: found } = sectionsToVerify(structure);
          const given = sections.map((section, index) => ({
            section,
            octets: bytesFromLatin1(lies[index]!),
          }));
          const { octets, doubts, fallback } = messageFromSections(structure, given);
          expect(fallback === undefined).toBe(doubts.length === 0);
          if (doubts.length > 0) {
            doubted++;
            return;
          }
          trusted++;
          const message = parseMessage(octets);
          for (const { section, octets: own } of given) expect(sectionOf(message, section)).toEqual(own);
          const paths = new Set([...message.walk()].map(({ path }) => path));
          for (const { container } of found) expect(paths).toContain(container.path);
          expect(message.parts.map(({ end }) => end).length).toBe(2);
          expect(sectionOf(message, { part: [2] })).toHaveLength(0);
        },
      ),
      { numRuns: 4500 },
    );
    console.log(`sections of servers that lie: ${doubted} times doubted, ${trusted} times not`);
    expect(doubted).toBeGreaterThan(1000);
    expect(trusted).toBeGreaterThan(30);
  });
});
