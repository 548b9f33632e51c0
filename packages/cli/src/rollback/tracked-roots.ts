// What a session keeps snapshots of: every tree that it may write, but for what is made again by itself.

import type { CanonicalPath } from "nono-ts";
import { isWithin, pathResolver } from "nono-ts/internal";
import { GROUPS } from "../policy/data/groups.ts";
import type { Sandbox } from "../sandbox/prepare.ts";

type Granted = Pick<Sandbox, "capabilities" | "session" | "loaded">;

/**
 * Canonical paths, files among them. Never: the session's own directory, and devices. Unless `all`: the caches that
 * built-in groups grant, and what a profile grants below $XDG_CACHE_HOME.
 */
export function trackedRoots(
  { capabilities, session, loaded }: Granted,
  all: boolean,
): readonly CanonicalPath[] {
  const caches = cachesOf(loaded.variables.XDG_CACHE_HOME);
  const own = pathResolver()(session.tmp).path;
  const roots = capabilities.fs
    .filter(({ access }) => access !== "read")
    .map((grant) => ({ ...grant, path: grant.path as CanonicalPath }))
    .filter(({ path }) => path !== own && !isWithin(path, "/dev" as CanonicalPath))
    .filter(({ path, source }) => all || isFlag(source) || !(isOfGroup(source) || caches(path)));
  return [...new Set(roots.map(({ path }) => path))];
}

function isFlag(source: string): boolean {
  return source.startsWith("--");
}

/** What those grant for writing are caches, devices and shared memory. */
function isOfGroup(source: string): boolean {
  return source.startsWith("group:") && Object.hasOwn(GROUPS, source.slice("group:".length));
}

function cachesOf(directory: string | undefined): (path: CanonicalPath) => boolean {
  if (directory === undefined) return () => false;
  const caches = pathResolver()(directory).path;
  return (path) => isWithin(path, caches);
}
