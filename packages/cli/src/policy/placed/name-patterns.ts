// Name patterns of profiles, in the directories that they mean on this machine.

import { type CanonicalPath, NonoError } from "nono-ts";
import { isWithin, type ResolvedPath } from "nono-ts/internal";
import { PolicyError } from "../error.ts";
import type { Asked, NamePattern } from "../policy.ts";
import { matchesWildcard } from "../wildcard.ts";
import type { LocatedDenial } from "./located.ts";
import { refuseProtected } from "./protected-roots.ts";

export type PlacedPattern = Asked & Readonly<{ original: string; directory: CanonicalPath; name: string }>;

/**
 * Patterns whose directory exists.
 *
 * @throws PolicyError `grant-protected`, `pattern-denied`; NonoError `grant-denied`
 */
export function placePatterns(
  patterns: readonly NamePattern[],
  denials: readonly LocatedDenial[],
  roots: readonly CanonicalPath[],
  resolve: (path: string) => ResolvedPath,
): readonly PlacedPattern[] {
  return patterns.flatMap((pattern) => {
    const { path: directory, kind } = resolve(pattern.directory);
    if (kind !== "directory") return [];
    const matches = matcherIn(directory, pattern.name);
    const reached = roots.find((root) => isWithin(directory, root) || matches(root));
    if (reached !== undefined) refuseProtected(pattern, reached, [reached]);
    refuseDenied(pattern, directory, denials, matches);
    const { from, source, original, name } = pattern;
    return [{ from, source, original, directory, name }];
  });
}

function refuseDenied(
  { original, source: option }: NamePattern,
  directory: CanonicalPath,
  denials: readonly LocatedDenial[],
  matches: (path: CanonicalPath) => boolean,
): void {
  for (const { real, source } of denials) {
    const denied = real.path;
    if (isWithin(directory, denied))
      throw new NonoError({ code: "grant-denied", option, path: original, denied, source });
    if (matches(denied))
      throw new PolicyError({ code: "pattern-denied", option, pattern: original, denied, source });
  }
}

/** Whether a path is, or lies below, something in `directory` whose name the pattern describes. */
function matcherIn(directory: CanonicalPath, pattern: string): (path: CanonicalPath) => boolean {
  const start = directory === "/" ? 1 : directory.length + 1;
  // Told from the fixed beginning first: there are hundreds of denials, and hardly one begins like that.
  const beginning = `${directory}/${pattern.slice(0, pattern.search(/[*?]/))}`.replace("//", "/");
  return (path) => {
    if (!path.startsWith(beginning)) return false;
    const end = path.indexOf("/", start);
    return matchesWildcard(pattern, path.slice(start, end < 0 ? undefined : end));
  };
}
