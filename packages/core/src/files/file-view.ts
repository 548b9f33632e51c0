// What the file system looks like, as far as plans need to know. A value, so that plans can be tested without one.

import { type BigIntStats, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { NonoError } from "../error.ts";
import { fileName, textOf } from "../text/bytes.ts";
import { type CanonicalPath, childOf } from "./canonical-path.ts";

export type EntryKind = "directory" | "link" | "file";

/** Names and kinds of what lies in a directory; everything but directories and links counts as a file. */
export type Entry = Readonly<{ name: string; kind: EntryKind }>;

/** Which object a name stands for. `links`: how many names it has. */
export type Identity = Readonly<{ device: bigint; inode: bigint; links: bigint }>;

/** Whether two names stand for one object; what is not there is the same as nothing. */
export function sameFile(a: Identity | undefined, b: Identity | undefined): boolean {
  return a !== undefined && b !== undefined && a.device === b.device && a.inode === b.inode;
}

export interface FileView {
  /** Without following a link. */
  kindOf(path: CanonicalPath): EntryKind | "missing";
  /** `undefined` when the directory cannot be read: what cannot be listed cannot be granted piece by piece. */
  list(directory: CanonicalPath): readonly Entry[] | undefined;
  identityOf(path: CanonicalPath): Identity | undefined;
  /** Of what a link leads to, through every link on the way. */
  identityBehind(path: CanonicalPath): Identity | undefined;
  /** What a link says, or `undefined` where there is none. */
  linkTarget(path: CanonicalPath): string | undefined;
}

/** The file system of this machine. */
export const realFiles: FileView = {
  ...lookingBy(statOf),

  list(directory) {
    try {
      const entries = readdirSync(fileName(directory), { withFileTypes: true });
      if (entries.some((entry) => entry.name.includes("\ufffd"))) return listBytes(directory);
      return entries.map((entry) => ({ name: entry.name, kind: entryKind(entry) }));
    } catch (error) {
      return unlessFileError(error, undefined);
    }
  },

  identityBehind(path) {
    try {
      return identityIn(statSync(fileName(path), { bigint: true, throwIfNoEntry: false }));
    } catch (error) {
      return unlessFileError(error, undefined);
    }
  },

  linkTarget(path) {
    try {
      return textOf(readlinkSync(fileName(path), { encoding: "buffer" }));
    } catch (error) {
      return unlessFileError(error, undefined);
    }
  },
};

type Stat = (path: CanonicalPath) => BigIntStats | undefined;

function lookingBy(look: Stat): Pick<FileView, "kindOf" | "identityOf"> {
  return {
    kindOf(path) {
      const stat = look(path);
      return stat === undefined ? "missing" : entryKind(stat);
    },
    identityOf: (path) => identityIn(look(path)),
  };
}

function identityIn(stat: BigIntStats | undefined): Identity | undefined {
  return stat && { device: stat.dev, inode: stat.ino, links: stat.nlink };
}

/** The slow way, for directories with names that are not UTF-8. */
function listBytes(directory: CanonicalPath): readonly Entry[] {
  return readdirSync(fileName(directory), { encoding: "buffer" }).flatMap((bytes) => {
    const name = textOf(bytes);
    const kind = realFiles.kindOf(childOf(directory, name));
    return kind === "missing" ? [] : [{ name, kind }];
  });
}

function statOf(path: CanonicalPath): BigIntStats | undefined {
  try {
    return lstatSync(fileName(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    return unlessFileError(error, undefined);
  }
}

/** The same, but everything is looked at only once: for one moment, not for long. */
export function remembering(view: FileView): FileView {
  const { kindOf, identityOf } = view === realFiles ? lookingBy(once(statOf)) : view;
  return {
    kindOf: once(kindOf),
    list: once(view.list),
    identityOf: once(identityOf),
    identityBehind: once(view.identityBehind),
    linkTarget: once(view.linkTarget),
  };
}

/** The same, without looking at `files` again, which have no further names: nothing else is the same as they. */
export function knowingSingle(view: FileView, files: ReadonlySet<CanonicalPath>): FileView {
  return {
    ...view,
    kindOf: (path) => (files.has(path) ? "file" : view.kindOf(path)),
    identityOf: (path) => (files.has(path) ? undefined : view.identityOf(path)),
  };
}

function once<T>(look: (path: CanonicalPath) => T): (path: CanonicalPath) => T {
  const known = new Map<CanonicalPath, T>();
  return (path) => {
    if (!known.has(path)) known.set(path, look(path));
    return known.get(path) as T;
  };
}

function unlessFileError<T>(error: unknown, otherwise: T): T {
  if (error instanceof NonoError) throw error;
  if (typeof (error as NodeJS.ErrnoException).code === "string") return otherwise;
  throw error;
}

function entryKind(entry: { isDirectory(): boolean; isSymbolicLink(): boolean }): EntryKind {
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "file";
}
