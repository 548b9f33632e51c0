// The result of `audit` as text of at most 80 columns, and its goals.

import { verdictOf } from "./goals.mjs";

/** @typedef {import("./audit.mjs").Result} Result */

/** @param {Result} result */
export function reportOf(result) {
  const { trivial, build, append, verify, rounds } = result;
  return [
    `Whole processes in turns, medians; ${rounds} rounds of the trivial command.`,
    columns("", ["without", "with", "added", "CPU added"]),
    row("trivial command, ms", trivial),
    row(`build, ${build.executed} executed, ms`, build),
    "",
    `appended: ${append.perSecond} events a second, ${append.batch} on the disk at a time`,
    `verified: ${verify.events} events in ${(verify.ms / 1000).toFixed(2)} s`,
    "",
    "Goals",
    ...goalsOf(result).map((goal) => {
      const measured = goal.measured === undefined ? "" : `${goal.measured.toFixed(2)} ${goal.unit}`;
      return `${verdictOf(goal).padEnd(14)}${goal.goal.padEnd(50)}${measured}`.trimEnd();
    }),
  ].join("\n");
}

/**
 * @param {Result} result
 * @returns {import("./goals.mjs").Goal[]}
 */
function goalsOf({ trivial, build, verify }) {
  return [
    {
      goal: "trivial run: at most 3 ms more",
      limit: 3,
      unit: "ms",
      measured: trivial.withMs - trivial.withoutMs,
    },
    {
      goal: "build: at most 3% longer",
      limit: 3,
      unit: "%",
      measured: (build.withMs / build.withoutMs - 1) * 100,
    },
    {
      goal: "a million events verified in at most 5 s",
      limit: 5,
      unit: "s",
      measured: (verify.ms / 1000) * (1_000_000 / verify.events),
    },
  ];
}

/** @param {string} name @param {import("./audit.mjs").Pair} pair */
function row(name, { withoutMs, withMs, withoutCpuMs, withCpuMs }) {
  const added = withMs - withoutMs;
  return columns(name, [
    withoutMs.toFixed(1),
    withMs.toFixed(1),
    `${added.toFixed(1)} ${((added / withoutMs) * 100).toFixed(0)}%`,
    (withCpuMs - withoutCpuMs).toFixed(1),
  ]);
}

/** @param {string} first @param {readonly string[]} others */
function columns(first, others) {
  return (first.padEnd(30) + others.map((text) => text.padStart(12)).join("")).trimEnd();
}
