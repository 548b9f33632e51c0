// A restore of one session, in two steps: what it would do, and doing it.

import {
  applyRestore,
  type Conflict,
  type PreparedRestore,
  prepareRestore,
  type RestoreAction,
  type Restored,
  type RestoreOptions,
  type SnapshotSession,
  type SnapshotStore,
} from "nono-ts";

export type RestoreWish = Readonly<{
  id: string;
  /** Number of a snapshot. */
  to: number;
  paths: RestoreOptions["paths"];
  force: boolean;
}>;

/** The session is held by this process, so that nothing else restores it meanwhile. */
export class Restoration {
  readonly #session: SnapshotSession;

  /** @param session stays open when this is not closed */
  constructor(session: SnapshotSession) {
    this.#session = session;
  }

  /** @throws NonoError `session-unknown`, `session-locked` */
  static open(store: SnapshotStore, id: string): Restoration {
    return new Restoration(store.open(id));
  }

  /** Absolute paths of what is tracked. */
  get roots(): readonly string[] {
    return this.#session.tracked.roots;
  }

  /** @throws as `prepareRestore` does */
  prepare({ to, paths, force }: Omit<RestoreWish, "id">): Promise<PreparedRestore> {
    return prepareRestore(this.#session, { to, paths, force });
  }

  /** @throws as `applyRestore` does */
  apply(prepared: PreparedRestore): Promise<Restored> {
    return applyRestore(this.#session, prepared);
  }

  close(): void {
    this.#session.close();
  }
}

export type PlannedStep = Readonly<{
  step: "remove" | "write" | "link" | "make" | "change" | "times";
  path: string;
}>;

const WORDS = {
  remove: "remove",
  put: "write",
  join: "link",
  make: "make",
  amend: "change",
  finish: "times",
} as const satisfies Record<RestoreAction["step"], PlannedStep["step"]>;

/** Once for each path, as a person sees it: a directory that is only finished gets its times and mode back. */
export function stepsOf(actions: readonly RestoreAction[]): readonly PlannedStep[] {
  const steps = new Map<string, PlannedStep>();
  for (const { step, path } of actions)
    if (step !== "finish" || !steps.has(path)) steps.set(path, { step: WORDS[step], path });
  return [...steps.values()];
}

export function restoreDocument(
  wish: Pick<RestoreWish, "id" | "to">,
  actions: readonly RestoreAction[],
  conflicts: readonly Conflict[],
  before: number | undefined,
) {
  return {
    session_id: wish.id,
    to: wish.to,
    steps: stepsOf(actions),
    conflicts,
    undo_snapshot: before ?? null,
  };
}
