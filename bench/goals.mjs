// What the project promises of its speed, against what was measured. A goal that cannot be measured is said to be so.

/**
 * @typedef {object} Goal
 * @property {string} goal
 * @property {number} limit
 * @property {number | undefined} measured undefined where something that it compares is missing
 * @property {number | undefined} [ofMinima] the same of the fastest rounds, which a busy machine changes less
 * @property {string} unit
 *
 * @typedef {object} Measurements
 * @property {(name: string) => import("./statistics.mjs").Statistics | undefined} wallOf a contender's, ms
 * @property {number | undefined} peakMb of the waiting `nono run`
 * @property {readonly import("./library.mjs").Comparison[] | undefined} library
 */

/**
 * @param {Measurements} measurements
 * @returns {Goal[]}
 */
export function goalsOf({ wallOf, peakMb, library }) {
  /**
   * @param {string} name
   * @param {string} other
   * @param {number} limit
   * @returns {Goal}
   */
  const ratio = (name, other, limit) => {
    const goal = { goal: `${name}: at most ${limit} times ${other}`, limit, unit: "times" };
    const [own, others] = [wallOf(name), wallOf(other)];
    if (own === undefined || others === undefined) return { ...goal, measured: undefined };
    return { ...goal, measured: own.median / others.median, ofMinima: own.min / others.min };
  };
  return [
    ratio("nono wrap", "bwrap", 2),
    ratio("nono run", "bwrap", 3),
    ratio("nono wrap", "bwrap, files only", 2),
    ratio("nono run", "bwrap, files only", 3),
    ratio("nono run", "sandbox-runtime", 0.1),
    {
      goal: "library spawn: at most 1.5 times Node's",
      limit: 1.5,
      measured: library && Math.max(...library.map(({ nodeMs, nonoMs }) => nonoMs.median / nodeMs.median)),
      ofMinima: library && Math.max(...library.map(({ nodeMs, nonoMs }) => nonoMs.min / nodeMs.min)),
      unit: "times",
    },
    { goal: "waiting nono run: at most 60 MB resident", limit: 60, measured: peakMb, unit: "MB" },
  ];
}

/** @param {Goal} goal */
export function verdictOf({ measured, limit }) {
  if (measured === undefined) return "not measured";
  return measured <= limit ? "met" : "not met";
}
