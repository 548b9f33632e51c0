// What a key does in a review. Nothing is done here: what is to be done comes out.

import type { Candidate } from "./candidate.ts";
import { candidatesAt, clamp, listed, type Page, pickedAt, type Review, type Wish } from "./review.ts";
import { isDirectoryRow, type Row } from "./rows.ts";

/** A key of the keyboard: a character, or a name of more than one. */
export type Stroke = string;

export type Reaction =
  | Readonly<{ does: "show"; review: Review }>
  /** Show what changed, in all of these. */
  | Readonly<{ does: "compare"; review: Review; title: string; candidates: readonly Candidate[] }>
  /** Show what that would do, and ask. */
  | Readonly<{ does: "plan"; wish: Wish }>
  | Readonly<{ does: "restore"; wish: Wish }>
  | Readonly<{ does: "undo" }>
  | Readonly<{ does: "suspend" }>
  | Readonly<{ does: "leave" }>;

/** @param height rows of the list, or of a page */
export function press(review: Review, stroke: Stroke, height: number): Reaction {
  if (stroke === "suspend") return { does: "suspend" };
  if (stroke === "interrupt") return { does: "leave" };
  const quiet = { ...review, notice: "" };
  return review.page === undefined
    ? inList(quiet, stroke, height)
    : inPage(quiet, review.page, stroke, height);
}

type Act = (review: Review, row: Row) => Reaction;

const show = (review: Review): Reaction => ({ does: "show", review });
const tell = (review: Review, notice: string): Reaction => show({ ...review, notice });

const IN_LIST: Readonly<Record<Stroke, Act>> = {
  " ": pick,
  a: pickAll,
  enter: compare,
  d: compare,
  left: fold,
  "-": fold,
  right: unfold,
  "+": unfold,
  l: showLater,
  r: restore,
  f: force,
};

function inList(review: Review, stroke: Stroke, height: number): Reaction {
  if (stroke === "u") return { does: "undo" };
  if (stroke === "q" || stroke === "end") return { does: "leave" };
  const cursor = moved(review.cursor, stroke, height, review.rows.length);
  if (cursor !== undefined) return show({ ...review, cursor });
  const row = review.rows[review.cursor];
  const act = Object.hasOwn(IN_LIST, stroke) ? IN_LIST[stroke] : undefined;
  return row !== undefined && act !== undefined ? act(review, row) : show(review);
}

const STEPS: Readonly<Record<Stroke, (height: number) => number>> = {
  up: () => -1,
  k: () => -1,
  down: () => 1,
  j: () => 1,
  "page-up": (height) => -height,
  "page-down": (height) => height,
  first: () => Number.NEGATIVE_INFINITY,
  g: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
  G: () => Number.POSITIVE_INFINITY,
};

/** Undefined: the key does not move. */
function moved(at: number, stroke: Stroke, height: number, length: number): number | undefined {
  const step = Object.hasOwn(STEPS, stroke) ? STEPS[stroke] : undefined;
  return step && clamp(at + step(height), length);
}

function inPage(review: Review, page: Page, stroke: Stroke, height: number): Reaction {
  const back = { ...review, page: undefined };
  if (stroke === "y" && page.wish !== undefined) return { does: "restore", wish: page.wish };
  const top = moved(page.top, stroke === " " ? "page-down" : stroke, height, page.lines.length);
  if (top !== undefined) return show({ ...review, page: { ...page, top } });
  const row = review.rows[review.cursor];
  if (page.kind === "plan" || row === undefined) return show(back);
  switch (stroke) {
    case "r":
      return restoreRow(review, row);
    case "n":
      return next(review, 1);
    case "p":
      return next(review, -1);
    default:
      return show(back);
  }
}

/** The diff of the next row that has one. */
function next(review: Review, step: 1 | -1): Reaction {
  for (let at = review.cursor + step; ; at += step) {
    const row = review.rows[at];
    if (row === undefined) return tell(review, step === 1 ? "this is the last one" : "this is the first one");
    if (row.candidate !== undefined) return compare({ ...review, cursor: at }, row);
  }
}

function compare(review: Review, row: Row): Reaction {
  const candidates = candidatesAt(review, row, false);
  return { does: "compare", review, title: row.path, candidates };
}

function pick(review: Review, row: Row): Reaction {
  const free = candidatesAt(review, row, true).map(({ change }) => change.path);
  if (free.length === 0) return tell(review, LEFT_ALONE);
  const picked = new Set(review.picked);
  const isOn = pickedAt(review, row) !== "all";
  for (const path of free) isOn ? picked.add(path) : picked.delete(path);
  return show({ ...review, picked });
}

const LEFT_ALONE = "it was changed since, and is left alone: f takes it back anyway";

function pickAll(review: Review): Reaction {
  const free = review.rows
    .filter(({ line }) => line.depth === 0)
    .flatMap((row) => candidatesAt(review, row, true).map(({ change }) => change.path));
  const isAll = free.every((path) => review.picked.has(path));
  return show({ ...review, picked: isAll ? new Set() : new Set([...review.picked, ...free]) });
}

function fold(review: Review, row: Row): Reaction {
  if (row.holdsOthers) return show(listed({ ...review, folded: new Set([...review.folded, row.path]) }));
  const above = review.rows.slice(0, review.cursor).findLastIndex(({ line }) => line.depth < row.line.depth);
  return show({ ...review, cursor: Math.max(0, above) });
}

function unfold(review: Review, row: Row): Reaction {
  const folded = new Set(review.folded);
  folded.delete(row.path);
  return show(listed({ ...review, folded }));
}

function showLater(review: Review): Reaction {
  if (!review.onlyLater && !review.candidates.some(({ later }) => later !== undefined))
    return tell(review, "nothing of it runs later, as far as names and settings tell");
  return show(listed({ ...review, onlyLater: !review.onlyLater, cursor: 0 }));
}

function restore(review: Review, row: Row): Reaction {
  const { candidates, picked } = review;
  if (picked.size === 0) return restoreRow(review, row);
  const chosen = candidates.filter(({ change }) => picked.has(change.path));
  return { does: "plan", wish: wishFor(review, chosen, false) };
}

/** One file goes back at once: it can be had again by one more key. */
function restoreRow(review: Review, row: Row): Reaction {
  const chosen = candidatesAt(review, row, true);
  if (chosen.length === 0) return tell(review, LEFT_ALONE);
  return { does: isDirectoryRow(row) ? "plan" : "restore", wish: wishFor(review, chosen, false) };
}

function force(review: Review, row: Row): Reaction {
  const all = candidatesAt(review, row, false);
  if (all.every(({ conflict }) => conflict === undefined))
    return tell(review, "nothing of it is left alone: r takes it back");
  return { does: "plan", wish: wishFor(review, all, true) };
}

/** What is not listed, such as times alone, goes back with everything, and not with less. */
function wishFor({ candidates }: Review, chosen: readonly Candidate[], force: boolean): Wish {
  const [listed, meant] = [candidates, chosen].map(
    (list) => new Set(list.map(({ change }) => change.path)),
  ) as [Set<string>, Set<string>];
  const isAll =
    !force && candidates.every(({ change, conflict }) => conflict !== undefined || meant.has(change.path));
  return {
    meant: (path) => meant.has(path) || (isAll && !listed.has(path)),
    count: chosen.length,
    force,
  };
}
