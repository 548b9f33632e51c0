// Makes what a profile needs to exist before it can be granted. Nothing that exists is touched, and no link is followed
// that a sandboxed command could have put there.

import { closeSync, lstatSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { bytesOf, type CanonicalPath } from "nono-ts";
import {
  baseNameOf,
  descriptorPath,
  directoryOf,
  pathResolver,
  REACH_DIRECTORY,
  show,
} from "nono-ts/internal";
import { PolicyError } from "./error.ts";
import { plantedLink } from "./placed/links.ts";
import type { Creation, Grant } from "./policy.ts";

/**
 * Directories get mode 0700 and files 0600. A dangling link in the place is left alone.
 *
 * @param grants where a sandboxed command may write, and so may have left links
 * @returns the paths that were made
 * @throws PolicyError `not-created`
 */
export function createMissing(
  creations: readonly Creation[],
  grants: readonly Pick<Grant, "path" | "access">[],
): readonly string[] {
  const missing = creations.filter(({ path }) => !isThere(path));
  if (missing.length === 0) return [];
  const writable = grants.filter(({ access }) => access !== "read");
  const directories = writable.map(({ path }) => pathResolver()(path).path);
  for (const creation of missing) create(creation, directories);
  return missing.map(({ path }) => path);
}

/** What cannot be looked at cannot be made either, which tells why. */
function isThere(path: string): boolean {
  try {
    return lstatSync(bytesOf(path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function create(creation: Creation, writable: readonly CanonicalPath[]): void {
  const fail = (reason: string, cause?: unknown) =>
    new PolicyError({ code: "not-created", source: creation.source, path: creation.path, reason }, { cause });
  const real = pathResolver()(creation.path);
  const link = plantedLink(real, writable);
  if (link !== undefined)
    throw fail(
      `the link ${show(link)} leads to ${show(real.path)}, and a sandboxed command may have made it`,
    );
  try {
    if (creation.kind === "directory") closeSync(makeWay(real.path));
    else makeFile(real.path, creation.content);
  } catch (error) {
    throw fail(String((error as NodeJS.ErrnoException).code), error);
  }
}

function makeFile(file: CanonicalPath, content: string): void {
  const directory = makeWay(directoryOf(file));
  try {
    const descriptor = openSync(at(directory, baseNameOf(file)), "wx", 0o600);
    try {
      writeFileSync(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
  } finally {
    closeSync(directory);
  }
}

/**
 * A descriptor of the directory. What is missing on the way is made, each name in the directory that was reached before: a
 * link that takes a name's place meanwhile ends it.
 */
function makeWay(directory: string): number {
  let reached = openSync("/", REACH_DIRECTORY);
  for (const name of directory.split("/").filter((part) => part !== "")) {
    const above = reached;
    try {
      reached = enter(at(above, name));
    } finally {
      closeSync(above);
    }
  }
  return reached;
}

function enter(directory: Buffer): number {
  try {
    return openSync(directory, REACH_DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return openSync(directory, REACH_DIRECTORY);
}

function at(directory: number, name: string): Buffer {
  return bytesOf(`${descriptorPath(directory)}/${name}`);
}
