// The result of `audit` as text of at most 80 columns, and its goals.

import { verdictOf } from "./goals.mjs";

/** @typedef {import("./audit.mjs").Result} Result */

/** @param {Result} result */
export function reportOf(result) {
  const { trivial, build, append, verify, rounds } = result;
  return [
    `Whole processes in turns; ${rounds} rounds of the trivial command. Medians, of`,
    "what is added those of the rounds: both of a round meet the same machine.",
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
      measured: trivial.addedMs,
    },
    {
      goal: "build: at most 3% longer",
      limit: 3,
      unit: "%",
      measured: build.addedPart * 100,
    },
    {
      goal: "build: at most 3% more CPU time",
      limit: 3,
      unit: "%",
      measured: (build.addedCpuMs / build.cpuMs) * 100,
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
function row(name, { withoutMs, withMs, addedMs, addedPart, addedCpuMs }) {
  return columns(name, [
    withoutMs.toFixed(1),
    withMs.toFixed(1),
    `${addedMs.toFixed(1)} ${(addedPart * 100).toFixed(1)}%`,
    addedCpuMs.toFixed(1),
  ]);
}

/** @param {string} first @param {readonly string[]} others */
function columns(first, others) {
  return (first.padEnd(26) + others.map((text) => text.padStart(13)).join("")).trimEnd();
}
