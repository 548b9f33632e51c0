// A review on a terminal: somebody looks at what can be taken back, and takes back what they pick.

import type { PreparedRestore, Restored } from "nono-ts";
import { FullScreen } from "nono-ts/internal";
import type { Io } from "../../io.ts";
import type { RestoreWish } from "../../rollback/restoration.ts";
import { type Candidate, candidatesOf } from "../../rollback/review/candidate.ts";
import { press, type Reaction, type Stroke } from "../../rollback/review/press.ts";
import { changed, type Review, reviewOf, type Wish } from "../../rollback/review/review.ts";
import { canDraw } from "../../terminal/can-draw.ts";
import { type Key, KeyReader } from "../../terminal/keys.ts";
import { reasonOf, warn } from "../../ui/message.ts";
import { countText } from "../../ui/quantities.ts";
import { diffPage, planPage } from "../../ui/rollback-page.ts";
import { stepsText } from "../../ui/rollback-restore.ts";
import { fitted, heightOf, renderReview } from "../../ui/rollback-review.ts";
import { applyRecorded, unrecordedText } from "./apply-recorded.ts";
import type { Reviewed } from "./reviewed.ts";

/**
 * @param everything a restore of everything, prepared just before
 * @returns the restores that were made and not undone; undefined where there is no screen, or a dumb one
 * @throws as `prepareRestore` does
 */
export async function reviewOnScreen(
  reviewed: Reviewed,
  everything: PreparedRestore,
  io: Io,
): Promise<readonly Restored[] | undefined> {
  if (!canDraw(io.env)) return undefined;
  const screen = FullScreen.open();
  if (screen === undefined) return undefined;
  const reviewer = new Reviewer(screen, reviewed, io);
  try {
    await reviewer.untilLeft(everything);
    return reviewer.taken;
  } finally {
    screen.close();
    for (const text of reviewer.warnings) warn(io, text);
  }
}

class Reviewer {
  /** Restores that were made here and not undone. */
  readonly taken: Restored[] = [];
  /** To be said when the screen is gone. */
  readonly warnings: string[] = [];
  readonly #screen: FullScreen;
  readonly #reviewed: Reviewed;
  readonly #io: Io;
  readonly #keys = new KeyReader();
  #review: Review = reviewOf([], []);

  constructor(screen: FullScreen, reviewed: Reviewed, io: Io) {
    this.#screen = screen;
    this.#reviewed = reviewed;
    this.#io = io;
  }

  async untilLeft(everything: PreparedRestore): Promise<void> {
    this.#review = reviewOf(this.#reviewed.restoration.roots, this.#candidates(everything));
    for (;;) {
      this.#draw();
      const event = await this.#screen.next();
      if (event.kind === "gone") return;
      if (event.kind === "typed" && (await this.#typed(event.bytes)) === "left") return;
    }
  }

  #draw(): void {
    const room = this.#room;
    this.#review = fitted(this.#review, room);
    this.#screen.draw(renderReview(this.#review, this.#reviewed.heading, room, this.#io.stderr));
  }

  get #room() {
    const { rows, columns } = this.#screen.size;
    // A terminal that does not tell its size says 0.
    return { rows: rows || 24, columns: columns || 80 };
  }

  async #typed(bytes: Uint8Array): Promise<"left" | undefined> {
    for (const key of [...this.#keys.read(bytes), ...this.#keys.pause()]) {
      const room = this.#room;
      this.#review = fitted(this.#review, room);
      const reaction = press(this.#review, strokeOf(key), heightOf(this.#review, room));
      if (reaction.does === "leave") return "left";
      if (await this.#react(reaction)) {
        // Typed for what was to be seen before.
        this.#screen.drop();
        return undefined;
      }
    }
    return undefined;
  }

  /** @returns whether it took its time */
  async #react(reaction: Exclude<Reaction, { does: "leave" }>): Promise<boolean> {
    switch (reaction.does) {
      case "show":
        this.#review = reaction.review;
        return false;
      case "compare":
        this.#compare(reaction);
        return false;
      case "suspend":
        this.#screen.suspend();
        return false;
      case "plan":
        await this.#attempt(async () => {
          const { wish } = reaction;
          const { plan } = await this.#prepare(wish.meant, wish.force);
          this.#review = { ...this.#review, page: planPage(plan, wish) };
        });
        return true;
      case "restore":
        await this.#restore(reaction.wish);
        return true;
      case "undo":
        await this.#undoLast();
        return true;
    }
  }

  /** What fails is said, and the review goes on: a restore that did not get to its end can be made again. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#review = { ...this.#review, page: undefined, notice: `that failed: ${reasonOf(error)}` };
    }
  }

  async #restore({ meant, force }: Wish): Promise<void> {
    await this.#attempt(async () => {
      const restored = await this.#apply({ to: this.#reviewed.heading.to, paths: meant, force });
      if (restored.before !== undefined) this.taken.push(restored);
      const undo = restored.before === undefined ? "" : "; u undoes it";
      await this.#lookAgain(`${textOf(restored)}${undo}`);
    });
  }

  /** To the state before the last restore that was made here. */
  async #undoLast(): Promise<void> {
    const to = this.taken.at(-1)?.before?.number;
    if (to === undefined) {
      this.#review = { ...this.#review, notice: "nothing was taken back here yet" };
      return;
    }
    await this.#attempt(async () => {
      const undone = await this.#apply({ to, paths: undefined, force: false });
      this.taken.pop();
      await this.#lookAgain(`undone: ${textOf(undone)}`);
    });
  }

  async #apply(wish: Omit<RestoreWish, "id">): Promise<Restored> {
    this.#review = { ...this.#review, notice: "working on it..." };
    this.#draw();
    const { restoration, heading } = this.#reviewed;
    const prepared = await restoration.prepare(wish);
    const unrecorded = (error: unknown) => void this.warnings.push(unrecordedText(error));
    return applyRecorded(restoration, { ...wish, id: heading.session }, prepared, this.#io, unrecorded);
  }

  async #lookAgain(notice: string): Promise<void> {
    this.#review = changed(this.#review, this.#candidates(await this.#prepare(undefined, false)), notice);
  }

  #prepare(paths: Wish["meant"] | undefined, force: boolean): Promise<PreparedRestore> {
    const { restoration, heading } = this.#reviewed;
    return restoration.prepare({ to: heading.to, paths, force });
  }

  #compare({ review, title, candidates }: Extract<Reaction, { does: "compare" }>): void {
    const changes = candidates.map(({ change }) => change);
    this.#review = { ...review, page: diffPage(title, changes, this.#reviewed.store.objects) };
  }

  #candidates(everything: PreparedRestore): readonly Candidate[] {
    return candidatesOf(everything, this.#reviewed.store.objects, this.#io.env);
  }
}

function textOf({ done, conflicts }: Restored): string {
  const left = conflicts.length === 0 ? "" : `; ${countText(conflicts.length, "path")} left alone`;
  return `${done.length === 0 ? "nothing to do" : stepsText(done)}${left}`;
}

function strokeOf(key: Key): Stroke {
  if (key.kind === "character") return key.character;
  return key.kind === "move" ? key.to : key.kind;
}
