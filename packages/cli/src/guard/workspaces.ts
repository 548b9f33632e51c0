// Which grants are directories of work: the working directory, and what a person granted for writing.

import type { CanonicalPath } from "nono-ts";
import { isWithin } from "nono-ts/internal";
import { PROFILES } from "../policy/data/profiles.ts";
import type { LocatedGrant } from "../policy/placed/located.ts";

const BUILT_IN: ReadonlySet<string> = new Set(Object.keys(PROFILES).map((name) => `profile:${name}`));

/** Canonical, none below another. What a built-in profile grants beside the working directory is an agent's own state. */
export function workspacesOf(grants: readonly LocatedGrant[]): readonly CanonicalPath[] {
  const all = grants
    .filter(isWritableDirectory)
    .filter(isOfWork)
    .map(({ real }) => real.path);
  const roots = [...new Set(all)];
  return roots.filter((path) => !roots.some((other) => other !== path && isWithin(path, other)));
}

function isWritableDirectory({ access, real }: LocatedGrant): boolean {
  return access !== "read" && real.kind === "directory";
}

function isOfWork({ from, original, source }: LocatedGrant): boolean {
  if (from === "flag" || original === WORKDIR) return true;
  return from === "profile" && !BUILT_IN.has(source);
}

/** How a profile names it. */
const WORKDIR = "$WORKDIR";
