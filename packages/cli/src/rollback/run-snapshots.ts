// The snapshots of one run, in their order: before the start, in between, when nothing of the tree is left.

import type { Budget, Filter, Snapshot, SnapshotKind, SnapshotSession, SnapshotStore } from "nono-ts";
import { CliError } from "../error.ts";
import type { SnapshotEvent } from "../run/companion.ts";
import { Restoration } from "./restoration.ts";
import { type Compared, compareEntries } from "./session-view.ts";

export type Tracked = Readonly<{
  id: string;
  roots: readonly string[];
  filter: Filter;
  budget: Budget;
  command: readonly string[];
}>;

export class RunSnapshots {
  readonly #session: SnapshotSession;
  readonly #tell: (event: SnapshotEvent) => Promise<void>;
  /** One after the other, whoever asks. */
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;

  private constructor(session: SnapshotSession, tell: (event: SnapshotEvent) => Promise<void>) {
    this.#session = session;
    this.#tell = tell;
  }

  /**
   * Takes the baseline.
   * @throws NonoError `snapshot-budget`, `snapshot-root`, `store-busy`; the system's error for a full disk. Nothing is left then
   */
  static async begin(
    store: SnapshotStore,
    { id, roots, filter, budget, command }: Tracked,
    tell: (event: SnapshotEvent) => Promise<void>,
  ): Promise<Readonly<{ snapshots: RunSnapshots; baseline: Snapshot }>> {
    const session = store.create(id, roots, filter, command);
    try {
      const baseline = await session.take("baseline", budget);
      await tell({ kind: "snapshot", snapshot: baseline, changes: [] });
      return { snapshots: new RunSnapshots(session, tell), baseline };
    } catch (error) {
      session.discard();
      throw error;
    }
  }

  /** Nothing comes behind a final one. @throws CliError `session-over`; as `SnapshotSession.take` does */
  take(kind: SnapshotKind): Promise<Snapshot> {
    return this.#inTurn(async () => {
      const session = this.#session.files.id;
      if (this.#isOver) throw new CliError({ code: "session-over", session, state: "it is ending" });
      this.#isOver = kind === "final";
      const snapshot = await this.#session.take(kind);
      const { changes } = this.compare(snapshot.number - 1, snapshot.number);
      await this.#tell({ kind: "snapshot", snapshot, changes });
      return snapshot;
    });
  }

  /** Files and the like that are not as in the latest snapshot; nothing is kept. @throws as `SnapshotSession.see` does */
  countChanged(): Promise<number> {
    return this.#inTurn(async () => {
      const { entries } = await this.#session.see(true);
      const latest = this.#session.entries(this.#session.files.numbers().at(-1) ?? 0);
      return compareEntries(latest, entries).changes.length;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** What is not as it was, but for times. */
  compare(from: number, to: number): Compared {
    const [before, after] = [from, to].map((number) => this.#session.files.snapshot(number));
    if (before?.merkleRoot === after?.merkleRoot) return { changes: [], left: [] };
    return compareEntries(this.#session.entries(from), this.#session.entries(to));
  }

  /** To take back what the run did, as long as the session is open. */
  restoration(): Restoration {
    return new Restoration(this.#session);
  }

  close(): void {
    this.#session.close();
  }
}
