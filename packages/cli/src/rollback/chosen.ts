// What the operands `[ID] [PATH...]` mean: a session, and paths of it.

import type { SnapshotStore } from "nono-ts";
import { canonicalizeMissing, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import { findSession, sessionsIn } from "./find-session.ts";
import { isAtOrBelow } from "./paths.ts";
import { type SessionView, viewSession } from "./session-view.ts";

/** `paths`: absolute, below its tracked roots; undefined: none is named. */
export type Chosen = Readonly<{ view: SessionView; paths: readonly string[] | undefined }>;

/**
 * A first operand that begins the id of a session is that one; one that is a path of the latest session is that. What
 * has a slash in it is a path.
 *
 * @param cwd called when a path is relative
 * @throws CliError `rollback-none`, `rollback-missing`, `rollback-ambiguous`, `rollback-untracked`
 */
export function chooseFrom(store: SnapshotStore, operands: readonly string[], cwd: () => string): Chosen {
  const sessions = sessionsIn(store);
  const [first, ...rest] = operands;
  if (first === undefined || isPath(first))
    return chosen(store, findSession(sessions, undefined), operands, cwd);
  try {
    return chosen(store, findSession(sessions, first), rest, cwd);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "rollback-missing" || first === "") throw error;
    const latest = viewSession(store, findSession(sessions, undefined));
    if (!isKnown(store, latest, resolvePath(cwd(), first))) throw error;
    return chosen(store, latest.id, operands, cwd);
  }
}

function isPath(operand: string): boolean {
  return operand.includes("/") || operand === "." || operand === "..";
}

function isKnown(store: SnapshotStore, { id, last }: SessionView, path: string): boolean {
  return [0, last.number].some((number) =>
    store
      .look(id)
      .entries(store.objects, number)
      .some((entry) => entry.path === path),
  );
}

function chosen(store: SnapshotStore, id: string, operands: readonly string[], cwd: () => string): Chosen {
  const view = viewSession(store, id);
  const paths = operands.map((operand) => trackedPath(operand, view, cwd));
  return { view, paths: paths.length === 0 ? undefined : paths };
}

/** As it is named, and only then by where it leads: what a session put there must not choose another path. */
function trackedPath(operand: string, { id, tracked }: SessionView, cwd: () => string): string {
  const named = operand.startsWith("/") ? resolvePath(operand) : resolvePath(cwd(), operand);
  if (tracked.roots.some((root) => isAtOrBelow(named, root) || isAtOrBelow(root, named))) return named;
  const led = leadsTo(named);
  if (led !== undefined && tracked.roots.some((root) => isAtOrBelow(led, root) || isAtOrBelow(root, led)))
    return led;
  throw new CliError({ code: "rollback-untracked", path: operand, session: id });
}

function leadsTo(path: string): string | undefined {
  try {
    return canonicalizeMissing(path, "/");
  } catch {
    return undefined;
  }
}
