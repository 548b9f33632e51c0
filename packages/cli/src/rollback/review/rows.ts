// The rows of a list of changes: a tree, of which directories can be folded.

import { isOfDirectory, type TreeLine } from "../changes-tree.ts";
import { isAtOrBelow } from "../paths.ts";
import type { Candidate } from "./candidate.ts";

/** `candidate`: of a directory on the way to others, none. `hidden`: changes below that are folded away. */
export type Row = Readonly<{
  line: TreeLine;
  path: string;
  candidate: Candidate | undefined;
  holdsOthers: boolean;
  hidden: number;
}>;

export function rowsOf(
  lines: readonly TreeLine[],
  candidates: ReadonlyMap<string, Candidate>,
  folded: ReadonlySet<string>,
): readonly Row[] {
  const rows: Row[] = [];
  let away: string | undefined;
  lines.forEach((line, index) => {
    if (away !== undefined && isAtOrBelow(line.path, away)) return;
    away = folded.has(line.path) ? line.path : undefined;
    const holdsOthers = (lines[index + 1]?.depth ?? 0) > line.depth;
    const own = line.change === undefined ? 0 : 1;
    rows.push({
      line,
      path: line.path,
      candidate: candidates.get(line.path),
      holdsOthers,
      hidden: away === undefined ? 0 : line.count - own,
    });
  });
  return rows;
}

/** Whether it stands for a directory, before or after. */
export function isDirectoryRow({ line: { change } }: Row): boolean {
  return change === undefined || isOfDirectory(change);
}
