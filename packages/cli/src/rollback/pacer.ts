// Snapshots in between, by themselves: every so often, or when so much has changed.
//
// Nobody tells us what the command writes where it may write, and a watch on every directory would cost more than a look
// now and then: a look at an unchanged tree is a walk.

import type { RunSnapshots } from "./run-snapshots.ts";
import type { Pace } from "./settings.ts";

/** Milliseconds from one look to the next, at least; and how many times as long as the last look took. */
const [LOOK, SHARE] = [2000, 30];

const MINUTE = 60_000;

type Looked = Pick<RunSnapshots, "countChanged" | "take">;

/**
 * Whether a snapshot is due.
 * @param since milliseconds since the last one
 * @param changed files that changed since it
 */
export function isDue({ minutes, changes }: Pace, since: number, changed: number): boolean {
  if (changed === 0) return false;
  return (
    (minutes !== undefined && since >= minutes * MINUTE) || (changes !== undefined && changed >= changes)
  );
}

/** Milliseconds until it is worth to look again. */
export function pauseOf({ minutes, changes }: Pace, since: number, looked: number): number {
  const pause = Math.max(LOOK, looked * SHARE);
  if (changes !== undefined || minutes === undefined) return pause;
  return Math.max(pause, minutes * MINUTE - since);
}

export class Pacer {
  readonly #pace: Pace;
  readonly #snapshots: Looked;
  #timer: NodeJS.Timeout | undefined;
  #taken = performance.now();
  #looking: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(pace: Pace, snapshots: Looked) {
    this.#pace = pace;
    this.#snapshots = snapshots;
  }

  begin(): void {
    const { minutes, changes } = this.#pace;
    if (minutes === undefined && changes === undefined) return;
    this.#taken = performance.now();
    this.#wait(0);
  }

  #wait(looked: number): void {
    const pause = pauseOf(this.#pace, performance.now() - this.#taken, looked);
    this.#timer = setTimeout(() => {
      this.#looking = this.#look();
    }, pause);
  }

  async #look(): Promise<void> {
    const began = performance.now();
    try {
      const changed = await this.#snapshots.countChanged();
      if (this.#timer !== undefined && isDue(this.#pace, began - this.#taken, changed)) {
        await this.#snapshots.take("checkpoint");
        this.#taken = performance.now();
      }
    } catch (error) {
      // Said at the end: the command has the terminal. The snapshot at the end does not depend on it.
      this.#failure = error;
    }
    if (this.#timer !== undefined) this.#wait(performance.now() - began);
  }

  /** Resolves when nothing is looked at any more. @returns why a snapshot could not be taken, the last reason */
  async end(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
    return this.#failure;
  }
}
