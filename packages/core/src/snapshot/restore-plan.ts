// What a restore would do, from three states: the one to go back to, the last one that the session left, and what is
// there now. What is neither of the first two is the person's own work: a conflict, left alone.

import { directoryOf } from "../files/path-names.ts";
import {
  type Entries,
  sameAttributes,
  sameObject,
  sameOwner,
  sameState,
  sameTime,
  sortedByPath,
} from "./compare.ts";
import type { DirectoryEntry, Entry, FileEntry, LinkEntry } from "./entry.ts";

/**
 * `put`: write a file or a link, in the place of whatever is there. `join`: make a name one of the file `to`.
 * `make`: a directory. `amend`: mode, attributes and times of what is there. `finish`: the same of a directory, when
 * all in it is done; `times`: nothing of the person's lies in it, so that its time is right again, too.
 */
export type RestoreAction =
  | Readonly<{ step: "remove"; path: string; entry: Entry }>
  | Readonly<{ step: "put"; path: string; entry: FileEntry | LinkEntry }>
  | Readonly<{ step: "join"; path: string; entry: FileEntry; to: string }>
  | Readonly<{ step: "make"; path: string; entry: DirectoryEntry }>
  | Readonly<{ step: "amend"; path: string; entry: FileEntry | LinkEntry }>
  | Readonly<{ step: "finish"; path: string; entry: DirectoryEntry; times: boolean }>;

/**
 * `changed`: changed since the session by somebody else; `gone`: removed. `inside`: a directory is in conflict that it
 * lies in. `way`: a directory on the way to it is not there, or none.
 * `occupied`: a directory in its place holds what must not go. `uncaptured`: the state to go back to was never
 * captured. `unreadable`: what is there now cannot be read.
 */
export type ConflictReason = "changed" | "gone" | "inside" | "way" | "occupied" | "uncaptured" | "unreadable";

export type Conflict = Readonly<{ path: string; reason: ConflictReason }>;

/** Actions in the order in which they are done. */
export type RestorePlan = Readonly<{ actions: readonly RestoreAction[]; conflicts: readonly Conflict[] }>;

export type RestoreStates = Readonly<{
  target: Entries;
  /** The last state that the session, or a restore, left. */
  known: Entries;
  present: Entries;
}>;

export type RestoreChoice = Readonly<{
  /** Whether a path is to be restored. */
  selects: (path: string) => boolean;
  /** Whether what somebody else changed is overwritten where the session had changed it, too, and comes back where it is gone. */
  force: boolean;
  /** Paths that an interrupted restore was about to change. */
  unfinished: ReadonlySet<string>;
}>;

function pathsOf({ target, known, present }: RestoreStates): readonly string[] {
  const paths = [...target.keys()];
  for (const path of known.keys()) if (!target.has(path)) paths.push(path);
  for (const path of present.keys()) if (!target.has(path) && !known.has(path)) paths.push(path);
  return sortedByPath(paths, (path) => path);
}

type Decision = "nothing" | "restore" | ConflictReason;

export function planRestore(states: RestoreStates, choice: RestoreChoice): RestorePlan {
  const planner = new Planner(states, choice);
  planner.decideAll();
  return planner.plan();
}

/** What is unknown, and with it all below. */
function unreadIn(entries: Entries): ReadonlySet<string> {
  const unread = new Set<string>();
  for (const { type, path } of entries.values()) if (type === "unread") unread.add(path);
  return unread;
}

function isBelow(directories: ReadonlySet<string>, path: string): boolean {
  if (directories.size === 0) return false;
  for (let above = directoryOf(path); above !== "/"; above = directoryOf(above))
    if (directories.has(above)) return true;
  return false;
}

class Planner {
  private readonly states: RestoreStates;
  private readonly choice: RestoreChoice;
  private readonly decisions = new Map<string, Decision>();
  /** All that there are, in their order. */
  private readonly paths: readonly string[];
  private readonly unreadTarget: ReadonlySet<string>;
  private readonly unreadPresent: ReadonlySet<string>;

  constructor(states: RestoreStates, choice: RestoreChoice) {
    this.states = states;
    this.choice = choice;
    this.paths = pathsOf(states);
    this.unreadTarget = unreadIn(states.target);
    this.unreadPresent = unreadIn(states.present);
  }

  decideAll(): void {
    const { paths } = this;
    for (const path of paths) {
      const decision = this.choice.selects(path) ? this.decide(path) : "nothing";
      if (decision !== "nothing") this.decisions.set(path, decision);
    }
    this.addWay();
    for (const path of paths.toReversed()) this.keepOccupied(path);
    for (const path of paths) this.blockInside(path);
  }

  private decide(path: string): Decision {
    const { target, known, present } = this.states;
    const to = target.get(path);
    const left = known.get(path);
    const now = present.get(path);
    if (isBelow(this.unreadTarget, path)) return "nothing";
    if (to?.type === "unread" || to?.type === "other")
      return now === undefined || now.type !== to.type ? this.uncapturedOf(left, now) : "nothing";
    if (this.isSame(to, now)) return this.decideTime(to, left, now);
    if (isBelow(this.unreadPresent, path)) return "unreadable";
    if (this.choice.force && this.mayForce(to, left, now)) return "restore";
    if (this.isTheirs(path, now)) return "restore";
    if (sameState(to, left, true)) return "nothing";
    return this.isMixture(to, left, now) ? "restore" : this.changedOf(to, left, now);
  }

  /** What is gone comes back; what is the person's alone stays, whatever is forced. */
  private mayForce(to: Entry | undefined, left: Entry | undefined, now: Entry | undefined): boolean {
    return now === undefined ? to !== undefined : !sameState(to, left, true);
  }

  /** A name that only the person knows is no conflict. */
  private changedOf(to: Entry | undefined, left: Entry | undefined, now: Entry | undefined): Decision {
    if (to === undefined && left === undefined) return "nothing";
    return now === undefined ? "gone" : "changed";
  }

  private uncapturedOf(left: Entry | undefined, now: Entry | undefined): Decision {
    return sameState(left, now, false) && left?.type === now?.type ? "uncaptured" : "nothing";
  }

  private isSame(to: Entry | undefined, now: Entry | undefined): boolean {
    return sameState(to, now, true);
  }

  /** Times alone go back only where the session left them. */
  private decideTime(to: Entry | undefined, left: Entry | undefined, now: Entry | undefined): Decision {
    if (to === undefined || now === undefined || sameTime(to, now)) return "nothing";
    return this.choice.force || left?.modified === now.modified ? "restore" : "nothing";
  }

  /** Left behind by a restore that was interrupted: nothing yet, a directory not yet finished, a file not yet on the disk. */
  private isTheirs(path: string, now: Entry | undefined): boolean {
    if (!this.choice.unfinished.has(path)) return false;
    return now === undefined || now.type === "directory" || (now.type === "file" && now.size === 0);
  }

  /** Each part of what is there is as the session left it, or as it was before: nobody else's. */
  private isMixture(to: Entry | undefined, left: Entry | undefined, now: Entry | undefined): boolean {
    if (now === undefined) return left === undefined;
    const known = [to, left].filter((entry) => entry !== undefined);
    const isKnown = (same: (a: Entry, b: Entry) => boolean) => known.some((entry) => same(entry, now));
    return (
      left !== undefined &&
      isKnown((a, b) => sameObject(a, b, false)) &&
      isKnown((a, b) => a.mode === b.mode) &&
      isKnown(sameOwner) &&
      isKnown(sameAttributes)
    );
  }

  /** Directories that are missing on the way to what is restored. */
  private addWay(): void {
    const seen = new Set<string>();
    for (const [path, decision] of [...this.decisions]) {
      if (decision !== "restore" || !this.states.target.has(path)) continue;
      for (let above = directoryOf(path); above !== "/" && !seen.has(above); above = directoryOf(above)) {
        seen.add(above);
        const isMissing = this.states.target.has(above) && !this.states.present.has(above);
        if (isMissing && !this.decisions.has(above)) this.decisions.set(above, "restore");
      }
    }
  }

  /** Deepest first: a directory goes only when all that is known to lie in it goes. */
  private keepOccupied(path: string): void {
    const now = this.states.present.get(path);
    if (now === undefined || this.goes(path)) return;
    const above = directoryOf(path);
    if (this.goes(above)) {
      if (this.states.target.has(above)) this.decisions.set(above, "occupied");
      else this.decisions.delete(above);
    }
  }

  /** Whether what is there now will not be there, or not as a directory. */
  private goes(path: string): boolean {
    const to = this.states.target.get(path);
    return this.decisions.get(path) === "restore" && this.states.present.has(path) && to?.type !== "directory"
      ? to === undefined || this.states.present.get(path)?.type === "directory"
      : false;
  }

  private blockInside(path: string): void {
    const to = this.states.target.get(path);
    if (to === undefined || this.decisions.get(path) !== "restore") return;
    const above = directoryOf(path);
    const way = this.states.target.get(above);
    if (way === undefined) return;
    const isThere = this.states.present.get(above)?.type === "directory";
    if (!isThere && this.decisions.get(above) !== "restore") this.decisions.set(path, "inside");
  }

  plan(): RestorePlan {
    const restored: string[] = [];
    const conflicts: Conflict[] = [];
    for (const path of this.paths) {
      const reason = this.decisions.get(path);
      if (reason === "restore") restored.push(path);
      else if (reason !== undefined && reason !== "nothing") conflicts.push({ path, reason });
    }
    const actions = restored
      .filter((path) => !this.states.target.has(path))
      .map((path) => this.removeOf(path));
    actions.reverse();
    for (const path of restored) {
      const put = this.putOf(path);
      if (put !== undefined) actions.push(put);
    }
    return { actions: [...actions, ...this.finishes(restored)], conflicts };
  }

  private removeOf(path: string): RestoreAction {
    return { step: "remove", path, entry: this.states.present.get(path) as Entry };
  }

  private putOf(path: string): RestoreAction | undefined {
    const to = this.states.target.get(path);
    const now = this.states.present.get(path);
    if (to === undefined || to.type === "other" || to.type === "unread") return undefined;
    if (to.type === "directory")
      return now?.type === "directory" ? undefined : { step: "make", path, entry: to };
    if (now !== undefined && sameObject(to, now, true)) return { step: "amend", path, entry: to };
    if (to.type !== "file" || to.linkedTo === undefined) return { step: "put", path, entry: to };
    return this.willBe(to.linkedTo)
      ? { step: "join", path, entry: to, to: to.linkedTo }
      : { step: "put", path, entry: { ...to, linkedTo: undefined } };
  }

  /** Whether a path will have the state to go back to. */
  private willBe(path: string): boolean {
    const isThere = sameState(this.states.target.get(path), this.states.present.get(path), true);
    return isThere || this.decisions.get(path) === "restore";
  }

  /** Deepest first, because work in a directory changes its time, and a mode may forbid it. */
  private finishes(restored: readonly string[]): RestoreAction[] {
    const { target, known, present } = this.states;
    const touched = new Set<string>();
    for (const path of [...restored, ...this.choice.unfinished]) touched.add(path).add(directoryOf(path));
    const stale = (path: string) => {
      const now = present.get(path);
      if (now?.type !== "directory" || !this.choice.selects(path)) return false;
      return known.get(path)?.modified === now.modified && target.get(path)?.modified !== now.modified;
    };
    const foreign = this.foreignDirectories();
    return this.paths
      .filter((path) => target.get(path)?.type === "directory" && (touched.has(path) || stale(path)))
      .toReversed()
      .flatMap((path): RestoreAction[] => {
        const [entry, now] = [target.get(path), present.get(path)];
        const isOurs = this.decisions.get(path) === "restore" || sameState(entry, now, true);
        if (entry?.type !== "directory" || !isOurs) return [];
        const times = !foreign.has(path);
        return times || !sameState(entry, now, true) ? [{ step: "finish", path, entry, times }] : [];
      });
  }

  /** Directories with something of the person's in them: their times are right as they are. */
  private foreignDirectories(): ReadonlySet<string> {
    const foreign = new Set<string>();
    for (const path of this.states.present.keys())
      if (!this.states.target.has(path) && this.decisions.get(path) !== "restore")
        foreign.add(directoryOf(path));
    for (const [path, decision] of this.decisions) if (decision !== "restore") foreign.add(directoryOf(path));
    return foreign;
  }
}
