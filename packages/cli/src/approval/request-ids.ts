// Names of requests, for people to type. None comes twice in a session: else a program that withdraws a request and makes
// many new ones could have an answer that was meant for the one given to another.

import { randomBelow } from "nono-ts/internal";

/** None that is taken for another. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const SHORTEST = 4;
/** Odd, so that all numbers of a length come before one comes again; and neighbours do not look alike. */
const STEP = 619_517;

/** Short ones first. Where they begin is another in each session, which rarely has the same as another one then. */
export function* requestIds(begin: (below: number) => number = randomBelow): Generator<string, never> {
  for (let length = SHORTEST; ; length++) {
    const count = LETTERS.length ** length; // 2^20, 2^25, …: nobody is asked 2^53 times
    let number = begin(LETTERS.length ** SHORTEST);
    for (let made = 0; made < count; made++, number = (number + STEP) % count) yield spelled(number, length);
  }
}

function spelled(number: number, length: number): string {
  let text = "";
  for (let rest = number; text.length < length; rest = Math.floor(rest / LETTERS.length))
    text += LETTERS[rest % LETTERS.length];
  return text;
}
