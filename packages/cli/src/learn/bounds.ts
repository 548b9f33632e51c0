// What a learned profile never grants, however much of it was used.

import type { CanonicalPath } from "nono-ts";
import { baseNameOf, directoryOf, isWithin } from "nono-ts/internal";
import type { Half } from "./use.ts";

export type Bounds = Readonly<{
  /** What is denied, and protected roots: nothing that is, holds or lies in one of them is granted in this half. */
  denied: Readonly<Record<Half, readonly CanonicalPath[]>>;
  /** Not granted for writing; what holds one of them may be, as the workspace guard takes them out again. */
  guarded: readonly CanonicalPath[];
  /** Directories that are never granted as a whole, though things in them may be; beside `/` and those directly in it. */
  tooWide: readonly CanonicalPath[];
  /** Directories that programs share for what they throw away. */
  temporary: readonly CanonicalPath[];
  /** Where the work is done, wherever that lies: also in one of `temporary`, or directly in `/`. */
  work: readonly [workdir: CanonicalPath, home: CanonicalPath];
}>;

/** The bounds, ready to be asked often. */
export type Judge = Readonly<{
  /** At or below something denied. */
  isDenied(path: CanonicalPath, half: Half): boolean;
  /** Something denied lies at or below it. */
  holdsDenied(path: CanonicalPath, half: Half): boolean;
  /** Names in a directory that are denied, or on the way to what is. */
  deniedIn(directory: CanonicalPath): readonly string[];
  isTemporary(path: CanonicalPath): boolean;
  /** Whether a directory may be granted with all that is in it. */
  mayGrant(directory: CanonicalPath, half: Half): boolean;
}>;

export function judgeBy({ denied, guarded, tooWide, temporary, work }: Bounds): Judge {
  const at = { read: new Set(denied.read), write: new Set([...denied.write, ...guarded]) };
  const around = {
    read: new Set(denied.read.flatMap(lineageOf)),
    write: new Set(denied.write.flatMap(lineageOf)),
  };
  const names = namesByDirectory([...around.read, ...around.write, ...guarded]);
  const wide = new Set(tooWide);
  const isDenied = (path: CanonicalPath, half: Half) => lineageOf(path).some((one) => at[half].has(one));
  const isIn = (path: CanonicalPath, directories: readonly CanonicalPath[]) =>
    directories.some((directory) => isWithin(path, directory));
  const isTemporary = (path: CanonicalPath) => isIn(path, temporary) && !isIn(path, work);
  const isTop = (path: CanonicalPath) => directoryOf(path) === "/" && !work.includes(path);
  return {
    isDenied,
    isTemporary,
    holdsDenied: (path, half) => around[half].has(path),
    deniedIn: (directory) => names.get(directory) ?? [],
    mayGrant: (directory, half) =>
      !isTop(directory) &&
      !wide.has(directory) &&
      !around[half].has(directory) &&
      !isDenied(directory, half) &&
      !isTemporary(directory),
  };
}

function namesByDirectory(paths: readonly CanonicalPath[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const path of paths) {
    const known = names.get(directoryOf(path));
    if (known === undefined) names.set(directoryOf(path), [baseNameOf(path)]);
    else known.push(baseNameOf(path));
  }
  return names;
}

/** `path`, the directory it is in, and so on up to `/`. */
export function lineageOf(path: CanonicalPath): readonly CanonicalPath[] {
  const lineage = [path];
  for (let at = path; at !== "/"; ) {
    at = directoryOf(at) as CanonicalPath;
    lineage.push(at);
  }
  return lineage;
}
