// Whether a session's snapshots still are what was taken: every content is read, every root computed again.

import { NonoError } from "../error.ts";
import type { Digest } from "../hash/digest.ts";
import type { Entry } from "./entry.ts";
import { readEntries } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import type { SessionFiles } from "./session-files.ts";

/** `snapshot`: the number of the one that has it; undefined: the session as a whole. */
export type Damage = Readonly<{ snapshot: number | undefined; problem: string }>;

export type Verification = Readonly<{ snapshots: number; contents: number; damages: readonly Damage[] }>;

/**
 * @param roots Merkle roots by the number of their snapshot, from a record that is kept elsewhere, such as the audit log:
 * without them a store that somebody wrote anew as a whole looks right
 */
export function verifySession(
  objects: ObjectStore,
  files: SessionFiles,
  roots: ReadonlyMap<number, string> = new Map(),
): Verification {
  const damages: Damage[] = [];
  const checked = new Set<Digest>();
  const attempt = (snapshot: number | undefined, check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof NonoError)) throw error;
      damages.push({ snapshot, problem: error.message });
    }
  };
  attempt(undefined, () => files.read());
  const numbers = files.numbers();
  for (const number of new Set([...numbers, ...roots.keys(), ...upTo(numbers)]))
    attempt(number, () => {
      const snapshot = files.snapshot(number);
      const file = files.snapshotFile(number);
      const expected = roots.get(number);
      if (expected !== undefined && expected !== snapshot.merkleRoot)
        throw new NonoError({
          code: "store-damaged",
          file,
          reason: "its root is not the one that was recorded",
        });
      for (const entry of readEntries(objects, file, snapshot))
        attempt(number, () => checkContent(objects, entry, checked));
    });
  return { snapshots: numbers.length, contents: checked.size, damages };
}

/** Numbers have no gaps: a snapshot that was removed is missed. */
function upTo(numbers: readonly number[]): number[] {
  return Array.from({ length: (numbers.at(-1) ?? -1) + 1 }, (_, number) => number);
}

function checkContent(objects: ObjectStore, entry: Entry, checked: Set<Digest>): void {
  if (entry.type !== "file" || checked.has(entry.content)) return;
  checked.add(entry.content);
  let length = 0;
  objects.readEach(entry.content, (bytes) => {
    length += bytes.length;
  });
  const data = entry.stretches?.reduce((sum, stretch) => sum + stretch[1], 0) ?? entry.size;
  if (length !== data)
    throw new NonoError({ code: "store-damaged", file: entry.path, reason: "its content has another size" });
}
