// Lines on logarithmic axes, as SVG.

/**
 * @typedef {object} Curve
 * @property {string} label stands at its end
 * @property {readonly (readonly [x: number, y: number])[]} points
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} xTitle
 * @property {string} yTitle
 * @property {(value: number) => string} xLabel of a tick
 * @property {(value: number) => string} yLabel
 * @property {readonly number[]} xTicks from one end to the other
 * @property {readonly Curve[]} curves
 * @property {boolean} [guide] whether a dashed line shows what is linear
 */

/** Colours that are told apart by colour-blind people, too (Okabe and Ito), on white. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#000000', '#e69f00', '#56b4e9'];
const dashes = ['', '6 3', '2 3'];

const panelWidth = 520;
const panelHeight = 370;
const plot = { left: 66, top: 40, width: 290, height: 270 };

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** @param {number} value */
const round = (value) => String(Math.round(value * 10) / 10);

/**
 * Places of labels that shall not lie on one another, as near to where they are wanted as can be.
 *
 * @param {readonly number[]} wanted
 * @param {number} apart
 * @param {number} least
 * @param {number} most
 * @returns {number[]} in the order of `wanted`
 */
export function spread(wanted, apart, least, most) {
  const order = wanted.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at);
  const placed = order.map(({ at }) => Math.min(Math.max(at, least), most));
  for (let k = 1; k < placed.length; k++) {
    placed[k] = Math.max(placed[k] ?? 0, (placed[k - 1] ?? 0) + apart);
  }
  let limit = most;
  for (let k = placed.length - 1; k >= 0; k--, limit -= apart) placed[k] = Math.min(placed[k] ?? 0, limit);
  /** @type {number[]} */
  const result = [];
  for (const [k, { i }] of order.entries()) result[i] = placed[k] ?? 0;
  return result;
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {number[]} powers of ten from one at most `low` to one at least `high`, two of them at least
 */
export function powersOfTen(low, high) {
  // A little slack, since a logarithm of a power is not always whole.
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/**
 * @param {Panel} panel
 * @param {number} left
 * @param {number} top
 * @returns {string}
 */
function drawn({ title, xTitle, yTitle, xLabel, yLabel, xTicks: xs, curves, guide }, left, top) {
  const points = curves.flatMap((curve) => curve.points);
  const ys = powersOfTen(Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y)));
  /** @param {readonly number[]} all @param {number} value */
  const share = (all, value) => {
    const [low, high] = [Math.log(all[0] ?? 1), Math.log(all.at(-1) ?? 1)];
    return (Math.log(value) - low) / (high - low);
  };
  const x = (/** @type {number} */ value) => left + plot.left + share(xs, value) * plot.width;
  const y = (/** @type {number} */ value) => top + plot.top + (1 - share(ys, value)) * plot.height;
  const right = left + plot.left + plot.width;
  const bottom = top + plot.top + plot.height;
  const parts = [
    `<text x="${left + plot.left}" y="${top + 22}" class="title">${escaped(title)}</text>`,
    ...xs.flatMap((value) => [
      `<line x1="${round(x(value))}" x2="${round(x(value))}" y1="${top + plot.top}" y2="${bottom}" class="grid"/>`,
      `<text x="${round(x(value))}" y="${bottom + 17}" text-anchor="middle">${escaped(xLabel(value))}</text>`,
    ]),
    ...ys.flatMap((value) => [
      `<line x1="${left + plot.left}" x2="${right}" y1="${round(y(value))}" y2="${round(y(value))}" class="grid"/>`,
      `<text x="${left + plot.left - 6}" y="${round(y(value) + 4)}" text-anchor="end">${escaped(yLabel(value))}</text>`,
    ]),
    `<text x="${left + plot.left + plot.width / 2}" y="${bottom + 36}" text-anchor="middle">${escaped(xTitle)}</text>`,
    `<text x="${left + 14}" y="${top + plot.top + plot.height / 2}" text-anchor="middle" transform="rotate(-90 ${left + 14} ${top + plot.top + plot.height / 2})">${escaped(yTitle)}</text>`,
  ];
  if (guide) {
    // From the lower left corner with the slope of what is linear, as far as the panel goes.
    const [x0 = 1, y0 = 1] = [xs[0], ys[0]];
    const end = Math.min((xs.at(-1) ?? 1) / x0, (ys.at(-1) ?? 1) / y0);
    parts.push(
      `<line x1="${round(x(x0))}" y1="${round(y(y0))}" x2="${round(x(x0 * end))}" y2="${round(y(y0 * end))}" class="guide"/>`,
      `<text x="${round(x(x0 * end) - 6)}" y="${round(y(y0 * end) + 14)}" text-anchor="end" class="guide-text">linear</text>`,
    );
  }
  const ends = curves.map((curve) => y(curve.points.at(-1)?.[1] ?? 1));
  const labels = spread(ends, 14, top + plot.top + 4, bottom);
  for (const [i, { label, points: own }] of curves.entries()) {
    const colour = colours[i % colours.length];
    const dash = dashes[Math.floor(i / colours.length)];
    const style = `stroke="${colour}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;
    const path = own.map(([px, py]) => `${round(x(px))},${round(y(py))}`).join(' ');
    const lastX = x(own.at(-1)?.[0] ?? 1);
    const at = labels[i] ?? 0;
    parts.push(
      `<polyline points="${path}" class="curve" ${style}/>`,
      ...own.map(
        ([px, py]) => `<circle cx="${round(x(px))}" cy="${round(y(py))}" r="2.2" fill="${colour}"/>`,
      ),
      `<polyline points="${round(lastX + 3)},${round(ends[i] ?? 0)} ${right + 12},${round(at)} ${right + 16},${round(at)}" class="leader" stroke="${colour}"/>`,
      `<text x="${right + 19}" y="${round(at + 4)}" fill="${colour}">${escaped(label)}</text>`,
    );
  }
  return parts.join('\n');
}

/**
 * Panels, two in a row.
 *
 * @param {readonly Panel[]} panels
 * @param {string} description for those who do not see it
 * @returns {string}
 */
export function plotted(panels, description) {
  const width = 2 * panelWidth;
  const height = Math.ceil(panels.length / 2) * panelHeight;
  const all = panels.map((panel, i) => drawn(panel, (i % 2) * panelWidth, Math.floor(i / 2) * panelHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(description)}</title>
<style>
text { font: 11px sans-serif; }
.title { font-size: 14px; font-weight: bold; }
.grid { stroke: #dddddd; stroke-width: 1; }
.curve { fill: none; stroke-width: 1.8; }
.leader { fill: none; stroke-width: 0.6; }
.guide { stroke: #888888; stroke-width: 1.2; stroke-dasharray: 4 4; }
.guide-text { fill: #666666; font-style: italic; }
</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${all.join('\n')}
</svg>
`;
}
