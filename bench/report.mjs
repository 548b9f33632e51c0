// The result of `start` as text of at most 80 columns.

import { BARE } from "./contenders.mjs";
import { verdictOf } from "./goals.mjs";

const WIDTH = 80;

/** What the times are ratios of, and the head of that column. */
const REFERENCES = [
  [BARE, "/bare"],
  ["bwrap", "/bwrap"],
  ["sandbox-runtime", "/srt"],
];

/**
 * @param {import("./start.mjs").Result} result
 * @returns {string}
 */
export function reportOf(result) {
  const { machine, rounds, contenders, leftOut } = result;
  return [
    `One static command that does nothing, whole process, ${rounds} rounds in turns.`,
    `Linux ${machine.kernel}, ${machine.cores} cores, Node ${machine.node}, as ${machine.user}.`,
    "",
    ...timesOf(contenders),
    ...leftOut.flatMap(({ name, why }) => wrapped(`left out: ${name}: ${why}`)),
    "",
    ...memoryOf(contenders),
    ...libraryOf(result.library),
    "Goals, by the median (and by the fastest round)",
    ...result.goals.map(goalLine),
  ].join("\n");
}

/** @param {readonly import("./start.mjs").Row[]} rows */
function timesOf(rows) {
  const medians = new Map(rows.map(({ name, wallMs }) => [name, wallMs.median]));
  const references = REFERENCES.map(([name = "", head]) => ({ median: medians.get(name), head }));
  return [
    columns("ms", ["median", "min", "p90", "cpu", ...references.map(({ head }) => head)]),
    ...rows.map(({ name, version, wallMs, cpuMs }) =>
      columns(`${name} ${version}`, [
        ...[wallMs.median, wallMs.min, wallMs.p90, cpuMs].map(number),
        ...references.map(({ median }) => number(median && wallMs.median / median)),
      ]),
    ),
  ];
}

/** @param {readonly import("./start.mjs").Row[]} rows */
function memoryOf(rows) {
  return [
    "Memory while the command runs: the process that waits, and all beside the",
    "command, pages that they share counted once.",
    columns("MB", ["peak", "now", "all", "procs"]),
    ...rows.flatMap(({ name, memory }) => {
      if (memory === undefined) return [];
      const { peakMb, residentMb, treeMb, processes } = memory;
      return [columns(name, [number(peakMb), number(residentMb), number(treeMb), String(processes)])];
    }),
    "",
  ];
}

/** @param {import("./start.mjs").Result["library"]} library */
function libraryOf(library) {
  if (library === undefined) return ["left out: library spawn: it is not built: npm run build", ""];
  return [
    columns("spawn in Node, ms (ready: plan)", ["node", "nono", "ratio", "ready", "ratio"]),
    ...library.map(({ stdio, nodeMs, nonoMs, plannedMs }) =>
      columns(`stdio: ${stdio}`, [
        ...[nodeMs.median, nonoMs.median, nonoMs.median / nodeMs.median].map(number),
        ...[plannedMs.median, plannedMs.median / nodeMs.median].map(number),
      ]),
    ),
    "",
  ];
}

/** @param {import("./goals.mjs").Goal} goal */
function goalLine(goal) {
  const [median, minimum] = [goal.measured, goal.ofMinima].map((value) =>
    value === undefined ? "" : number(value),
  );
  const measured = minimum ? `${median} (${minimum})` : median;
  return `${verdictOf(goal).padEnd(14)}${goal.goal.padEnd(48)}${measured}${measured && ` ${goal.unit}`}`.trimEnd();
}

/**
 * @param {string} first
 * @param {readonly (string | undefined)[]} others
 */
function columns(first, others) {
  return first.padEnd(31) + others.map((text = "") => text.padStart(7)).join("");
}

/** Three digits are as many as the machine is steady for. @param {number | undefined} value */
function number(value) {
  if (value === undefined) return "-";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/**
 * Breaks a line at the spaces before column 80.
 *
 * @param {string} text
 * @returns {string[]}
 */
function wrapped(text) {
  if (text.length <= WIDTH) return [text];
  const at = text.lastIndexOf(" ", WIDTH);
  if (at <= 2) return [text];
  return [text.slice(0, at), ...wrapped(`  ${text.slice(at + 1)}`)];
}
