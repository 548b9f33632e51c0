// Split grants: Landlock has no rule "this directory but not that child", so a grant with a denial inside is taken
// apart, level by level, until no rule covers what is denied. Rights stick to inodes, so nothing can be renamed out.
// The entries of a directory that is taken apart are left to the launcher, which lists it: there may be a thousand.

import type { PathKind } from "../capability/index.ts";
import { type CanonicalPath, childOf } from "../files/canonical-path.ts";
import { type FileView, type Identity, sameFile } from "../files/file-view.ts";
import type { PathIndex } from "../files/path-index.ts";

/** Something that gets a rule of its own. `list`: a directory that may be listed, and nothing below it read. */
export type Piece = Readonly<{ path: CanonicalPath; kind: PathKind | "list" }>;

/** Paths that are denied, found by what is above and below a path. */
export type DeniedPaths = Pick<PathIndex<CanonicalPath>, "within" | "covering">;

export type Split = Readonly<{
  pieces: readonly Piece[];
  /**
   * Directories that no rule covers, though each of their entries has one of its own: what is made directly in them later
   * has none. `leftOut`: the names of entries that are denied, or have something denied below.
   */
  opened: readonly Readonly<{ path: CanonicalPath; leftOut: readonly string[] }>[];
}>;

/**
 * The pieces of `grant` that avoid every path in `denied`, also under its other names in the same directories.
 *
 * A name that does not exist is avoided as well: the deepest directory on the way to it that exists is taken apart.
 * A directory on the way may be listed unless a denied directory lies below it, whose entries would be listed too.
 */
export function splitGrant(grant: Piece, denied: DeniedPaths, view: FileView): Split {
  if (denied.covering(grant.path).length > 0) return { pieces: [], opened: [] };
  const inside = denied.within(grant.path);
  if (inside.length === 0 || grant.kind === "file") return { pieces: [grant], opened: [] };

  const pieces: Piece[] = [];
  const opened: Split["opened"][number][] = [];
  takeApart(grant.path, inside, identitiesOf(inside, view), view, pieces, opened);
  return { pieces, opened };
}

function takeApart(
  directory: CanonicalPath,
  denied: readonly CanonicalPath[],
  otherNames: readonly Identity[],
  view: FileView,
  pieces: Piece[],
  opened: Split["opened"][number][],
): void {
  if (!denied.some((path) => view.kindOf(path) === "directory"))
    pieces.push({ path: directory, kind: "list" });

  const leftOut = new Set(namesOf(directory, otherNames, view));
  for (const [name, below] of groupByChild(directory, denied)) {
    const path = childOf(directory, name);
    const kind = below.includes(path) ? "denied" : view.kindOf(path);
    if (kind !== "file") leftOut.add(name); // below a file there is nothing to deny
    if (kind === "directory") takeApart(path, below, otherNames, view, pieces, opened);
  }
  opened.push({ path: directory, leftOut: [...leftOut] });
}

/** The denied paths by the entry of `directory` that they are or lie below. */
function groupByChild(
  directory: CanonicalPath,
  denied: readonly CanonicalPath[],
): Map<string, CanonicalPath[]> {
  const start = directory === "/" ? 1 : directory.length + 1;
  const groups = new Map<string, CanonicalPath[]>();
  for (const path of denied) {
    const end = path.indexOf("/", start);
    const name = path.slice(start, end < 0 ? undefined : end);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [path]);
    else group.push(path);
  }
  return groups;
}

/** Denied files that have more names than one; looking for those costs a stat per sibling, so it is done only then. */
function identitiesOf(denied: readonly CanonicalPath[], view: FileView): readonly Identity[] {
  return denied
    .filter((path) => view.kindOf(path) === "file")
    .map((path) => view.identityOf(path))
    .filter((identity): identity is Identity => identity !== undefined && identity.links > 1n);
}

/** By which names of `directory` one of them can be reached as well. */
function namesOf(
  directory: CanonicalPath,
  identities: readonly Identity[],
  view: FileView,
): readonly string[] {
  if (identities.length === 0) return [];
  return (view.list(directory) ?? [])
    .filter(
      ({ kind, name }) => kind === "file" && isOneOf(view.identityOf(childOf(directory, name)), identities),
    )
    .map(({ name }) => name);
}

function isOneOf(own: Identity | undefined, identities: readonly Identity[]): boolean {
  return identities.some((other) => sameFile(own, other));
}
