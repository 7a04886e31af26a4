// A bench of the tests of the harness.

import { defineBench } from '../../bench/bench.mjs';

let calls = 0;

/**
 * The clocks are this bench's own, so that what they tell is the same on a busy machine.
 *
 * @param {'cpu' | 'wall'} clock
 */
const waiting = (clock) =>
  defineBench({
    name: `sample-clock-${clock}`,
    title: 'Wait for 25 ms, and work for 1 ms and for 2 ms in the system.',
    setup() {
      const now = { user: 0, system: 0, wall: 0n };
      Object.assign(process, { cpuUsage: () => ({ ...now }) });
      Object.assign(process.hrtime, { bigint: () => now.wall });
      return now;
    },
    contenders: {
      async ours(now) {
        await Promise.resolve();
        now.wall += 25_000_000n;
        now.user += 1000;
        now.system += 2000;
      },
    },
    clock,
    cold: true,
  });

/** @type {unknown} what this process is asked to do */
let asked;
let isDying = false;

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
  defineBench({
    name: 'sample-late',
    title: 'Fail when warm.',
    setup() {
      process.on('message', (wanted) => {
        asked = wanted;
      });
    },
    contenders: {
      ours() {},
      'wrong later'() {
        if (asked === 'batch') throw new Error('the answer is wrong');
      },
      'dies later'() {
        if (asked === 'batch') process.exit(7);
      },
      'is killed later'() {
        if (asked === 'batch') process.kill(process.pid, 'SIGKILL');
      },
      'dies between turns'() {
        if (asked !== 'batch' || isDying) return;
        // Once: a batch has millions of calls.
        isDying = true;
        setImmediate(() => process.exit(8));
      },
      fine() {},
    },
  }),
  defineBench({
    name: 'sample-asleep',
    title: 'Take 100 µs, but a thousand seconds for the first call after a wait.',
    setup() {
      const now = { user: 0, system: 0, isAsleep: false };
      Object.assign(process, { cpuUsage: () => ({ ...now }) });
      process.on('message', (wanted) => {
        now.isAsleep = wanted === 'batch';
      });
      return now;
    },
    contenders: {
      ours(now) {
        now.user += now.isAsleep ? 1e9 : 100;
        now.isAsleep = false;
      },
    },
  }),
  waiting('wall'),
  waiting('cpu'),
];
