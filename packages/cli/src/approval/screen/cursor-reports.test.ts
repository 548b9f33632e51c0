import { expect, it } from "vitest";
import { questionsAt, reportsIn, unforeseenColumns } from "./cursor-reports.ts";

const report = (column: number) => `\u001b[24;${column}R`;

it("finds the reports that were asked for, and tells what was typed before from what was typed after", () => {
  const typed = `y${report(3)}${report(7)}n${report(3)}s${report(5)}q`;
  expect(reportsIn(typed, [7, 3, 5])).toEqual({
    position: { row: 24, column: 5 },
    before: `y${report(3)}ns`,
    after: "q",
  });
  expect(reportsIn(typed, undefined)).toMatchObject({ before: "y", position: { column: 3 } });
});

it("takes no list of places for them that a program has asked for before", () => {
  const sweep = Array.from({ length: 80 }, (_, index) => report(index + 1)).join("");
  expect(reportsIn(sweep.repeat(100), [40, 12, 77, 3])).toBeUndefined();
  expect(reportsIn(`${sweep}${[40, 12, 77].map(report).join("")}`, [40, 12, 77, 3])).toBeUndefined();
});

it("asks at so many places that nobody writes all the ways there are", () => {
  for (const columns of [0, 1, 2, 12, 80, 300]) {
    const places = unforeseenColumns(columns);
    for (const place of places) expect(place >= 1 && place <= Math.max(1, columns)).toBe(true);
    expect(places.length).toBeLessThanOrEqual(24);
    if (columns >= 4) expect(columns ** places.length).toBeGreaterThanOrEqual(2 ** 40);
  }
  expect(questionsAt([3, 9], 24)).toBe("\u001b[24;3H\u001b[6n\u001b[24;9H\u001b[6n");
});
