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
 * `occupied`: a directory in its place holds what must not go. `refused`: the system does not let it be changed.
 * `uncaptured`: the state to go back to was never
 * captured. `unreadable`: what is there now cannot be read.
 */
export type ConflictReason =
  | "changed"
  | "gone"
  | "inside"
  | "way"
  | "occupied"
  | "refused"
  | "uncaptured"
  | "unreadable";

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

type Decision = "nothing" | "restore" | ConflictReason;

/** One name of any of the states, and what becomes of it. */
type Name = {
  readonly path: string;
  /** The directory that it lies in, where that is one of the names. */
  readonly above: Name | undefined;
  /** What it has to be, what the session left, what is there now. */
  readonly to: Entry | undefined;
  readonly left: Entry | undefined;
  readonly now: Entry | undefined;
  /** Whether a directory above it could not be read, so that what lies in it is unknown. */
  readonly isUnreadTarget: boolean;
  readonly isUnreadNow: boolean;
  decision: Decision;
  isOnWay: boolean;
  isTouched: boolean;
  /** Something of the person's lies in it: its time is right as it is. */
  isForeign: boolean;
};

/** All names, a directory before what lies in it: nothing that is asked of them has to look for another one. */
function namesOf(states: RestoreStates): readonly Name[] {
  const { target, known, present } = states;
  const paths = [...target.keys()];
  for (const path of known.keys()) if (!target.has(path)) paths.push(path);
  for (const path of present.keys()) if (!target.has(path) && !known.has(path)) paths.push(path);
  const names: Name[] = [];
  let above: Name | undefined;
  for (const path of sortedByPath(paths, (path) => path)) {
    while (above !== undefined && !isIn(above.path, path)) above = above.above;
    const name = nameOf(path, above, states);
    names.push(name);
    above = name;
  }
  return names;
}

function isIn(directory: string, path: string): boolean {
  return path.charCodeAt(directory.length) === SLASH && path.startsWith(directory);
}

const SLASH = 0x2f;

function nameOf(path: string, above: Name | undefined, { target, known, present }: RestoreStates): Name {
  return {
    path,
    above,
    to: target.get(path),
    left: known.get(path),
    now: present.get(path),
    isUnreadTarget: above !== undefined && (above.isUnreadTarget || above.to?.type === "unread"),
    isUnreadNow: above !== undefined && (above.isUnreadNow || above.now?.type === "unread"),
    decision: "nothing",
    isOnWay: false,
    isTouched: false,
    isForeign: false,
  };
}

export function planRestore(states: RestoreStates, choice: RestoreChoice): RestorePlan {
  const planner = new Planner(states, choice);
  planner.decideAll();
  return planner.plan();
}

class Planner {
  private readonly choice: RestoreChoice;
  private readonly names: readonly Name[];
  private byPath: ReadonlyMap<string, Name> | undefined;

  constructor(states: RestoreStates, choice: RestoreChoice) {
    this.choice = choice;
    this.names = namesOf(states);
  }

  /** Few are looked for. */
  private find(path: string): Name | undefined {
    this.byPath ??= new Map(this.names.map((name) => [name.path, name]));
    return this.byPath.get(path);
  }

  decideAll(): void {
    const { names, choice } = this;
    for (const name of names) if (choice.selects(name.path)) name.decision = this.decide(name);
    for (const name of names) addWay(name);
    for (const name of names.toReversed()) keepOccupied(name);
    for (const name of names) blockInside(name);
  }

  private decide(name: Name): Decision {
    const { path, to, left, now } = name;
    if (name.isUnreadTarget) return "nothing";
    if (to?.type === "unread" || to?.type === "other")
      return now === undefined || now.type !== to.type ? this.uncapturedOf(left, now) : "nothing";
    if (this.isSame(to, now)) return this.decideTime(to, left, now);
    if (name.isUnreadNow) return "unreadable";
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

  plan(): RestorePlan {
    const restored: Name[] = [];
    const conflicts: Conflict[] = [];
    for (const name of this.names) {
      const { path, decision } = name;
      if (decision === "restore") restored.push(name);
      else if (decision !== "nothing") conflicts.push({ path, reason: decision });
    }
    const actions: RestoreAction[] = [];
    for (const { path, to, now } of restored.toReversed())
      if (to === undefined) actions.push({ step: "remove", path, entry: now as Entry });
    for (const name of restored) {
      const put = this.putOf(name);
      if (put !== undefined) actions.push(put);
    }
    return { actions: [...actions, ...this.finishes(restored)], conflicts };
  }

  private putOf({ path, to, now }: Name): RestoreAction | undefined {
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
    const name = this.find(path);
    return sameState(name?.to, name?.now, true) || name?.decision === "restore";
  }

  /** Deepest first, because work in a directory changes its time, and a mode may forbid it. */
  private finishes(restored: readonly Name[]): RestoreAction[] {
    for (const name of restored) touch(name, name.above);
    for (const path of this.choice.unfinished) touch(this.find(path), this.find(directoryOf(path)));
    this.markForeign();
    const actions: RestoreAction[] = [];
    for (const name of this.names) {
      const { path, to, now } = name;
      if (to?.type !== "directory" || !(name.isTouched || this.isStale(name))) continue;
      const isSame = sameState(to, now, true);
      if (!isSame && name.decision !== "restore") continue;
      if (!name.isForeign || !isSame)
        actions.push({ step: "finish", path, entry: to, times: !name.isForeign });
    }
    return actions.reverse();
  }

  private isStale({ path, to, left, now }: Name): boolean {
    if (now?.type !== "directory" || !this.choice.selects(path)) return false;
    return left?.modified === now.modified && to?.modified !== now.modified;
  }

  private markForeign(): void {
    for (const { to, now, decision, above } of this.names) {
      if (above === undefined || decision === "restore") continue;
      if (decision !== "nothing" || (now !== undefined && to === undefined)) above.isForeign = true;
    }
  }
}

function touch(...names: readonly (Name | undefined)[]): void {
  for (const name of names) if (name !== undefined) name.isTouched = true;
}

/** Directories that are missing on the way to what is restored. */
function addWay({ decision, to, above }: Name): void {
  if (decision !== "restore" || to === undefined) return;
  for (let way = above; way !== undefined && !way.isOnWay; way = way.above) {
    way.isOnWay = true;
    const isMissing = way.to !== undefined && way.now === undefined;
    if (isMissing && way.decision === "nothing") way.decision = "restore";
  }
}

/** Deepest first: a directory goes only when all that is known to lie in it goes. */
function keepOccupied(name: Name): void {
  const { above } = name;
  if (name.now === undefined || above === undefined || goes(name) || !goes(above)) return;
  above.decision = above.to === undefined ? "nothing" : "occupied";
}

/** Whether what is there now will not be there, or not as a directory. */
function goes({ decision, to, now }: Name): boolean {
  if (decision !== "restore" || now === undefined || to?.type === "directory") return false;
  return to === undefined || now.type === "directory";
}

function blockInside(name: Name): void {
  const { above } = name;
  if (name.to === undefined || name.decision !== "restore" || above?.to === undefined) return;
  if (above.now?.type !== "directory" && above.decision !== "restore") name.decision = "inside";
}
