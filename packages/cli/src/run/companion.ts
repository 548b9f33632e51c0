// What goes along with a run, outside of the sandbox, and takes note of it: each companion is told in order what happens,
// and what it has to do first holds the run back.

import type { Change, Ending, Guarded, Snapshot, SupervisorEvent, Witness } from "nono-ts";
import type { QuestionEvent } from "../approval/approval-session.ts";

export type RunEvent = SupervisorEvent | QuestionEvent | SnapshotEvent;

/** A snapshot was taken: before the start, in between, or when the tree has ended. `changes`: since the one before. */
export type SnapshotEvent = Readonly<{ kind: "snapshot"; snapshot: Snapshot; changes: readonly Change[] }>;

export type Companion = Readonly<{
  /** Before the start. A throw stops it: nothing is started. */
  begin?(): Promise<void>;
  /**
   * In its place, for one that waits for the disk.
   *
   * @param before to be called, meanwhile or at the end: those before this one begin
   */
  beginBeside?(before: () => Promise<void>): Promise<void>;
  /** A person may want to break off its begin: by then there is to be no process that signals are passed on to. */
  takesTime?: boolean;
  /** The command has been started, and nothing of it has been answered but its own execution. */
  started?(guarded: Guarded): void;
  /** Told at once, and of what goes on without a question, too. */
  witness?: Witness;
  /** Awaited before the next event is told; of an answer, before it holds. A throw denies. */
  happened?(event: RunEvent): Promise<void> | void;
  /** Nothing of the session's tree is left. */
  ended?(ending: Ending): Promise<void>;
  /** After the report: the terminal is the person's again. */
  afterwards?(): Promise<void>;
  /** In any case, and last. */
  close?(): Promise<void> | void;
}>;

/** Begun in their order, ended in the opposite one: who came first has seen everything. */
export class Companions {
  readonly #list: readonly Companion[];

  constructor(list: readonly Companion[]) {
    this.#list = list;
  }

  get takeTime(): boolean {
    return this.#list.some(({ takesTime }) => takesTime === true);
  }

  /** @param first before all of them, while one of them waits for the disk */
  async begin(first?: () => void): Promise<void> {
    await this.#begin(this.#list.length, first);
  }

  /** The first `count` of them. */
  async #begin(count: number, first: (() => void) | undefined): Promise<void> {
    const last = this.#list[count - 1];
    if (last === undefined) return first?.();
    const before = () => this.#begin(count - 1, first);
    if (last.beginBeside !== undefined) return await last.beginBeside(before);
    await before();
    await last.begin?.();
  }

  started(guarded: Guarded): void {
    for (const companion of this.#list) companion.started?.(guarded);
  }

  /** Only if there is one: it has a price. */
  get witness(): Witness | undefined {
    const witnesses = this.#list.flatMap(({ witness }) => witness ?? []);
    if (witnesses.length === 0) return undefined;
    return {
      decided: (kind, request) => {
        for (const witness of witnesses) witness.decided(kind, request);
      },
      observed: (list) => {
        for (const witness of witnesses) witness.observed(list);
      },
    };
  }

  async tell(event: RunEvent): Promise<void> {
    for (const companion of this.#list) await companion.happened?.(event);
  }

  /** Each has its turn, also where another fails. @throws the first failure */
  async ended(ending: Ending): Promise<void> {
    await this.#each(async (companion) => companion.ended?.(ending));
  }

  async afterwards(): Promise<void> {
    for (const companion of this.#list) await companion.afterwards?.();
  }

  async close(): Promise<void> {
    await this.#each(async (companion) => companion.close?.());
  }

  async #each(turn: (companion: Companion) => Promise<void>): Promise<void> {
    const failures: unknown[] = [];
    for (const companion of [...this.#list].reverse())
      await turn(companion).catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
