// What runs later of a session's changes, with the contents that the store has of them.

import { type Change, type Entry, type ObjectStore, textOf } from "nono-ts";
import { type RunsLater, runsLater } from "./runs-later.ts";

/** Longest configuration that is read, in bytes. */
const TEXT_MAX = 1 << 20;

/** @throws NonoError `object-missing`, `store-damaged` */
export function laterOf(
  objects: ObjectStore,
  changes: readonly Change[],
  left: Iterable<Entry>,
  { PATH, HOME }: Readonly<Record<string, string | undefined>>,
): readonly RunsLater[] {
  return runsLater(changes, {
    left,
    commandPath: (PATH ?? "").split(":").filter((directory) => directory.startsWith("/")),
    home: HOME,
    textOf: (entry) =>
      entry.type === "file" && entry.size <= TEXT_MAX ? textOf(objects.read(entry.content)) : undefined,
  });
}
