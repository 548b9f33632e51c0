// Links that a sandboxed command, or another user, could have made: a profile's grant must not follow them, or they
// choose what the next run grants.

import { lstatSync } from "node:fs";
import { bytesOf, type CanonicalPath } from "nono-ts";
import { directoryOf, isWithin, type ResolvedPath } from "nono-ts/internal";
import { PolicyError } from "../error.ts";
import type { LocatedGrant } from "./located.ts";

/**
 * What a person names on the command line may be a link: its target is shown before the start.
 *
 * @throws PolicyError `link-untrusted`
 */
export function refuseUntrustedLinks(grants: readonly LocatedGrant[]): void {
  const writable = grants.filter(({ access }) => access !== "read").map(({ real }) => real.path);
  for (const { from, source, original, real } of grants) {
    if (from === "flag") continue;
    const link = plantedLink(real, writable);
    if (link !== undefined)
      throw new PolicyError({
        code: "link-untrusted",
        option: source,
        path: original,
        link,
        target: real.path,
      });
  }
}

/**
 * The link on the way to `real` that a command with these write grants could have made to lead out of them, or anybody.
 *
 * @param writable directories
 */
export function plantedLink(
  { path: target, links }: ResolvedPath,
  writable: readonly CanonicalPath[],
): CanonicalPath | undefined {
  return links.find(
    (link) =>
      writable.some((directory) => isWithin(link, directory) && !isWithin(target, directory)) ||
      isInSharedDirectory(link),
  );
}

/** As in /tmp, where everybody can make one. */
function isInSharedDirectory(link: CanonicalPath): boolean {
  return (lstatSync(bytesOf(directoryOf(link))).mode & 0o002) !== 0;
}
