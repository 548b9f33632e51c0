// Changes as a tree of lines. Names are the session's: none is written raw.

import type { Change, Entry } from "nono-ts";
import { show } from "nono-ts/internal";
import { isOfDirectory, type TreeLine, treeOf } from "../rollback/changes-tree.ts";

/** One letter a change, as version control has them. */
export const SIGNS: Readonly<Record<Change["kind"], string>> = {
  added: "A",
  deleted: "D",
  modified: "M",
  type: "T",
  mode: "m",
  link: "L",
  time: "t",
};

export function renderTree(roots: readonly string[], changes: readonly Change[]): string {
  if (changes.length === 0) return "nothing was changed\n";
  return treeOf(roots, changes)
    .map((line) => `${treeLine(line)}\n`)
    .join("");
}

export function treeLine({ depth, name, change }: TreeLine): string {
  const sign = change === undefined ? " " : SIGNS[change.kind];
  const slash = change === undefined || isOfDirectory(change) ? "/" : "";
  return `${sign} ${"  ".repeat(depth)}${show(name)}${slash}${change === undefined ? "" : detailOf(change)}`;
}

/** What the letter does not say. */
function detailOf({ kind, before, after }: Change): string {
  if (kind === "mode" && before !== undefined && after !== undefined) return ` (${modeText(before, after)})`;
  if (kind === "type" && before !== undefined && after !== undefined)
    return ` (${before.type} -> ${after.type})`;
  if (after?.type === "link") return ` -> ${show(after.target)}`;
  return "";
}

function modeText(before: Entry, after: Entry): string {
  if (before.mode !== after.mode) return `${octal(before.mode)} -> ${octal(after.mode)}`;
  const [old, now] = [before, after].map(({ uid, gid }) => `${uid}:${gid}`);
  return old === now ? "attributes" : `owner ${old} -> ${now}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
