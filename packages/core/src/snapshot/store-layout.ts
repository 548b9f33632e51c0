// Where everything lies below the directory of the store.

import { mkdirSync } from "node:fs";
import { type Digest, digestOf } from "../hash/digest.ts";
import { bytesOf, fileName } from "../text/bytes.ts";

export type StoreLayout = Readonly<{
  directory: string;
  /** Contents by the megabyte: `objects/ab/cdef…`. */
  objects: string;
  /** Small contents, many in a file. */
  packs: string;
  sessions: string;
  caches: string;
  /** Held shared while contents are added, exclusively while they are collected. */
  lock: string;
}>;

/** Makes what is missing. @throws the file system's own error */
export function layOut(directory: string): StoreLayout {
  const layout = {
    directory,
    objects: `${directory}/objects`,
    packs: `${directory}/packs`,
    sessions: `${directory}/sessions`,
    caches: `${directory}/caches`,
    lock: `${directory}/lock`,
  };
  for (const made of [layout.objects, layout.packs, layout.sessions, layout.caches])
    mkdirSync(fileName(made), { recursive: true, mode: 0o700 });
  return layout;
}

export function objectFile(layout: StoreLayout, digest: Digest): string {
  return `${layout.objects}/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

export function cacheFile(layout: StoreLayout, root: string): string {
  return `${layout.caches}/${digestOf(bytesOf(root))}`;
}

/** What the last snapshot of these roots was, of which all is remembered. */
export function stateFile(layout: StoreLayout, roots: readonly string[]): string {
  return `${layout.caches}/${digestOf(bytesOf(roots.join("\0")))}.state`;
}
