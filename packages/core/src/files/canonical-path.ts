// Paths that can be compared: absolute, without `.`, `..` and links, by components and never as strings.

import { readlinkSync, realpathSync } from "node:fs";
import { NonoError } from "../error.ts";
import { fileName, textOf } from "../text/bytes.ts";
import { baseNameOf, directoryOf, resolvePath } from "./path-names.ts";

declare const canonical: unique symbol;

/** Absolute; no `.`, `..` or links when it was resolved. Only this file makes one. */
export type CanonicalPath = string & { readonly [canonical]: true };

/**
 * The real path of `file`, links resolved.
 *
 * @param base absolute directory that a relative `file` is taken from
 * @throws the file system's own error (ENOENT, EACCES, ELOOP) with its `code`
 */
export function canonicalize(file: string, base: string = process.cwd()): CanonicalPath {
  const absolute = resolvePath(base, file);
  return textOf(realpathSync.native(fileName(absolute), { encoding: "buffer" })) as CanonicalPath;
}

/**
 * The real path of the part of `file` that exists, followed by what does not, so that a name can be denied before it
 * exists. A dangling link counts as what it names.
 */
export function canonicalizeMissing(file: string, base: string = process.cwd()): CanonicalPath {
  const rest: string[] = [];
  let existing = resolvePath(base, file);
  for (let links = 0; ; ) {
    try {
      return resolvePath(canonicalize(existing), ...rest) as CanonicalPath;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== "ENOENT" && code !== "ENOTDIR") || existing === "/") throw error;
    }
    const target = linkTarget(existing);
    if (target !== undefined && ++links <= 40) {
      existing = resolvePath(directoryOf(existing), target);
    } else {
      rest.unshift(baseNameOf(existing));
      existing = directoryOf(existing);
    }
  }
}

function linkTarget(file: string): string | undefined {
  try {
    return textOf(readlinkSync(fileName(file), { encoding: "buffer" }));
  } catch (error) {
    if (error instanceof NonoError) throw error;
    return undefined;
  }
}

/** Whether `file` is `ancestor` or lies below it. */
export function isWithin(file: CanonicalPath, ancestor: CanonicalPath): boolean {
  if (ancestor === "/" || file === ancestor) return true;
  return file.startsWith(ancestor) && file[ancestor.length] === "/";
}

/** `directory` and one name in it. */
export function childOf(directory: CanonicalPath, name: string): CanonicalPath {
  return (directory === "/" ? `/${name}` : `${directory}/${name}`) as CanonicalPath;
}

/** The directory that holds `file`; `/` is its own. */
export function parentOf(file: CanonicalPath): CanonicalPath {
  return directoryOf(file) as CanonicalPath;
}
