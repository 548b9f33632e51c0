// Which of a session's changes somebody looks at and picks: a value, and what each key makes of it.

import { treeOf } from "../changes-tree.ts";
import { isAtOrBelow } from "../paths.ts";
import type { Candidate } from "./candidate.ts";
import { type Row, rowsOf } from "./rows.ts";

/** `tone`: how it is painted, where anything is. `text`: fit for a terminal, but for its length. */
export type PageLine = Readonly<{ text: string; tone: "plain" | "title" | "added" | "removed" }>;

/** A text over the list: what changed in a file, or what a restore would do. */
export type Page = Readonly<{
  kind: "diff" | "plan";
  title: string;
  source: readonly PageLine[];
  /** The same in rows of so many columns. */
  lines: readonly PageLine[];
  columns: number;
  /** The first row that is shown, of those that fit. */
  top: number;
  /** Of a plan: what it is for. */
  wish: Wish | undefined;
}>;

/** `meant`: whether a path is; `count`: of how many changes. */
export type Wish = Readonly<{ meant: (path: string) => boolean; count: number; force: boolean }>;

export type Review = Readonly<{
  roots: readonly string[];
  candidates: readonly Candidate[];
  /** Only what runs later is listed. */
  onlyLater: boolean;
  /** Directories whose contents are not listed. */
  folded: ReadonlySet<string>;
  /** Paths of changes. */
  picked: ReadonlySet<string>;
  /** Those that are listed. */
  rows: readonly Row[];
  cursor: number;
  /** The first row that is shown, of those that fit. */
  top: number;
  page: Page | undefined;
  /** What has just happened. */
  notice: string;
}>;

export function reviewOf(roots: readonly string[], candidates: readonly Candidate[], notice = ""): Review {
  const folded = candidates.filter(isWholeDirectory).map(({ change }) => change.path);
  return listed({
    roots,
    candidates,
    onlyLater: false,
    folded: new Set(folded),
    picked: new Set(),
    rows: [],
    cursor: 0,
    top: 0,
    page: undefined,
    notice,
  });
}

/** One that is new or gone, with all in it: seldom looked at file by file. */
function isWholeDirectory({ change: { before, after } }: Candidate): boolean {
  return (before ?? after)?.type === "directory" && (before === undefined || after === undefined);
}

/** After a restore: what is listed, folded and where the cursor is stay, as far as they are there. */
export function changed(review: Review, candidates: readonly Candidate[], notice: string): Review {
  return listed({ ...review, candidates, picked: new Set(), page: undefined, notice });
}

export function listed(review: Review): Review {
  const shown = review.candidates.filter(({ later }) => !review.onlyLater || later !== undefined);
  const lines = treeOf(
    review.roots,
    shown.map(({ change }) => change),
  );
  const rows = rowsOf(lines, new Map(shown.map((one) => [one.change.path, one])), review.folded);
  return { ...review, rows, cursor: clamp(review.cursor, rows.length) };
}

export function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(index, length - 1));
}

/** Changes at and below a row, those that are folded away included; `free`: only what no conflict keeps. */
export function candidatesAt(
  { candidates, onlyLater }: Review,
  { path }: Row,
  free: boolean,
): readonly Candidate[] {
  return candidates.filter(
    ({ change, conflict, later }) =>
      isAtOrBelow(change.path, path) &&
      (later !== undefined || !onlyLater) &&
      (conflict === undefined || !free),
  );
}

export type Picked = "all" | "some" | "none";

export function pickedAt(review: Review, row: Row): Picked {
  const free = candidatesAt(review, row, true);
  const count = free.filter(({ change }) => review.picked.has(change.path)).length;
  if (count === 0) return "none";
  return count === free.length ? "all" : "some";
}

/** With the cursor among the rows that fit. @param height of the list, and of a page, in rows */
export function scrolled(review: Review, height: number): Review {
  const { cursor, top, page, rows } = review;
  const last = Math.max(0, rows.length - height);
  const fitting = Math.min(Math.max(top, cursor - height + 1), cursor, last);
  return {
    ...review,
    top: fitting,
    page: page && { ...page, top: clamp(page.top, page.lines.length - height + 1) },
  };
}
