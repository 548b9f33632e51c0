// Many paths at once: the same answers as canonicalizeMissing, but each directory on the way is looked at only once.

import { lstatSync, readlinkSync } from "node:fs";
import { fileName, textOf } from "../text/bytes.ts";
import { type CanonicalPath, childOf, parentOf } from "./canonical-path.ts";
import { resolvePath } from "./path-names.ts";

export type ResolvedPath = Readonly<{
  /** Links resolved as far as the path exists; what does not exist follows as it was named. */
  path: CanonicalPath;
  /**
   * `unreachable`: this user may not look there, or links lead in circles. Then so it is for every program of this
   * user, and `path` is the place where the way ends, with the rest as it was named.
   */
  kind: "directory" | "file" | "missing" | "unreachable";
  /** Where the links lay that led there. */
  links: readonly CanonicalPath[];
}>;

/** As the kernel has it (path_resolution(7)). */
const LINK_LIMIT = 40;

const NO_LINKS: readonly CanonicalPath[] = [];
const ROOT: ResolvedPath = { path: "/" as CanonicalPath, kind: "directory", links: NO_LINKS };

/** Of a path that no link is a part of. */
export function withoutLinks(path: CanonicalPath, kind: ResolvedPath["kind"]): ResolvedPath {
  return { path, kind, links: NO_LINKS };
}

/**
 * Makes a function that resolves absolute paths. It remembers what it saw: use it for one moment, not for long.
 *
 * @param seen without links; looked at already, because a look at many at once costs less
 * @throws what the file system says other than ENOENT and EACCES
 */
export function pathResolver(seen: readonly ResolvedPath[] = []): (file: string) => ResolvedPath {
  /** By every name they were asked for or found under; a real path is its own name. */
  const known = new Map<string, ResolvedPath>([["/", ROOT]]);
  for (const one of seen) known.set(one.path, one);

  function lookUp(file: string): ResolvedPath {
    const found = known.get(file);
    if (found !== undefined) return found;
    const slash = file.lastIndexOf("/");
    const directory = lookUp(slash === 0 ? "/" : file.slice(0, slash));
    const entry = step(directory, file.slice(slash + 1), 0);
    if (directory.links.length > 0) known.set(file, entry);
    return entry;
  }

  function step(directory: ResolvedPath, name: string, depth: number): ResolvedPath {
    const file = childOf(directory.path, name);
    const { links } = directory;
    if (directory.kind !== "directory") {
      const kind = directory.kind === "file" ? "missing" : directory.kind;
      return { path: file, kind, links };
    }
    let entry = known.get(file);
    if (entry === undefined) {
      entry = look(file, directory.path, depth);
      known.set(file, entry);
    }
    return links.length === 0 ? entry : { ...entry, links: [...links, ...entry.links] };
  }

  function look(file: CanonicalPath, directory: CanonicalPath, depth: number): ResolvedPath {
    const kind = kindOf(file);
    if (kind !== "link") return withoutLinks(file, kind);
    if (depth >= LINK_LIMIT) return { path: file, kind: "unreachable", links: [file] };
    const target = textOf(readlinkSync(fileName(file), { encoding: "buffer" }));
    const end = walk(target.startsWith("/") ? ROOT : { ...ROOT, path: directory }, target, depth + 1);
    return { ...end, links: [file, ...end.links] };
  }

  /** Where a link leads: `..` is the directory above the place that was reached, not above the name before it. */
  function walk(from: ResolvedPath, target: string, depth: number): ResolvedPath {
    let at = from;
    for (const name of target.split("/")) {
      if (name === "" || name === ".") continue;
      at = name === ".." ? up(at) : step(at, name, depth);
    }
    return at;
  }

  /** Out of a place that does not exist as well: the name may be there one day, and means the same then. */
  function up(from: ResolvedPath): ResolvedPath {
    const parent = parentOf(from.path);
    const kind = from.kind === "unreachable" ? from.kind : (known.get(parent)?.kind ?? "directory");
    return { path: parent, kind, links: from.links };
  }

  return (file) => lookUp(resolvePath(file));
}

function kindOf(file: CanonicalPath): ResolvedPath["kind"] | "link" {
  try {
    const stat = lstatSync(fileName(file), { throwIfNoEntry: false });
    if (stat === undefined) return "missing";
    if (stat.isSymbolicLink()) return "link";
    return stat.isDirectory() ? "directory" : "file";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") return "unreachable";
    throw error;
  }
}
