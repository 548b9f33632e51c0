// What is said about snapshots.

import type { Change, ChangeKind, Cleanup, Snapshot, Uncaptured, Verification } from "nono-ts";
import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { Recovery } from "../rollback/recover.ts";
import { reasonOf } from "./message.ts";
import { countText, sizeText } from "./quantities.ts";
import { wrap } from "./wrap.ts";

export function renderBaseline({ roots, fileCount, size, uncaptured }: Snapshot): string {
  const trees = roots.length === 1 ? show(roots[0] as string) : `${countText(roots.length, "place")}`;
  const missed = uncaptured.length === 0 ? "" : `; ${renderUncaptured(uncaptured)}`;
  return `snapshot of ${trees}: ${countText(fileCount, "file")}, ${sizeText(size)}${missed}`;
}

/** Names that are said before the rest is counted. */
const NAMED = 3;

/** With at least one. */
export function renderUncaptured(uncaptured: readonly Uncaptured[]): string {
  const named = uncaptured.slice(0, NAMED).map(({ path, reason }) => `${show(path)} (${show(reason)})`);
  const more = uncaptured.length > NAMED ? [`${uncaptured.length - NAMED} more`] : [];
  return `not captured: ${[...named, ...more].join(", ")}`;
}

const COUNTED: readonly (readonly [string, readonly ChangeKind[]])[] = [
  ["added", ["added"]],
  ["modified", ["modified", "type", "link"]],
  ["deleted", ["deleted"]],
  ["with another mode or owner", ["mode"]],
];

/** `2 added, 1 modified`; empty for nothing. */
export function countsText(changes: readonly Pick<Change, "kind">[]): string {
  return COUNTED.map(([word, kinds]) => ({
    word,
    count: changes.filter(({ kind }) => kinds.includes(kind)).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
    .join(", ");
}

/** @param later how many of them run later */
export function renderChanged(changes: readonly Change[], later: number, id: string): string {
  if (changes.length === 0) return "nothing was changed";
  const warning =
    later === 0 ? "" : `; ${later} of that ${later === 1 ? "runs" : "run"} later, outside the sandbox`;
  return [
    `${countsText(changes)}${warning}`,
    `  look: nono rollback show ${id}${later === 0 ? "" : " --runs-later"}`,
    `  undo: nono rollback restore ${id}`,
  ].join("\n");
}

/** @param others sessions, at least one */
export function renderOverlaps(others: readonly string[]): string {
  const named = `${others.length === 1 ? "session" : "sessions"} ${others.map((id) => show(id)).join(", ")}`;
  const whose = others.length === 1 ? "its" : "their";
  return `${named} worked in the same place meanwhile: ${whose} changes are among these`;
}

export function renderRecovery(recovery: Recovery): string {
  const id = show(recovery.id);
  if ("failure" in recovery)
    return `session ${id} ended without its last snapshot, and none can be taken: ${reasonOf(recovery.failure)}`;
  return `session ${id} ended without its last snapshot: it was taken now, as snapshot ${recovery.snapshot.number}`;
}

/** @param recorded how many roots the session's record has; undefined: there is no record */
export function renderVerification(
  id: string,
  { snapshots, contents, damages }: Verification,
  recorded: number | undefined,
): string {
  const checked = `${countText(snapshots, "snapshot")}, ${countText(contents, "content")}`;
  const compared =
    recorded === undefined
      ? "no record to compare them with"
      : `${countText(recorded, "root")} as recorded: see nono audit verify`;
  if (damages.length === 0) return `${show(id)}: ${checked}: all as they were taken\n  ${compared}\n`;
  const lines = damages.map(
    ({ snapshot, problem }) => `  ${snapshot === undefined ? "" : `snapshot ${snapshot}: `}${show(problem)}`,
  );
  return [`${show(id)}: ${checked}: DAMAGED`, ...lines, ""].join("\n");
}

export function renderCleanup(
  { removed, open, freed }: Cleanup,
  isDry: boolean,
  { columns }: Pick<Output, "columns">,
): string {
  const sessions = countText(removed.length, "session");
  const done = isDry
    ? `${sessions} would go, ${sizeText(freed)} would be free`
    : `${sessions} removed, ${sizeText(freed)} freed`;
  const inUse =
    open.length === 0 ? [] : wrap(`in use, and left: ${open.map((id) => show(id)).join(", ")}`, columns);
  return [done, ...removed.map((id) => `  ${show(id)}`), ...inUse, ""].join("\n");
}
