// What is worked out from samples: medians, ratios, and whether a contender is warm.

/**
 * @param {readonly number[]} values
 * @param {number} part 0.5 for the median
 * @returns {number}
 */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/**
 * The ratios of a peer to ours, round by round.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} peer
 * @returns {number[]}
 */
export function pairedRatios(ours, peer) {
  return peer.flatMap((time, round) => {
    const own = ours[round];
    return own === undefined ? [] : [time / own];
  });
}

const leastWarmUp = 2_000_000;
const gain = 0.97;
const lastBatches = 8;

/**
 * Whether a contender is as fast as it gets: two seconds have been spent, and
 * the last eight batches, half a second, have not beaten those before by three
 * per cent. With 0.6 seconds and three batches, jobs of much code were taken for
 * warm at 1.4 to 3 times the time that they came down to a second later: the
 * compilers' time is in the first batches, and makes them uneven.
 *
 * @param {readonly number[]} batches the time of a call in each batch of full length
 * @param {number} spent microseconds
 * @param {number} [least] of them
 * @returns {boolean}
 */
export function hasSettled(batches, spent, least = leastWarmUp) {
  if (batches.length <= lastBatches || spent < least) return false;
  return Math.min(...batches.slice(-lastBatches)) > Math.min(...batches.slice(0, -lastBatches)) * gain;
}

/**
 * The line through points of which both coordinates are taken as logarithms:
 * `y = scale × x^exponent`.
 *
 * @param {readonly (readonly [x: number, y: number])[]} points
 * @returns {{ exponent: number, scale: number }}
 */
export function powerFit(points) {
  const logs = points.map(([x, y]) => /** @type {const} */ ([Math.log(x), Math.log(y)]));
  const mean = (/** @type {0 | 1} */ at) => logs.reduce((sum, each) => sum + each[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let product = 0;
  let square = 0;
  for (const [x, y] of logs) {
    product += (x - meanX) * (y - meanY);
    square += (x - meanX) ** 2;
  }
  const exponent = product / square;
  return { exponent, scale: Math.exp(meanY - exponent * meanX) };
}
