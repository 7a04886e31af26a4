import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { casesOf, defineBench, from, labelOf, loadBenches, mailSizes } from '../../bench/bench.mjs';
import { hasSettled, pairedRatios, powerFit, quantile } from '../../bench/figures.mjs';
import { gated, judge, measure, twoOfThree } from '../../bench/measure.mjs';
import { merge, page, table } from '../../bench/report.mjs';
import { describeWith } from '../support/requirement.js';

describe('bench harness: figures', () => {
  test('the median and quartiles, between two values where there is no middle one', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test('ratios pair the samples of one round', () => {
    expect(pairedRatios([1, 2, 4], [10, 30, 20])).toEqual([10, 15, 5]);
    expect(pairedRatios([], [10])).toEqual([]);
  });

  test('a contender has settled when eight batches bring nothing more, and not before two seconds', () => {
    const settled = [100, 60, 50, 49.5, 49, 49.2, 49.5, 49.3, 49.1, 49.2, 49.4];
    expect(hasSettled(settled, 2_100_000)).toBe(true);
    expect(hasSettled(settled, 1_500_000)).toBe(false);
    expect(hasSettled(settled.slice(0, 9), 2_100_000)).toBe(false);
    expect(hasSettled([100, 95, 90, 85, 80, 75, 70, 65, 60], 2_100_000)).toBe(false);
    // Another program's batch does not make it begin anew.
    expect(hasSettled([50, 50, 80, 50, 50, 50, 50, 50, 50], 2_100_000)).toBe(true);
    expect(hasSettled([50, 50, 50, 50, 50, 50, 50, 50], 2_100_000)).toBe(false);
  });

  test('a power is found back in its points', () => {
    const { exponent, scale } = powerFit([1, 10, 100, 1000].map((x) => [x, 3 * x ** 1.5] as const));
    expect(exponent).toBeCloseTo(1.5, 9);
    expect(scale).toBeCloseTo(3, 9);
  });
});

const family = defineBench({
  name: 'family',
  title: 'Do it.',
  sizes: mailSizes,
  setup: (size) => size,
  contenders: { ours: () => {}, peer: () => {}, platform: () => {} },
  native: ['platform'],
  goals: { peer: from('64KB', 2), platform: { '25MB': 0.5 } },
});

describe('bench harness: what a declaration stands for', () => {
  test('a bench of each size, with the goals of that size', () => {
    const cases = casesOf('some.bench.mjs', family);
    expect(cases.map(({ name }) => name)).toEqual([
      'family/64B',
      'family/1KB',
      'family/64KB',
      'family/1MB',
      'family/25MB',
    ]);
    expect(cases.map(({ goals }) => goals)).toEqual([
      {},
      {},
      { peer: 2 },
      { peer: 2 },
      { peer: 2, platform: 0.5 },
    ]);
    expect(cases.map(({ size, amount }) => [size, amount])).toEqual(mailSizes.map((size) => [size, size]));
  });

  test('what counts other things than octets is named by the number', () => {
    expect(labelOf(1000, 'recipients')).toBe('1000');
    expect(labelOf(1536)).toBe('1536B');
    expect(labelOf(2 ** 30)).toBe('1GB');
  });

  test('a contender that is too slow for more is measured up to a size, and has no goal beyond', () => {
    const cases = casesOf('some.bench.mjs', { ...family, upTo: { peer: '64KB' } });
    const peer = cases.map(({ contenders, goals }) => [contenders.includes('peer'), goals['peer']]);
    expect(peer).toEqual([
      [true, undefined],
      [true, undefined],
      [true, 2],
      [false, undefined],
      [false, undefined],
    ]);
    expect(cases.at(-1)?.contenders).toEqual(['ours', 'platform']);
  });

  test('a goal or a mark for what is not measured is a mistake', () => {
    expect(() => casesOf('x', { ...family, goals: { other: 2 } })).toThrow('other');
    expect(() => casesOf('x', { ...family, native: ['other'] })).toThrow('other');
    expect(() => casesOf('x', { ...family, upTo: { other: '1MB' } })).toThrow('other');
    expect(() => casesOf('x', { ...family, goals: { peer: from('many', 2) } })).toThrow('many');
    expect(() => casesOf('x', { ...family, contenders: { peer: () => {} }, native: [], goals: {} })).toThrow(
      'ours',
    );
  });

  test('every bench of the project is declared well, under a name of its own', async () => {
    const names = (await loadBenches()).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+(\/\d+[KMG]?B?)?$/);
  });
});

const result = {
  name: 'family/64KB',
  family: 'family',
  label: '64KB',
  title: 'Do it.',
  amount: 65_536,
  unit: 'octets',
  date: '2026-01-02',
  machine: 'a machine',
  node: '20.1.0',
  processes: 3,
  rounds: 5,
  leadIn: true,
  lines: [
    { contender: 'ours', microseconds: 100 },
    { contender: 'peer', version: '1.2', microseconds: 150, ratio: 1.5, goal: 2 },
    { contender: 'platform', native: true, microseconds: 40, ratio: 0.4, goal: 0.5 },
    { contender: 'absent', goal: 3, failure: 'it is not there' },
  ],
};

describe('bench harness: the gate', () => {
  test('holds to goals over JavaScript alone, and a peer that did not run reaches none', () => {
    const { held, missed } = judge(result);
    expect(held.map(({ contender }) => contender)).toEqual(['peer', 'absent']);
    expect(missed.map(({ contender }) => contender)).toEqual(['peer', 'absent']);
    expect(judge({ ...result, lines: [{ contender: 'peer', ratio: 2, goal: 2 }] }).missed).toEqual([]);
  });

  test('measures ours and the peers it holds us to, and nothing else', () => {
    const contenders = { ours() {}, peer() {}, limit() {}, other() {} };
    const common = { name: 'some', title: 'Some.', setup() {}, contenders, native: ['limit'] };
    const [held] = casesOf('some.bench.mjs', defineBench({ ...common, goals: { peer: 2, limit: 1 } }));
    expect(gated(held!)?.contenders).toEqual(['ours', 'peer']);
    const [free] = casesOf('some.bench.mjs', defineBench({ ...common, goals: { limit: 1 } }));
    expect(gated(free!)).toBeUndefined();
  });

  test.each([
    [[true, true], true, 2],
    [[false, false], false, 2],
    [[true, false, true], true, 3],
    [[false, true, false], false, 3],
  ] as const)('of tries that end so: %j, the gate makes %j', async (outcomes, expected, tries) => {
    let at = 0;
    expect(await twoOfThree(async () => outcomes[at++] ?? false)).toBe(expected);
    expect(at).toBe(tries);
  });
});

describe('bench harness: the page', () => {
  test('one table for a family, rates and ratios in it, goals told', () => {
    const text = page([result, { ...result, name: 'family/1MB', label: '1MB', amount: 2 ** 20 }]);
    expect(text).toContain('| size | ours | peer 1.2 | platform † | absent |');
    expect(text).toContain(
      '| 64KB | 655 MB/s | 437 MB/s: 1.50× (≥ 2× missed) | 1638 MB/s: 0.400× (≥ 0.5× missed) | not run: it is not there |',
    );
    expect(text).toContain(
      'Node 20: 0 of 4 goals over peers in JavaScript are reached, and 0 of 2 over native',
    );
    expect(text.match(/^## /gm)?.length).toBe(1);
  });

  test('what has no result is named, for each Node, and which of its sizes', () => {
    const other = { ...result, name: 'other', family: 'other', node: '24.3.0' };
    const small = { name: result.name, family: 'family', label: '64KB' };
    const known = [small, { name: 'family/1MB', family: 'family', label: '1MB' }, other];
    const text = page([result, other], known);
    expect(text.match(/No result is kept of .*/g)).toEqual([
      'No result is kept of family (1MB), other.',
      'No result is kept of family.',
    ]);
    expect(page([result], [small])).not.toContain('No result');
  });

  test('what was measured of earlier code says so', () => {
    const text = page([
      result,
      { ...result, name: 'family/1MB', amount: 2 ** 20, earlier: '6 s of warm-up' },
    ]);
    expect(text).toContain('Of earlier code, and not measured anew since: family/1MB.');
    expect(text.match(/5 rounds; of earlier code, by earlier benches \(6 s of warm-up\)\.$/gm)?.length).toBe(
      1,
    );
    expect(page([result])).not.toContain('earlier');
  });

  test('what was measured without lead-in says so', () => {
    const { leadIn: _, ...without } = { ...result, name: 'family/1MB', amount: 2 ** 20 };
    expect(page([result, without]).match(/5 rounds, without lead-in\.$/gm)?.length).toBe(1);
    expect(page([{ ...without, cold: true }])).not.toContain('lead-in.');
  });

  test('one Node beside the other', () => {
    const text = page([result, { ...result, node: '24.3.0' }]);
    expect(text.match(/^\| 64KB /gm)?.length).toBe(2);
    expect(text).toContain('Node 24.3.0; 3 processes × 5 rounds.');
  });

  test('a bench without sizes has a row for each contender', () => {
    const { label: _, ...single } = { ...result, name: 'family', unit: 'wraps', amount: 1000 };
    expect(table([single])).toContain('10,000,000 wraps/s');
    expect(page([single])).toContain('| peer 1.2 | 150 µs | 6,666,667 wraps/s | 1.50× | ≥ 2× missed |');
  });

  test('new results take the place of the old, and what is no bench any more goes', () => {
    const old = [result, { ...result, name: 'gone' }, { ...result, node: '24.1.0' }];
    const newer = { ...result, node: '20.9.0', date: '2026-02-03' };
    const merged = merge(old, [newer], new Set(['family/64KB']));
    expect(merged.map(({ name, node }) => [name, node])).toEqual([
      ['family/64KB', '20.9.0'],
      ['family/64KB', '24.1.0'],
    ]);
  });

  test('what was measured too shortly goes, however it came in', () => {
    const known = new Set(['family/64KB']);
    expect(merge([{ ...result, processes: 1, rounds: 15 }], [], known)).toEqual([]);
    expect(merge([{ ...result, processes: 3, rounds: 4 }], [], known)).toEqual([]);
    expect(merge([result], [], known)).toHaveLength(1);
  });
});

const arePeersInstalled = existsSync(
  new URL('../../bench/peers/node_modules/encoding-japanese', import.meta.url),
);

/** Relative to the folder of the benches, where the processes look. */
const file = '../test/tools/sample.bench.mjs';

describe('bench harness: a measurement', () => {
  const options = { processes: 1, rounds: 2, warmUp: 0.01, program: process.execPath };

  /** The lines of the sample, by contender. */
  async function sample(name: string, given = options) {
    const [bench] = await loadBenches(name, file);
    const result = await measure(bench!, given);
    return { result, lines: Object.fromEntries(result.lines.map((line) => [line.contender, line])) };
  }

  describeWith('encoding-japanese in bench/peers', arePeersInstalled, () => {
    test('of the project’s own benches, in processes of their own', async () => {
      const [bench] = await loadBenches('iso2022jp-decode-subject');
      const found = await measure(bench!, options);
      expect(found.lines.map(({ failure }) => failure)).toEqual(found.lines.map(() => undefined));
      expect(found.lines[0]?.microseconds).toBeGreaterThan(0);
      expect(found.lines[1]?.ratio).toBeGreaterThan(0);
      expect(found.lines[1]?.goal).toBe(1);
    }, 60_000);
  });

  test('gives setup the size, waits for promises, and takes the figure of one that measures itself', async () => {
    const { result, lines } = await sample('sample-size/1KB');
    expect(result.amount).toBe(1024);
    expect(lines['ours']?.failure).toBeUndefined();
    expect(lines['waits']?.failure).toBeUndefined();
    expect(lines['measures itself']).toMatchObject({ microseconds: 1234, version: '5.6' });
  }, 60_000);

  test('is of a process at work: what waking up takes is not measured', async () => {
    const { result, lines } = await sample('sample-asleep');
    expect(lines['ours']?.microseconds).toBe(100);
    expect(result.leadIn).toBe(true);
  }, 60_000);

  test('tells why a contender has no figure, and measures the others', async () => {
    const { lines } = await sample('sample-failures');
    expect(lines['wrong']?.failure).toBe('the answer is wrong');
    expect(lines['dies']?.failure).toBe('its process ended with 7');
    expect(lines['fine']?.ratio).toBeGreaterThan(0);
  }, 60_000);

  test('of first calls has a fresh process for each', async () => {
    const { lines } = await sample('sample-cold');
    // It fails at its second call.
    expect(lines['ours']?.failure).toBeUndefined();
    expect(lines['ours']?.microseconds).toBeGreaterThan(0);
  }, 60_000);

  test('goes on without a contender that fails in its turn', async () => {
    const { lines } = await sample('sample-late', { ...options, rounds: 3 });
    const failures = Object.fromEntries(Object.entries(lines).map(([name, { failure }]) => [name, failure]));
    expect(failures).toEqual({
      ours: undefined,
      'wrong later': 'the answer is wrong',
      'dies later': 'its process ended with 7',
      'is killed later': 'its process ended with SIGKILL',
      'dies between turns': 'its process ended with 8',
      fine: undefined,
    });
    expect(lines['fine']?.ratio).toBeGreaterThan(0);
  }, 60_000);

  test('by the clock counts waiting, and of CPU time does not', async () => {
    const [wall, cpu] = [await sample('sample-clock-wall'), await sample('sample-clock-cpu')];
    expect(wall.lines['ours']?.microseconds).toBe(25_000);
    expect(cpu.lines['ours']?.microseconds).toBe(3000);
  }, 60_000);
});
