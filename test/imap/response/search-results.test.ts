import { describe, expect, test } from 'vitest';
import type { ImapResponse, ThreadNode } from '../../../src/imap/response/response.js';
import { expectBoth, lineOf, readLine, readQuirky } from '../../support/imap-response-lines.js';

const range = (from: number, to: number = from): { from: number; to: number } => ({ from, to });
const node = (id: number | undefined, ...children: ThreadNode[]): ThreadNode => ({ id, children });

const lines: readonly (readonly [string, ImapResponse])[] = [
  ['* SEARCH', { type: 'SEARCH', numbers: [] }],
  ['* SEARCH 2 3 6', { type: 'SEARCH', numbers: [2, 3, 6] }],
  ['* SEARCH 2 (MODSEQ 917162500)', { type: 'SEARCH', numbers: [2], modseq: 917_162_500n }],
  ['* SORT 5 3 4 1 2', { type: 'SORT', numbers: [5, 3, 4, 1, 2] }],
  [
    '* SORT 5 (MODSEQ 18446744073709551615)',
    { type: 'SORT', numbers: [5], modseq: 18_446_744_073_709_551_615n },
  ],
  ['* ESEARCH', { type: 'ESEARCH', isUid: false }],
  [
    '* ESEARCH (TAG "A282") MIN 2 COUNT 3',
    { type: 'ESEARCH', correlator: 'A282', isUid: false, min: 2, count: 3 },
  ],
  [
    '* ESEARCH (TAG "t" MAILBOX folder1 UIDVALIDITY 1) UID ALL 4001,4003,4005:4010',
    {
      type: 'ESEARCH',
      correlator: 't',
      mailbox: 'folder1',
      uidValidity: 1,
      isUid: true,
      all: [range(4001), range(4003), range(4005, 4010)],
    },
  ],
  [
    '* ESEARCH (TAG "a") MAX 4 ALL 1:3,5 MODSEQ 1236',
    { type: 'ESEARCH', correlator: 'a', isUid: false, max: 4, all: [range(1, 3), range(5)], modseq: 1236n },
  ],
  [
    '* ESEARCH (TAG "B01") UID ADDTO (0 2731:2733 0 2731) REMOVEFROM (0 32768)',
    {
      type: 'ESEARCH',
      correlator: 'B01',
      isUid: true,
      addTo: [
        { position: 0, set: [range(2731, 2733)] },
        { position: 0, set: [range(2731)] },
      ],
      removeFrom: [{ position: 0, set: [range(32_768)] }],
    },
  ],
  [
    '* ESEARCH (TAG "A01") UID PARTIAL (-1:-100 200:250)',
    {
      type: 'ESEARCH',
      correlator: 'A01',
      isUid: true,
      partial: { range: '-1:-100', set: [range(200, 250)] },
    },
  ],
  [
    '* ESEARCH (TAG "A04") PARTIAL (24000:24500 NIL) RELEVANCY (4 99)',
    {
      type: 'ESEARCH',
      correlator: 'A04',
      isUid: false,
      partial: { range: '24000:24500', set: undefined },
      other: [
        {
          name: 'RELEVANCY',
          value: {
            type: 'list',
            items: [
              { type: 'atom', text: '4' },
              { type: 'atom', text: '99' },
            ],
          },
        },
      ],
    },
  ],
  ['* THREAD', { type: 'THREAD', threads: [] }],
  [
    '* THREAD (2)(3 6 (4 23)(44 7 96))',
    {
      type: 'THREAD',
      threads: [node(2), node(3, node(6, node(4, node(23)), node(44, node(7, node(96)))))],
    },
  ],
  ['* THREAD ((3)(5))', { type: 'THREAD', threads: [node(undefined, node(3), node(5))] }],
  ['* THREAD ((3))', { type: 'THREAD', threads: [node(undefined, node(3))] }],
  ['* THREAD (1 ((3)(5)))', { type: 'THREAD', threads: [node(1, node(undefined, node(3), node(5)))] }],
];

describe('search results', () => {
  test.each(lines)('%s, both ways', (wire, response) => {
    expectBoth(wire, response);
  });

  test('ADDTO that comes twice', () => {
    expect(readLine('* ESEARCH (TAG "B") ADDTO (1 2) ADDTO (2 3)')).toMatchObject({
      addTo: [
        { position: 1, set: [range(2)] },
        { position: 2, set: [range(3)] },
      ],
    });
  });

  test.each([
    ['* SEARCH 1 2 ', '* SEARCH 1 2'],
    ['* SEARCH ', '* SEARCH'],
    ['* SEARCH 1  2', '* SEARCH 1 2'],
    ['* SEARCH 1  (MODSEQ 5)', '* SEARCH 1 (MODSEQ 5)'],
    ['* THREAD ', '* THREAD'],
    ['* THREAD (1) (2)', '* THREAD (1)(2)'],
    ['* ESEARCH  (TAG "a")  UID ', '* ESEARCH (TAG "a") UID'],
  ])('extra blanks: %j', (wire, meant) => {
    const { response, quirks } = readQuirky(wire);
    expect(response).toEqual(readLine(meant, { quirks: false }));
    expect(quirks).toEqual(['extra-blanks']);
    expect(() => readLine(wire, { quirks: false })).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test.each([
    '* SEARCH x',
    '* SEARCH 1x',
    '* SEARCH 1,2',
    '* SEARCH 99999999999999999',
    '* SEARCH (MODSEQ)',
    '* SEARCH (UID 5)',
    '* ESEARCH (TAGS "a")',
    '* ESEARCH MIN',
    '* ESEARCH PARTIAL (1:-3 5)',
    '* ESEARCH PARTIAL (1 5)',
    '* THREAD ()',
    '* THREAD (1 2',
    '* THREAD (1(2)) 3',
  ])('refuses %j', (wire) => {
    expect(() => readLine(wire)).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
  });

  test.each<ImapResponse>([
    { type: 'SEARCH', numbers: [-1] },
    { type: 'ESEARCH', isUid: false, partial: { range: '1:2)', set: undefined } },
    { type: 'ESEARCH', isUid: false, other: [{ name: 'A(', value: { type: 'nil' } }] },
    { type: 'THREAD', threads: [node(undefined)] },
  ])('does not write %o', (response) => {
    expect(() => lineOf(response)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('a thread as long as a mailbox, and lists too deep', () => {
    const wire = `* THREAD (${Array.from({ length: 50_000 }, (_, at) => at + 1).join(' ')})`;
    const response = readLine(wire);
    expect(lineOf(response)).toBe(wire);
    let deep = node(1);
    for (let id = 2; id < 100_000; id++) deep = node(undefined, deep, node(id));
    expect(lineOf({ type: 'THREAD', threads: [deep] })).toMatch(/^\* THREAD \({99999}1\)\(2\)\)\(3\)/);
    const nested = `* THREAD ${'('.repeat(100_000)}1${')'.repeat(100_000)}`;
    expect(lineOf(readLine(nested, { limits: { depth: 1_000_000 } }))).toBe(nested);
    expect(() => readLine(`* THREAD ${'('.repeat(101)}1`)).toThrow(
      expect.objectContaining({ code: 'limit-depth' }),
    );
    expect(() => readLine('* SEARCH 1 2 3', { limits: { listLength: 2 } })).toThrow(
      expect.objectContaining({ code: 'limit-list' }),
    );
  });
});
