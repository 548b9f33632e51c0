// A review as rows of a terminal, in whatever room there is: never more or longer rows than fit, and nothing of the
// session raw.

import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import {
  type Page,
  type PageLine,
  type Picked,
  pickedAt,
  type Review,
  scrolled,
} from "../rollback/review/review.ts";
import type { Row } from "../rollback/review/rows.ts";
import { columnsOf, fold, foldBounded } from "../terminal/fit.ts";
import { countText } from "./quantities.ts";
import { REASONS } from "./rollback-restore.ts";
import { treeLine } from "./rollback-tree.ts";
import { added, bold, marked, removed } from "./style.ts";

type Paper = Pick<Output, "colour">;
export type Room = Readonly<{ rows: number; columns: number }>;

/** What is reviewed. `overlaps`: sessions whose changes are among these. */
export type Heading = Readonly<{
  session: string;
  command: string;
  to: number;
  overlaps: readonly string[];
}>;

const LIST_KEYS = ["space pick", "a all", "enter diff", "r take back", "l runs later", "u undo", "q quit"];
const DIFF_KEYS = ["r take this back", "n next", "p previous", "q back to the list"];
const PLAN_KEYS = ["y do this", "any other key back to the list"];

/** Rows beside the list, or beside the lines of a page; fewer where there is little room. */
function besides(review: Review, { rows, columns }: Room) {
  const roomy = rows >= 10;
  const keys = keyLines(keysOf(review.page), columns).slice(0, roomy ? 3 : 1);
  return { head: roomy ? 2 : 1, notes: roomy ? 2 : 0, keys };
}

/** A key and what it does stay together. */
function keyLines(keys: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const key of keys) {
    const joined = `${lines.at(-1)}  ${key}`;
    if (lines.length > 0 && columnsOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(key);
  }
  return lines;
}

function keysOf(page: Page | undefined): readonly string[] {
  if (page === undefined) return LIST_KEYS;
  return page.kind === "plan" ? PLAN_KEYS : DIFF_KEYS;
}

/** Of the list, or of the lines of a page. */
export function heightOf(review: Review, room: Room): number {
  const { head, notes, keys } = besides(review, room);
  return Math.max(1, room.rows - head - notes - keys.length);
}

/** Broken into rows and scrolled so that it can be shown there. */
export function fitted(review: Review, room: Room): Review {
  const { page } = review;
  const { columns } = room;
  const folded =
    page === undefined || page.columns === columns
      ? page
      : { ...page, columns, lines: page.source.flatMap((line) => foldLine(line, columns)) };
  const next = { ...review, page: folded };
  return scrolled(next, heightOf(next, room));
}

/** Nothing is cut: what stands behind the right edge is what somebody would hide. */
function foldLine({ text, tone }: PageLine, columns: number): readonly PageLine[] {
  return fold(text, Math.max(1, columns)).map((part) => ({ text: part, tone }));
}

/** @param review `fitted` to the room */
export function renderReview(review: Review, heading: Heading, room: Room, paper: Paper): readonly string[] {
  const { head, notes, keys } = besides(review, room);
  const height = heightOf(review, room);
  const { page } = review;
  const above = page ? pageHead(page, height, room, paper) : listHead(review, heading, room, paper);
  const body = page ? pageRows(page, height, paper) : listRows(review, height, room, paper);
  const rows = [
    ...above.slice(0, head),
    ...body,
    ...Array<string>(height - body.length).fill(""),
    ...noteRows(review, room).slice(0, notes),
    ...keys.map((line) => bold(cut(line, room.columns), paper)),
  ];
  return rows.slice(0, room.rows);
}

function listHead(review: Review, heading: Heading, { columns }: Room, paper: Paper): readonly string[] {
  const { session, command, overlaps } = heading;
  const [id, what] = [`session ${show(session)}`, listTitle(review, heading)];
  const below =
    overlaps.length === 0 ? command : `also changes of ${overlaps.join(", ")}, which ran meanwhile`;
  // Where there is little room, how much there is to take back is not what is cut away.
  const isRoomy = columnsOf(`${id}: ${what}`) <= columns;
  const [first, second] = isRoomy ? [`${id}: ${what}`, below] : [what, `${id}: ${below}`];
  return [bold(cut(first, columns), paper), cut(second, columns)];
}

function listTitle({ candidates, onlyLater }: Review, { to }: Heading): string {
  if (onlyLater) return "what of it runs later, outside the sandbox";
  const later = candidates.filter((one) => one.later !== undefined).length;
  return [
    `${countText(candidates.length, "change")} to take back`,
    to === 0 ? "" : `, to snapshot ${to}`,
    later === 0 ? "" : `; ${later} ${later === 1 ? "runs" : "run"} later`,
  ].join("");
}

function pageHead(
  { title, top, lines }: Page,
  height: number,
  { columns }: Room,
  paper: Paper,
): readonly string[] {
  const last = Math.min(top + height, lines.length);
  return [bold(cut(title, columns), paper), cut(`lines ${top + 1} to ${last} of ${lines.length}`, columns)];
}

function listRows(review: Review, height: number, { columns }: Room, paper: Paper): readonly string[] {
  const { rows, top, cursor } = review;
  if (rows.length === 0) return [cut("nothing is left to take back", columns)];
  return rows.slice(top, top + height).map((row, index) => {
    const isHere = top + index === cursor;
    const text = cut(`${isHere ? ">" : " "} ${boxOf(review, row)} ${rowText(row)}`, columns);
    return isHere ? marked(text + " ".repeat(columns - columnsOf(text)), paper) : text;
  });
}

const BOXES: Readonly<Record<Picked, string>> = { all: "[x]", some: "[-]", none: "[ ]" };

function boxOf(review: Review, row: Row): string {
  return row.candidate?.conflict !== undefined && !row.holdsOthers ? "[!]" : BOXES[pickedAt(review, row)];
}

function rowText({ line, hidden, candidate }: Row): string {
  const more = hidden === 0 ? "" : ` + ${countText(hidden, "change")} in it`;
  const later = candidate?.later === undefined ? "" : "  runs later";
  return `${treeLine(line)}${more}${later}`;
}

function pageRows({ lines, top }: Page, height: number, paper: Paper): readonly string[] {
  return lines.slice(top, top + height).map((line) => painted(line, paper));
}

function painted({ text, tone }: PageLine, paper: Paper): string {
  if (tone === "added") return added(text, paper);
  if (tone === "removed") return removed(text, paper);
  return tone === "title" ? bold(text, paper) : text;
}

/** What has just happened; or what is to say of the row with the cursor; or how much is picked. */
function noteRows({ notice, page, picked, rows, cursor }: Review, { columns }: Room): readonly string[] {
  const row = rows[cursor];
  const ofRow = page !== undefined || row === undefined ? "" : noteOf(row);
  const ofAll = page === undefined ? `${countText(picked.size, "change")} picked` : "";
  return ["", cut(notice || ofRow || ofAll, columns)];
}

function noteOf({ candidate, holdsOthers, hidden }: Row): string {
  if (candidate?.conflict !== undefined)
    return `${REASONS[candidate.conflict]}: left alone; f takes it back anyway`;
  if (candidate?.later !== undefined) {
    const { why, details } = candidate.later;
    return [`runs later: ${why}`, ...details.map((detail) => show(detail))].join("; ");
  }
  if (!holdsOthers) return "";
  return hidden > 0 ? "right opens it" : "left folds it";
}

/** In one row: of a long text its begin and its end. */
function cut(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : (foldBounded(text, columns, 1)[0] ?? "");
}
