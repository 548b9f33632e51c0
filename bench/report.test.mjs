import { describe, expect, it } from "vitest";
import { goalsOf } from "./goals.mjs";
import { reportOf } from "./report.mjs";

/** @param {number} ms */
const steady = (ms) => ({ median: ms, min: ms, p90: ms });

/** @type {import("./start.mjs").Row[]} */
const contenders = [
  ["bare", 0.5, undefined],
  ["nono wrap", 9, undefined],
  ["nono run", 12, { peakMb: 34, residentMb: 33, treeMb: 20, processes: 2 }],
  ["bwrap", 5, { peakMb: 2, residentMb: 2, treeMb: 1, processes: 2 }],
  ["codex sandbox, no Node", 120.4, { peakMb: 1000, residentMb: 900, treeMb: 1234.5, processes: 12 }],
].map(([name, ms, memory]) => ({
  name: String(name),
  version: "10.169.0",
  command: ["/still"],
  wallMs: steady(Number(ms)),
  cpuMs: Number(ms),
  peakMb: 1,
  memory: /** @type {import("./memory.mjs").Memory | undefined} */ (memory),
}));

/** @type {import("./library.mjs").Comparison[]} */
const library = [
  { stdio: "pipe", nodeMs: steady(1.2), nonoMs: steady(1.8), plannedMs: steady(1.5) },
  { stdio: "ignore", nodeMs: steady(1), nonoMs: { median: 1.6, min: 1.5, p90: 2 }, plannedMs: steady(1.2) },
];

/** @type {import("./start.mjs").Result} */
const result = {
  machine: { kernel: "6.18.0", cores: 2, node: "20.19.0", user: "root" },
  rounds: 40,
  contenders,
  leftOut: [{ name: "sandbox-runtime", why: "npm cannot install it: ".concat("a long reason ".repeat(12)) }],
  library,
  goals: goalsOf({
    wallOf: (name) => contenders.find((row) => row.name === name)?.wallMs,
    peakMb: 34,
    library,
  }),
};

describe("the report", () => {
  it("has lines of at most 80 columns", () => {
    const lines = reportOf(result).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("says what was left out, and why", () => {
    expect(reportOf(result)).toContain("left out: sandbox-runtime: npm cannot install it: a long reason");
  });

  it("says of every goal whether it was met", () => {
    const goals = reportOf(result)
      .split("\nGoals, by the median (and by the fastest round)\n")[1]
      ?.split("\n")
      .map((line) => line.replace(/\s{2,}/g, "  "));
    expect(goals).toEqual([
      "met  nono wrap: at most 2 times bwrap  1.80 (1.80) times",
      "met  nono run: at most 3 times bwrap  2.40 (2.40) times",
      "not measured  nono wrap: at most 2 times bwrap, files only",
      "not measured  nono run: at most 3 times bwrap, files only",
      "not measured  nono run: at most 0.1 times sandbox-runtime",
      "not met  library spawn: at most 1.5 times Node's  1.60 (1.50) times",
      "met  waiting nono run: at most 60 MB resident  34.0 MB",
    ]);
  });
});
