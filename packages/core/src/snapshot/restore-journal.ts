// What an interrupted restore was about to do: written before the first change, removed after the last one is on the
// disk.

import { rmSync } from "node:fs";
import { NonoError } from "../error.ts";
import { writeDurably } from "../files/durable-write.ts";
import { isThere } from "../files/is-there.ts";
import { readRegular } from "../files/regular-file.ts";
import { fileName } from "../text/bytes.ts";
import { seal, unseal } from "./sealed.ts";

/** `temporary`: the name that files have, in the directory where they belong, before they are whole. */
export type Journal = Readonly<{
  target: number;
  temporary: string;
  changed: readonly string[];
}>;

export function writeJournal(file: string, journal: Journal): void {
  writeDurably(file, seal(journal));
}

/** Undefined when no restore was interrupted. @throws NonoError `store-damaged` */
export function readJournal(file: string): Journal | undefined {
  if (!isThere(file)) return undefined;
  const content = readRegular(file);
  try {
    return unseal(content) as Journal;
  } catch (error) {
    const reason = "the journal of a restore was changed: remove it to go on";
    throw new NonoError({ code: "store-damaged", file, reason }, { cause: error });
  }
}

export function removeJournal(file: string): void {
  rmSync(fileName(file), { force: true });
}
