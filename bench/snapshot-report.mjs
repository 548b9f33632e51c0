// The result of `snapshot` as text of at most 80 columns, and its goals.

import { verdictOf } from "./goals.mjs";

/** @typedef {import("./snapshot.mjs").Result} Result */
/** @typedef {import("./snapshot.mjs").Step} Step */

const STEPS = /** @type {const} */ (["first", "second", "changed", "restore"]);

/** @param {Result} result */
export function reportOf(result) {
  const { files, bytes, rounds, rows, changedBytes } = result;
  return [
    `${files} files, ${megabytes(bytes)} MB, whole processes, medians of ${rounds} round${rounds === 1 ? "" : "s"}.`,
    columns("", [...STEPS.map((step) => `${step} ms`), "MB", "MB of 10"]),
    ...rows.map(({ name, version, ms, bytes: size }) =>
      columns(`${name} ${version}`, [
        ...STEPS.map((step) => (ms[step] === undefined ? "" : ms[step].toFixed(0))),
        size ? megabytes(size.one) : "",
        size ? megabytes(size.ten) : "",
      ]),
    ),
    `Between the ten sessions ${megabytes(changedBytes)} MB were written anew.`,
    "",
    "Goals",
    ...goalsOf(result).map((goal) => {
      const measured = goal.measured === undefined ? "" : `${goal.measured.toFixed(2)} times`;
      return `${verdictOf(goal).padEnd(14)}${goal.goal.padEnd(50)}${measured}`.trimEnd();
    }),
  ].join("\n");
}

/**
 * @param {Result} result
 * @returns {import("./goals.mjs").Goal[]}
 */
export function goalsOf({ rows, changedBytes }) {
  /** @param {string} name */
  const row = (name) => rows.find((candidate) => candidate.name.startsWith(name));
  const own = row("nono");
  /** @param {string} goal @param {number} limit @param {Step} step @param {string} other */
  const ratio = (goal, limit, step, other) => {
    const [a, b] = [own?.ms[step], row(other)?.ms[step]];
    return { goal, limit, unit: "times", measured: a === undefined || b === undefined ? undefined : a / b };
  };
  const size = own?.bytes;
  return [
    ratio("first baseline: at most 1.3 times hashing all", 1.3, "first", "hashing"),
    ratio("second baseline: at most 2.5 times a stat walk", 2.5, "second", "stat walk"),
    ratio("restore: at most once cp -r", 1, "restore", "cp -r"),
    {
      goal: "ten sessions: at most 1.1 times one and changes",
      limit: 1.1,
      unit: "times",
      measured: size && size.ten / (size.one + changedBytes),
    },
    ...["git", "restic", "borg"].flatMap((peer) =>
      STEPS.map((step) => ratio(`${step}: at most once ${row(peer)?.name ?? peer}`, 1, step, peer)),
    ),
  ];
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}

/** @param {string} first @param {readonly string[]} others */
function columns(first, others) {
  return (first.trim().padEnd(24) + others.map((text) => text.padStart(9)).join("")).trimEnd();
}
