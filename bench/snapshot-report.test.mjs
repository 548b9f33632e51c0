import { expect, it } from "vitest";
import { goalsOf, reportOf } from "./snapshot-report.mjs";

/** @param {number} first @param {number} second @param {number} changed @param {number} restore */
const ms = (first, second, changed, restore) => ({ first, second, changed, restore });

/** @type {import("./snapshot.mjs").Result} */
const result = {
  files: 20_000,
  bytes: 150e6,
  rounds: 5,
  changedBytes: 10e6,
  rows: [
    { name: "stat walk (find)", version: "", ms: { second: 60 }, bytes: undefined },
    { name: "hashing all (sha256sum)", version: "", ms: { first: 600 }, bytes: undefined },
    { name: "cp -r", version: "", ms: { restore: 700 }, bytes: undefined },
    { name: "nono", version: "", ms: ms(720, 120, 200, 800), bytes: { one: 150e6, ten: 168e6 } },
    { name: "git add -A", version: "2.39.5", ms: ms(5000, 70, 300, 900), bytes: { one: 90e6, ten: 99e6 } },
  ],
};

it("measures what is promised, and says what was not measured", () => {
  const verdicts = new Map(goalsOf(result).map(({ goal, measured }) => [goal, measured]));
  expect(verdicts.get("first baseline: at most 1.3 times hashing all")).toBeCloseTo(1.2);
  expect(verdicts.get("second baseline: at most 2.5 times a stat walk")).toBeCloseTo(2);
  expect(verdicts.get("restore: at most once cp -r")).toBeCloseTo(8 / 7);
  expect(verdicts.get("ten sessions: at most 1.1 times one and changes")).toBeCloseTo(1.05);
  expect(verdicts.get("second: at most once git add -A")).toBeCloseTo(12 / 7);
  expect(verdicts.get("first: at most once borg")).toBeUndefined();
});

it("fits on 80 columns", () => {
  const lines = reportOf(result).split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^nono +720 +120 +200 +800 +150 +168$/));
});
