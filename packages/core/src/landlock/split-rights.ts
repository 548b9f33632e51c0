// What a split rule gives on a path, by the kind of the entry that the path is or lies below.

import { type CanonicalPath, childOf, isWithin } from "../files/canonical-path.ts";
import type { FileView } from "../files/file-view.ts";
import type { SplitRule } from "./ruleset.ts";

/** The entry of the rule's directory that has the path, if the rule covers it; and the rights. */
export function rightsOfSplit(
  split: Pick<SplitRule, "directory" | "files" | "directories" | "leftOut">,
  path: CanonicalPath,
  view: FileView,
): Readonly<{ entry: CanonicalPath; rights: bigint }> | undefined {
  const { directory, files, directories, leftOut } = split;
  if (path === directory || !isWithin(path, directory)) return undefined;
  const start = directory === "/" ? 1 : directory.length + 1;
  const end = path.indexOf("/", start);
  const name = path.slice(start, end < 0 ? undefined : end);
  if (leftOut.includes(name)) return undefined;
  const entry = childOf(directory, name);
  const kind = view.kindOf(entry);
  const rights = kind === "directory" ? directories : kind === "file" ? files : 0n;
  return rights === 0n ? undefined : { entry, rights };
}
