// Takes tracked trees back: plan, state before as a snapshot, journal, actions, what is known now.

import { directoryOf } from "../files/path-names.ts";
import { randomBytes } from "../random.ts";
import { breather } from "./breath.ts";
import { byPath, type Entries, sameOwner, sortedByPath } from "./compare.ts";
import { encodeEntry } from "./entry.ts";
import type { FileRecord } from "./file-record.ts";
import { rowOf } from "./leaves.ts";
import type { Decoded, Snapshot } from "./manifest.ts";
import { type ActionResult, RestoreActions } from "./restore-actions.ts";
import { isSimple, RestoreAhead, type SimpleAction } from "./restore-ahead.ts";
import { readJournal, removeJournal, writeJournal } from "./restore-journal.ts";
import {
  type Conflict,
  planRestore,
  type RestoreAction,
  type RestorePlan,
  type RestoreStates,
} from "./restore-plan.ts";
import type { SnapshotSession } from "./snapshot-session.ts";

export type RestoreOptions = Readonly<{
  /** Number of the snapshot to go back to: 0 is the state before the run. */
  to: number;
  /** Absolute paths: these and all below them; or whether a path is meant, each by itself; undefined: everything. */
  paths?: readonly string[] | ((path: string) => boolean) | undefined;
  /** Overwrite also what somebody else changed since, where the session had changed it; bring back what they removed. */
  force?: boolean | undefined;
}>;

/** A plan for what is there now. */
export type PreparedRestore = Readonly<{
  plan: RestorePlan;
  to: number;
  target: Entries;
  known: Entries;
  present: Entries;
  records: ReadonlyMap<string, FileRecord>;
  /** An earlier restore was interrupted; this one goes on with it. */
  continues: boolean;
}>;

/** `before`: the state that was there, to undo the restore with. */
export type Restored = Readonly<{
  done: readonly RestoreAction[];
  conflicts: readonly Conflict[];
  before: Snapshot | undefined;
}>;

/**
 * Changes nothing but what an interrupted restore left behind.
 * @throws NonoError `snapshot-unknown`, `store-damaged`, `object-missing`
 */
export async function prepareRestore(
  session: SnapshotSession,
  options: RestoreOptions,
): Promise<PreparedRestore> {
  const journal = readJournal(session.files.journalFile);
  if (journal !== undefined) clearTemporaries(session, journal.temporary, journal.changed);
  const decoded: Decoded = new Map();
  const target = byPath(session.entries(options.to, decoded));
  const known = byPath(session.entries(knownState(session).number, decoded));
  const { entries, records } = await session.see();
  const present = byPath(entries);
  const choice = {
    selects: selectorOf(options.paths),
    force: options.force === true,
    unfinished: new Set(journal?.target === options.to ? journal.changed : []),
  };
  const states = mayGiveAway() ? { target, known, present } : ownersAs({ target, known, present });
  const plan = planRestore(states, choice);
  return { plan, to: options.to, target, known, present, records, continues: journal !== undefined };
}

function mayGiveAway(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * Others than root cannot set owners back, and give no program the right to run as somebody else: that then does not
 * count as changed.
 */
function ownersAs({ target, known, present }: RestoreStates): RestoreStates {
  const asIn = (entries: Entries): Entries => {
    const foreign = Array.from(entries.values()).flatMap((entry) => {
      const to = target.get(entry.path);
      if (to === undefined || sameOwner(to, entry)) return [];
      const mode = ((to.mode ^ entry.mode) & 0o1777) === 0 ? to.mode : entry.mode;
      return [{ ...entry, mode, uid: to.uid, gid: to.gid }];
    });
    return foreign.length === 0 ? entries : new Map([...entries, ...byPath(foreign)]);
  };
  return { target, known: asIn(known), present: asIn(present) };
}

/** The last snapshot of what the session or a restore left, rather than of what somebody else may have done since. */
function knownState(session: SnapshotSession): Snapshot {
  const snapshots = session.files.snapshots().filter(({ kind }) => kind !== "before-restore");
  return snapshots.at(-1) ?? session.files.snapshot(0);
}

/**
 * Carries a plan out. What is not any more as it was planned for becomes a conflict and stays.
 *
 * @throws the system's error for a full disk and the like, NonoError `object-missing`, `store-damaged`. Then each file
 * is as before or as wanted, and the same restore, prepared again, does the rest
 */
export async function applyRestore(session: SnapshotSession, prepared: PreparedRestore): Promise<Restored> {
  const { plan, to } = prepared;
  if (plan.actions.length === 0) {
    removeJournal(session.files.journalFile);
    return { done: [], conflicts: plan.conflicts, before: undefined };
  }
  const before = await session.take("before-restore");
  const temporary = `.nono-${randomBytes(8).toString("hex")}`;
  const changed = [...new Set(plan.actions.map(({ path }) => path))];
  writeJournal(session.files.journalFile, { target: to, temporary, changed });
  const { done, conflicts } = await perform(session, prepared, temporary);
  await recordRestored(session, prepared, done);
  removeJournal(session.files.journalFile);
  return { done, conflicts: [...plan.conflicts, ...conflicts], before };
}

async function perform(
  session: SnapshotSession,
  { plan, records }: PreparedRestore,
  temporary: string,
): Promise<Pick<Restored, "done" | "conflicts">> {
  const work = new Work(session, records, temporary);
  const chosen = (...steps: RestoreAction["step"][]) =>
    plan.actions.filter(({ step }) => steps.includes(step));
  try {
    await work.eachOf(chosen("remove"));
    // Directories are there before many files are put into them at once, and finished when all in them is done.
    await work.inOrder(chosen("make"));
    await work.atOnce(chosen("put"));
    await work.eachOf(chosen("join", "amend"));
    await work.inOrder(chosen("finish"));
    work.sync();
  } finally {
    work.close();
  }
  return summed(plan, work.results);
}

/** Actions that are simple are done many at once, beside JavaScript; what remains, one by one. */
class Work {
  readonly results = new Map<RestoreAction, ActionResult>();
  private readonly session: SnapshotSession;
  private readonly records: ReadonlyMap<string, FileRecord>;
  private readonly actions: RestoreActions;
  private readonly ahead: RestoreAhead;
  private readonly breathe = breather();

  constructor(session: SnapshotSession, records: ReadonlyMap<string, FileRecord>, temporary: string) {
    this.session = session;
    this.records = records;
    this.actions = new RestoreActions(session.addon, session.objects, temporary);
    this.ahead = new RestoreAhead(session.addon, session.objects, temporary);
  }

  async eachOf(chosen: readonly RestoreAction[]): Promise<void> {
    for (const action of chosen) {
      if (this.results.has(action)) continue;
      this.results.set(action, this.actions.perform(action, this.records.get(action.path)));
      const pause = this.breathe();
      if (pause !== undefined) await pause;
    }
  }

  async inOrder(chosen: readonly RestoreAction[]): Promise<void> {
    this.tell(await this.ahead.inOrder(chosen.filter((action) => this.isSimple(action))));
    await this.eachOf(chosen);
  }

  async atOnce(chosen: readonly RestoreAction[]): Promise<void> {
    const simple = chosen.filter((action) => this.isSimple(action));
    const done = await this.ahead.put(simple, this.records);
    this.tell(done);
    for (const { path } of simple.filter((action) => !done.has(action)))
      this.actions.clearIn(directoryOf(path));
    await this.eachOf(chosen);
  }

  private isSimple = (action: RestoreAction): action is SimpleAction =>
    isSimple(action, this.records.get(action.path)) && !this.actions.isWidened(action.path);

  private tell(done: ReadonlySet<RestoreAction>): void {
    for (const action of done) this.results.set(action, "done");
  }

  sync(): void {
    for (const root of this.session.tracked.roots) this.actions.sync(root);
  }

  close(): void {
    this.actions.close();
  }
}

function summed(
  { actions }: RestorePlan,
  results: ReadonlyMap<RestoreAction, ActionResult>,
): Pick<Restored, "done" | "conflicts"> {
  const conflicts = new Map<string, Conflict>();
  for (const action of actions) {
    const reason = results.get(action);
    if (reason !== undefined && reason !== "done" && !conflicts.has(action.path))
      conflicts.set(action.path, { path: action.path, reason });
  }
  return {
    done: actions.filter((action) => results.get(action) === "done"),
    conflicts: [...conflicts.values()],
  };
}

/** What was left alone stays what the session left, as far as is known: it is not ours to take back later. */
async function recordRestored(
  session: SnapshotSession,
  { known, target, to }: PreparedRestore,
  done: readonly RestoreAction[],
): Promise<void> {
  const after = new Map(known);
  for (const action of done) {
    if (action.step === "remove") after.delete(action.path);
    else after.set(action.path, action.entry);
  }
  if (areSame(after, target)) {
    session.recordAgain("restored", to);
    return;
  }
  const entries = sortedByPath([...after.values()], ({ path }) => path);
  const files = entries.filter((entry) => entry.type === "file");
  await session.record("restored", {
    row: Buffer.concat(entries.map((entry) => rowOf(encodeEntry(entry)))),
    entryCount: entries.length,
    fileCount: files.length,
    size: files.reduce((sum, entry) => sum + entry.size, 0),
    uncaptured: [],
  });
}

/** Not only alike: as it is when everything was restored. */
function areSame(a: Entries, b: Entries): boolean {
  if (a.size !== b.size) return false;
  for (const [path, entry] of a) if (b.get(path) !== entry) return false;
  return true;
}

function clearTemporaries(session: SnapshotSession, temporary: string, changed: readonly string[]): void {
  const actions = new RestoreActions(session.addon, session.objects, temporary);
  try {
    for (const directory of new Set(changed.map(directoryOf))) actions.clearIn(directory);
  } finally {
    actions.close();
  }
}

function selectorOf(paths: RestoreOptions["paths"]): (path: string) => boolean {
  if (paths === undefined) return () => true;
  if (typeof paths === "function") return paths;
  return (path) =>
    paths.some((chosen) => path === chosen || path.startsWith(`${chosen === "/" ? "" : chosen}/`));
}
