// A question as lines of a terminal, in whatever room there is. Every word that somebody else chose goes through show().

import { baseNameOf, directoryOf, show } from "nono-ts/internal";
import { columnsOf, fold, foldBounded, wrapWords } from "../../terminal/fit.ts";
import type { Access, ApprovalRequest, OtherPath } from "../request.ts";
import { type Choice, choicesOf } from "./choices.ts";
import { directoryOfQuestion, type Item, type Question } from "./questions.ts";

export type Room = Readonly<{ rows: number; columns: number }>;

/** How long a question may wait, for the last line. */
type Limits = Readonly<{ seconds: number }>;

export type Rendered = Readonly<{
  lines: readonly string[];
  /** Not all that has to be seen is: nothing can be allowed then. */
  partial: boolean;
}>;

/** Longest text of others that is looked at, in characters: of a path (PATH_MAX is 4096) all, escapes included. */
const TEXT_MAX = 40_000;

const VERBS: Readonly<Record<Access, string>> = {
  read: "read",
  write: "write",
  "read+write": "read and write",
  create: "create",
  execute: "execute",
  connect: "connect to",
};

/** Instead of the access; with what is made, where `this` would not tell. */
const OPERATIONS: Readonly<Record<string, string>> = {
  unlink: "remove this",
  rmdir: "remove this",
  remove: "remove this",
  rename: "rename this",
  link: "link this",
  mkdir: "make this directory",
  chmod: "change the mode of this",
  chown: "change the owner of this",
  utime: "change the times of this",
  xattr: "change the attributes of this",
  bind: "make this socket",
};

/** From all that there is to say to the least that a yes can be asked for with. */
const DETAILS = [
  { blanks: true, parents: true, footer: true, command: 3, path: 8, list: 8, brief: false },
  { blanks: false, parents: true, footer: true, command: 2, path: 4, list: 4, brief: false },
  { blanks: false, parents: false, footer: false, command: 1, path: 3, list: 2, brief: true },
  { blanks: false, parents: false, footer: false, command: 0, path: 2, list: 1, brief: true },
] as const;

type Detail = (typeof DETAILS)[number];

export function renderQuestion(question: Question, room: Room, limits: Limits): Rendered {
  for (const detail of DETAILS) {
    const lines = linesOf(question, room.columns, detail, limits);
    if (lines.length <= room.rows && lines.every((line) => columnsOf(line) <= room.columns))
      return { lines, partial: false };
  }
  const lines = fold("nono asks: make this window larger. n denies.", Math.max(1, room.columns));
  return { lines: lines.slice(0, room.rows), partial: true };
}

/** All items of a question, a page at a time; `page` counts from 0 and goes round. */
export function renderList({ items }: Question, { rows, columns }: Room, page: number): Rendered {
  const size = Math.max(1, rows - 2);
  const pages = Math.ceil(items.length / size);
  const at = page % pages;
  const names = items.slice(at * size, (at + 1) * size).map(({ request: { path, other } }) => {
    const elsewhere = other === undefined ? "" : `, ${other.relation} ${show(other.path, TEXT_MAX)}`;
    return `${show(path, TEXT_MAX)}${elsewhere}`;
  });
  const title = `nono: ${items.length} paths, page ${at + 1} of ${pages}`;
  const lines = [
    title,
    ...names.map((name) => foldBounded(name, columns, 1)[0] ?? ""),
    "l next page, any other key back",
  ];
  return { lines: lines.map((line) => fold(line, columns)[0] ?? "").slice(0, rows), partial: false };
}

/** What would be written, and whether it shall be. */
export function renderProposal(proposal: string, { rows, columns }: Room): Rendered {
  const shown = proposal.split("\n").flatMap((line) => fold(show(line, TEXT_MAX), columns));
  const room = Math.max(0, rows - 3);
  const cut =
    shown.length > room
      ? [...shown.slice(0, Math.max(0, room - 1)), `... ${shown.length - room + 1} lines more`]
      : shown;
  const lines = [
    "nono: add this to your profile?",
    ...cut,
    "",
    "y  write it, and allow for this session",
    "any other key  back",
  ];
  const fitted = lines.map((line) => fold(line, columns)[0] ?? "");
  return { lines: fitted.slice(0, rows), partial: fitted.length > rows || room < 2 };
}

export function renderNotice(text: string, { rows, columns }: Room): Rendered {
  return { lines: wrapWords(`nono: ${show(text)}`, columns).slice(0, rows), partial: false };
}

function linesOf(
  question: Question,
  columns: number,
  detail: Detail,
  { seconds }: Limits,
): readonly string[] {
  const blank = detail.blanks ? [""] : [];
  const footer = `Not answered within ${seconds} s it is denied. Elsewhere: nono approvals list`;
  return [
    ...titleOf(question, columns, detail),
    ...blank,
    ...factsOf(question, columns, detail),
    ...blank,
    ...keysOf(question, columns, detail),
    ...(detail.footer ? [...blank, ...wrapWords(footer, columns)] : []),
  ];
}

function titleOf({ items, others }: Question, columns: number, { brief }: Detail): readonly string[] {
  const [{ request }] = items;
  const name = show(request.process.name, 32);
  const count = items.length > 1 ? ` (${items.length} paths)` : "";
  const more = others > 0 ? ` [${others} more]` : "";
  if (brief) {
    const deed = deedOf(request).replace(/ this$/, "");
    return foldBounded(`nono: ${name}: ${deed}${count}?${more}`, columns, 1);
  }
  return wrapWords(
    `nono: may ${name} ${deedOf(request)}, outside of what it was granted?${count}${more}`,
    columns,
  );
}

function deedOf({ operation, access }: ApprovalRequest): string {
  return OPERATIONS[operation] ?? `${VERBS[access]} this`;
}

function factsOf({ items }: Question, columns: number, detail: Detail): readonly string[] {
  const [{ request, ids }] = items;
  const { process, runsLater } = request;
  const facts: (readonly [string, readonly string[] | string, number])[] = [];
  if (items.length === 1) facts.push(...pathFacts(request, detail));
  else
    facts.push(
      ["in", show(directoryOf(request.path), TEXT_MAX), detail.path],
      ...otherDirectory(request, detail),
      ["paths", listed(items, detail.list), detail.list + 1],
    );
  if (runsLater !== undefined) facts.push(["later", show(runsLater, TEXT_MAX), 3]);
  const command = process.command.map((word) => show(word, TEXT_MAX)).join(" ");
  const more = ids.length > 1 ? ` and ${ids.length - 1} more requests for the same` : "";
  if (detail.command > 0)
    facts.push(["program", `${show(process.name, 32)} (${process.pid})${more}: ${command}`, detail.command]);
  if (detail.parents && process.parents.length > 0) facts.push(["started by", ancestry(request), 2]);
  const margin = detail.brief ? 0 : 12;
  return facts.flatMap(([label, text, lines]) => fact(label, text, { columns, lines, margin }));
}

function otherDirectory(
  { other }: ApprovalRequest,
  { path }: Detail,
): readonly (readonly [string, string, number])[] {
  if (other === undefined) return [];
  return [[other.relation, elsewhereOf({ ...other, path: directoryOf(other.path) }), path]];
}

function pathFacts(
  request: ApprovalRequest,
  { path, command }: Detail,
): readonly (readonly [string, string, number])[] {
  const facts: (readonly [string, string, number])[] = [["path", show(request.path, TEXT_MAX), path]];
  const isNamed = request.asked !== request.path || request.viaLink;
  const link = request.viaLink ? " (a link leads there)" : "";
  if (isNamed && (command > 0 || request.viaLink))
    facts.push(["named", `${show(request.asked, TEXT_MAX)}${link}`, Math.max(1, path - 1)]);
  if (request.other !== undefined) facts.push([request.other.relation, elsewhereOf(request.other), path]);
  return facts;
}

/** Whoever says yes gives what is moved or linked the rights of the place where it comes to lie. */
function elsewhereOf({ relation, path }: OtherPath): string {
  return `${show(path, TEXT_MAX)}${relation === "from" ? "" : ", with the rights that hold there"}`;
}

function listed(items: readonly Item[], most: number): readonly string[] {
  const names = items.slice(0, most).map(({ request }) => show(baseNameOf(request.path), TEXT_MAX));
  return items.length > most ? [...names, `and ${items.length - most} more: l lists them`] : names;
}

function ancestry({ process }: ApprovalRequest): string {
  return process.parents.map(({ name, pid }) => `${show(name, 32)} (${pid})`).join(", by ");
}

type Place = Readonly<{ columns: number; lines: number; margin: number }>;

/** A label, and what it says beside it, or behind it where there is no room. */
function fact(
  label: string,
  text: readonly string[] | string,
  { columns, lines, margin }: Place,
): readonly string[] {
  if (margin === 0 || columns < 40) {
    const joined = `${label}: ${typeof text === "string" ? text : text.join(", ")}`;
    return foldBounded(joined, columns, lines);
  }
  const width = columns - margin;
  const beside = (typeof text === "string" ? [text] : text).flatMap((one) =>
    foldBounded(one, width, typeof text === "string" ? lines : 1),
  );
  return beside.map((line, index) => (index === 0 ? label : "").padEnd(margin) + line);
}

function keysOf(question: Question, columns: number, { brief }: Detail): readonly string[] {
  const choices = choicesOf(question);
  if (brief)
    return wrapWords(
      choices.map((choice) => `${choice.key}=${choice.brief.replaceAll(" ", "-")}`).join(" "),
      columns,
    );
  const directory = show(directoryOfQuestion(question) ?? "", TEXT_MAX);
  return choices.flatMap((choice) => keyLine(choice, directory, columns));
}

function keyLine({ key, text }: Choice, directory: string, columns: number): readonly string[] {
  const full = text.replace("DIR", () => directory);
  const words = wrapWords(full, columns - 5);
  const lines = words.length <= 2 ? words : foldBounded(full, columns - 5, 2);
  return lines.map((line, index) => `  ${index === 0 ? key : " "}  ${line}`);
}
