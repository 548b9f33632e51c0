// Sessions with snapshots, newest first.

import type { Change, Snapshot, SnapshotKind } from "nono-ts";
import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { SessionState, SessionView } from "../rollback/session-view.ts";
import { commandText } from "./audit-event.ts";
import { countText, sizeText } from "./quantities.ts";
import { countsText } from "./rollback.ts";
import { rows } from "./rows.ts";
import { bold, cut, widthOf } from "./style.ts";
import { wrap } from "./wrap.ts";

/** `problem`: why it cannot be looked at. */
export type Listed =
  | Readonly<{ view: SessionView; changes: readonly Change[] }>
  | Readonly<{ id: string; problem: string }>;

type Paper = Pick<Output, "columns" | "width" | "colour">;

/** Trees that are named before the rest is counted. */
const NAMED = 3;

const STATES: Readonly<Record<SessionState, string>> = {
  running: "it runs",
  ended: "",
  recovered: "its last snapshot was taken later than it ended",
  killed: "its state at the end is not known",
};

export function renderSessions(sessions: readonly Listed[], paper: Paper): string {
  return sessions
    .map((one) => ("problem" in one ? damagedLines(one, paper) : linesOf(one, paper)))
    .map((lines) => `${lines.join("\n")}\n`)
    .join("");
}

function damagedLines({ id, problem }: Extract<Listed, { id: string }>, paper: Paper): readonly string[] {
  return [`${bold(show(id), paper)}  DAMAGED`, ...wrap(show(problem), paper.columns, 4)];
}

function linesOf({ view, changes }: Exclude<Listed, { id: string }>, paper: Paper): readonly string[] {
  const { id, state, tracked, snapshots } = view;
  const command = commandText(tracked.command ?? [], Number.POSITIVE_INFINITY);
  const roots = tracked.roots.map((root) => show(root));
  const more = roots.length > NAMED ? [`${roots.length - NAMED} more`] : [];
  const facts = [
    STATES[state],
    changes.length === 0 ? "nothing was changed" : countsText(changes),
    countText(snapshots.length, "snapshot"),
  ].filter((fact) => fact !== "");
  return [
    `${bold(id, paper)}  ${cut(command, paper.width - widthOf(id) - 2)}`,
    ...wrap(facts.join("; "), paper.columns, 4),
    ...wrap([...roots.slice(0, NAMED), ...more].join(", "), paper.columns, 4).map((line) =>
      cut(line, paper.width),
    ),
  ];
}

const KINDS: Readonly<Record<SnapshotKind, string>> = {
  baseline: "before it began",
  checkpoint: "while it ran",
  final: "when it had ended",
  recovered: "later than it ended",
  "before-restore": "before a restore",
  restored: "after a restore",
};

/** By number: what `--snapshot` takes. */
export function renderSnapshots(snapshots: readonly Snapshot[], paper: Paper): string {
  const items = snapshots.map(({ number, kind, time, fileCount, size }) => {
    const at = new Date(time).toISOString();
    const held = `${countText(fileCount, "file")}, ${sizeText(size)}`;
    return [`${number}`, `${at.slice(0, 10)} ${at.slice(11, 19)} UTC, ${KINDS[kind]}: ${held}`] as const;
  });
  return rows(items, { ...paper, indent: 0 })
    .map((line) => `${line}\n`)
    .join("");
}
