import fc from "fast-check";
import type { Change } from "nono-ts";
import { expect, it } from "vitest";
import type { Candidate } from "../rollback/review/candidate.ts";
import { press } from "../rollback/review/press.ts";
import { type Page, type Review, reviewOf } from "../rollback/review/review.ts";
import { columnsOf } from "../terminal/fit.ts";
import { fitted, heightOf, renderReview } from "./rollback-review.ts";

const aName = fc
  .string({
    unit: fc.constantFrom("a", "b", "\n", "\u001b", "[2J", "\u202e", "世", "\udc80", " "),
    minLength: 1,
  })
  .filter((name) => !name.includes("/"));

const aCandidate = fc
  .record({
    path: fc.array(aName, { minLength: 1, maxLength: 4 }).map((names) => `/w/${names.join("/")}`),
    kind: fc.constantFrom("added", "deleted", "modified", "mode") satisfies fc.Arbitrary<Change["kind"]>,
    directory: fc.boolean(),
    conflict: fc.constantFrom(undefined, "changed" as const),
    isLater: fc.boolean(),
  })
  .map(({ path, kind, directory, conflict, isLater }): Candidate => {
    const common = { path, mode: 0o644, uid: 0, gid: 0, modified: 0n, attributes: [] };
    const one = directory
      ? ({ ...common, type: "directory" } as const)
      : ({ ...common, type: "link", target: path } as const);
    const change = {
      path,
      kind,
      before: kind === "added" ? undefined : one,
      after: kind === "deleted" ? undefined : one,
    };
    const later = isLater ? { change, why: "make runs it", details: [path] } : undefined;
    return { change, conflict, later };
  });

const candidates = fc.uniqueArray(aCandidate, { selector: ({ change }) => change.path, maxLength: 30 });

const STROKES = " adhjklrfugGqynp-+".split("").concat("up", "down", "left", "right", "page-up", "page-down");
const aStroke = fc.constantFrom(...STROKES, "first", "last", "enter", "escape", "other");
const aRoom = fc.record({ rows: fc.integer({ min: 1, max: 40 }), columns: fc.integer({ min: 1, max: 120 }) });

const PAGE: Page = {
  kind: "diff",
  title: "/w/a",
  source: [
    { text: "#".repeat(300), tone: "title" },
    { text: "+ 世界".repeat(40), tone: "added" },
    { text: "", tone: "plain" },
  ],
  lines: [],
  columns: 0,
  top: 0,
  wish: undefined,
};

function next(review: Review, stroke: string, room: { rows: number; columns: number }): Review {
  const shown = fitted(review, room);
  const reaction = press(shown, stroke, heightOf(shown, room));
  if (reaction.does === "show") return reaction.review;
  if (reaction.does === "compare") return { ...reaction.review, page: PAGE };
  if (reaction.does === "plan") return { ...shown, page: { ...PAGE, kind: "plan", wish: reaction.wish } };
  return shown;
}

const HEADING = { session: "20260216-193311-20751", command: "sh -c true", to: 0, overlaps: [] };

it("fills the room whatever is typed, with the cursor in it, and with nothing of the session raw", () =>
  fc.assert(
    fc.property(candidates, fc.array(fc.tuple(aStroke, aRoom), { maxLength: 30 }), (all, steps) => {
      let review = reviewOf(["/w"], all);
      for (const [stroke, room] of steps) {
        review = next(review, stroke, room);
        const shown = fitted(review, room);
        const rows = renderReview(shown, HEADING, room, { colour: true });
        expect(rows.length).toBeLessThanOrEqual(room.rows);
        for (const row of rows) {
          const plain = row.replace(/\u001b\[[0-9]{1,2}m/g, "");
          expect(plain).not.toMatch(/\p{Cc}|\u202e|\p{Cs}/u);
          expect(columnsOf(plain)).toBeLessThanOrEqual(Math.max(2, room.columns));
        }
        if (shown.page !== undefined || shown.rows.length === 0) continue;
        expect(shown.cursor).toBeGreaterThanOrEqual(shown.top);
        expect(shown.cursor).toBeLessThan(shown.top + heightOf(shown, room));
        if (room.rows > 2 && room.columns > 1)
          expect(rows.filter((row) => row.includes(">") && row.includes("\u001b[7m"))).toHaveLength(1);
      }
    }),
  ));

it("names the sessions that were at work meanwhile", () => {
  const room = { rows: 24, columns: 80 };
  const heading = { ...HEADING, overlaps: ["20260216-193312-20752"] };
  const rows = renderReview(fitted(reviewOf(["/w"], []), room), heading, room, { colour: false });
  expect(rows[1]).toBe("also changes of 20260216-193312-20752, which ran meanwhile");
});

it("says how much there is to take back also where there is little room", () => {
  const [first, second] = [80, 40].map((columns) => {
    const room = { rows: 24, columns };
    return renderReview(fitted(reviewOf(["/w"], []), room), HEADING, room, { colour: false }).slice(0, 2);
  });
  expect(first).toEqual([`session ${HEADING.session}: 0 changes to take back`, "sh -c true"]);
  expect(second).toEqual(["0 changes to take back", expect.stringMatching(/^session .*true$/)]);
});

it("shows all of a long line, in as many rows as it takes", () => {
  const room = { rows: 24, columns: 40 };
  const review = fitted({ ...reviewOf(["/w"], []), page: PAGE }, room);
  const rows = renderReview(review, HEADING, room, { colour: false }).join("");
  expect(rows.match(/#/g)).toHaveLength(300);
});
