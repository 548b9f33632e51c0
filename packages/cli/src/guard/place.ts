// One guarded name, and where it leads: a link on the way is guarded itself, so that it goes on leading there.

import type { CanonicalPath, FileView } from "nono-ts";
import { canonicalizeMissing, directoryOf } from "nono-ts/internal";
import type { Asked } from "../policy/policy.ts";

export type Place = Asked &
  Readonly<{
    path: CanonicalPath;
    access: "write" | "read+write";
    why: string;
    /** It may go, as git removes a worktree; only what is put there counts. */
    removable: boolean;
  }>;

/** The path of `names` below `directory`, whether it is there or not, after each link on the way to it. */
export function pathsTo(directory: CanonicalPath, names: string, view: FileView): readonly CanonicalPath[] {
  const links: CanonicalPath[] = [];
  let at = directory;
  for (const name of names.split("/")) {
    at = below(at, name);
    if (view.kindOf(at) !== "link") continue;
    links.push(at);
    const target = view.linkTarget(at);
    const end = target === undefined ? undefined : resolved(target, directoryOf(at));
    if (end === undefined) return links;
    at = end;
  }
  return [...links, at];
}

export function below(directory: CanonicalPath, name: string): CanonicalPath {
  return (directory === "/" ? `/${name}` : `${directory}/${name}`) as CanonicalPath;
}

/** Undefined where this user cannot go, or links lead in circles: then no program of this user gets there. */
export function resolved(path: string, base: string): CanonicalPath | undefined {
  try {
    return canonicalizeMissing(path, base);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === "string") return undefined;
    throw error;
  }
}
