// What is said of a row of measurements.

/**
 * @typedef {object} Statistics
 * @property {number} median
 * @property {number} min
 * @property {number} p90 nine of ten are at most this
 */

/**
 * @param {readonly number[]} values at least one
 * @returns {Statistics}
 */
export function statisticsOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: quantile(sorted, 0), p90: quantile(sorted, 0.9) };
}

/**
 * Linear between the two nearest.
 *
 * @param {readonly number[]} sorted
 * @param {number} q from 0 to 1
 */
function quantile(sorted, q) {
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) throw new RangeError("no measurement");
  return below + (above - below) * (at - Math.floor(at));
}
