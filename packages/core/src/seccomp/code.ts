// Instructions put together from the last to the first: BPF jumps only forwards, so whatever a jump can reach is
// already there, its distance is known, and no second pass is needed.

import { type Action, returnValueOf } from "./action.ts";
import { JUMP, MAX_BRANCH, RETURN } from "./bpf.ts";
import type { Instruction } from "./program.ts";

/** A place in the program, counted from its end. */
export type Label = number;

/** Where a jump goes: to a place, or to an answer. */
export type Target = Label | Action;

export class Code {
  readonly #reversed: Instruction[] = [];
  readonly #answers = new Map<number, Label>();

  /** `code` `k`, then on with `next`. */
  step(code: number, k: number, next: Target): Label {
    const place = this.#near(next);
    if (this.#distance(place) > 0) this.#prepend({ code: JUMP, jt: 0, jf: 0, k: this.#distance(place) });
    return this.#prepend({ code, jt: 0, jf: 0, k });
  }

  /** A conditional jump: `code` `k`, then on with one of the two. */
  branch(code: number, k: number, whenTrue: Target, whenFalse: Target): Label {
    const first = this.#near(whenTrue);
    const jf = this.#near(whenFalse);
    const jt = this.#near(first); // whenFalse may have pushed it out of reach
    return this.#prepend({ code, jt: this.#distance(jt), jf: this.#distance(jf), k });
  }

  /** Everything, in the order in which the kernel takes it. */
  instructions(): readonly Instruction[] {
    return this.#reversed.toReversed();
  }

  /** A place within reach of a conditional jump that leads to `target`. */
  #near(target: Target): Label {
    if (typeof target === "number") {
      const distance = this.#distance(target);
      return distance <= MAX_BRANCH ? target : this.#prepend({ code: JUMP, jt: 0, jf: 0, k: distance });
    }
    const value = returnValueOf(target);
    const known = this.#answers.get(value);
    if (known !== undefined && this.#distance(known) <= MAX_BRANCH) return known;
    const place = this.#prepend({ code: RETURN, jt: 0, jf: 0, k: value });
    this.#answers.set(value, place);
    return place;
  }

  /** How many instructions a jump that is put in front now has to skip to get to `place`. */
  #distance(place: Label): number {
    return this.#reversed.length - place;
  }

  #prepend(instruction: Instruction): Label {
    return this.#reversed.push(instruction);
  }
}
