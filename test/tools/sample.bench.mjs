// A bench of the tests of the harness.

import { setTimeout } from 'node:timers/promises';
import { defineBench } from '../../bench/bench.mjs';

let calls = 0;

/** @param {'cpu' | 'wall'} clock */
const waiting = (clock) =>
  defineBench({
    name: `sample-clock-${clock}`,
    title: 'Wait for 25 ms.',
    setup: () => undefined,
    contenders: { ours: () => setTimeout(25) },
    clock,
    // One call: batches that are long by CPU time would wait for ever.
    cold: true,
  });

export default [
  defineBench({
    name: 'sample-size',
    title: 'Take octets of the size.',
    sizes: [64, 1024],
    setup: (size) => new Uint8Array(size),
    contenders: {
      ours(octets) {
        if (octets.length !== 1024) throw new Error('it has another size');
      },
      waits: (octets) => Promise.resolve(octets.length),
      'measures itself': () => ({ microseconds: 1234 }),
    },
    versions: () => ({ 'measures itself': '5.6' }),
  }),
  defineBench({
    name: 'sample-failures',
    title: 'Fail in each way.',
    setup: () => undefined,
    contenders: {
      ours() {},
      wrong() {
        throw new Error('the answer is wrong');
      },
      dies() {
        process.exit(7);
      },
      fine() {},
    },
  }),
  defineBench({
    name: 'sample-cold',
    title: 'Be called once.',
    setup: () => undefined,
    contenders: {
      ours() {
        calls++;
        if (calls > 1) throw new Error('it is called again');
        let sum = 0;
        for (let i = 0; i < 1e5; i++) sum += i;
        return sum;
      },
    },
    cold: true,
  }),
  waiting('wall'),
  waiting('cpu'),
];
