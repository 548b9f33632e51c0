// Pages of a review: what changed, and what a restore would do.

import type { Change, ObjectStore, RestorePlan } from "nono-ts";
import { show } from "nono-ts/internal";
import { diffOf } from "../rollback/file-diff.ts";
import type { Page, PageLine, Wish } from "../rollback/review/review.ts";
import { reasonOf } from "./message.ts";
import { diffLines, withoutTabs } from "./rollback-diff.ts";
import { conflictLines, renderSteps } from "./rollback-restore.ts";

/** What is longer is for `show --diff`, and a pager. */
const LINES_MAX = 20_000;

export function diffPage(title: string, changes: readonly Change[], objects: ObjectStore): Page {
  const lines: PageLine[] = [];
  for (const change of changes) {
    if (lines.length >= LINES_MAX) {
      lines.push({ text: "and more: nono rollback show --diff has all of it", tone: "title" });
      break;
    }
    lines.push(...linesOf(change, objects));
  }
  return pageOf("diff", show(title), lines, undefined);
}

/** What cannot be read is said in its place. */
function linesOf(change: Change, objects: ObjectStore): readonly PageLine[] {
  try {
    const [title = "", ...lines] = diffLines(change, diffOf(objects, change), { colour: false });
    return [{ text: title, tone: "title" }, ...lines.map(lineOf), { text: "", tone: "plain" }];
  } catch (error) {
    return [
      { text: show(change.path), tone: "title" },
      { text: `it cannot be shown: ${reasonOf(error)}`, tone: "plain" },
    ];
  }
}

function lineOf(line: string): PageLine {
  const tone = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "plain";
  return { text: withoutTabs(line), tone };
}

export function planPage({ actions, conflicts }: RestorePlan, wish: Wish): Page {
  const steps = renderSteps(actions).split("\n").slice(0, -1);
  const left = conflictLines(conflicts).map((line) => `left alone: ${line}`);
  const lines = [...steps, ...left].map((text): PageLine => ({ text, tone: "plain" }));
  return pageOf("plan", wish.force ? "do this, over what was changed since?" : "do this?", lines, wish);
}

function pageOf(
  kind: Page["kind"],
  title: string,
  source: readonly PageLine[],
  wish: Wish | undefined,
): Page {
  return { kind, title, source, lines: source, columns: 0, top: 0, wish };
}
