// What of the grants holds on this machine: the rest is left out and said, or refused.

import { type AccessMode, type CanonicalPath, NonoError } from "nono-ts";
import { isWithin } from "nono-ts/internal";
import { CliError } from "../../error.ts";
import { PolicyError } from "../error.ts";
import type { Grant } from "../policy.ts";
import { ALLOW_CWD } from "../resolve/flag-entries.ts";
import type { LocatedDenial, LocatedGrant } from "./located.ts";

/** A grant that has no effect. `denied`: somebody denies what a profile or a group grants. */
export type SkippedGrant = Readonly<{ grant: Grant; access: AccessMode }> &
  (Readonly<{ why: "missing" | "unreachable" }> | Readonly<{ why: "denied"; by: string }>);

export type PlacedGrants = Readonly<{ grants: readonly LocatedGrant[]; skipped: readonly SkippedGrant[] }>;

/**
 * @throws NonoError `path-unreadable`, `not-a-directory`, `not-a-file`, `grant-denied`; PolicyError `link-untrusted`;
 *   CliError `subdirectory-outside`
 */
export function placeGrants(
  located: readonly LocatedGrant[],
  denials: readonly LocatedDenial[],
  workdir: string,
): PlacedGrants {
  const denialsAround = denialsByPath(denials);
  const grants: LocatedGrant[] = [];
  const skipped: SkippedGrant[] = [];
  for (const grant of located) {
    refuseRedirected(grant);
    if (grant.real.kind === "missing" || grant.real.kind === "unreachable") {
      refuseUnreachable(grant);
      skipped.push({ grant, access: grant.access, why: grant.real.kind });
      continue;
    }
    refuseWrongKind(grant);
    refuseOutsideWorkdir(grant, workdir);
    const denied = denialsAround(grant.real.path).filter((denial) => takesFrom(denial, grant));
    const left = denied.reduce<AccessMode | undefined>(
      (access, denial) => without(access, denial.access),
      grant.access,
    );
    const [first] = denied;
    if (first !== undefined) {
      refuseDenied(grant, first);
      skipped.push({ grant, access: grant.access, why: "denied", by: first.source });
    }
    if (left !== undefined) grants.push({ ...grant, access: left });
  }
  return { grants: withoutCovered(grants), skipped };
}

/** What nono grants by itself it has made or found, without links: one on the way was put there since. */
function refuseRedirected({ from, source, original, path, real }: LocatedGrant): void {
  if (from !== "nono" || real.path === path) return;
  const link = real.links[0] ?? real.path;
  throw new PolicyError({ code: "link-untrusted", option: source, path: original, link, target: real.path });
}

function refuseUnreachable({ real, from, source, original }: LocatedGrant): void {
  if (real.kind === "unreachable" && from === "flag")
    throw new NonoError({
      code: "path-unreadable",
      option: source,
      path: original,
      reason: real.links.includes(real.path) ? "links lead in circles" : "permission denied",
    });
}

function refuseWrongKind({ real, kind, source, original }: LocatedGrant): void {
  if (kind === "directory" && real.kind === "file")
    throw new NonoError({ code: "not-a-directory", option: source, path: original });
  if (kind === "file" && real.kind === "directory")
    throw new NonoError({ code: "not-a-file", option: source, path: original });
}

/** A link in the working directory may be the work of an earlier run. */
function refuseOutsideWorkdir({ real, source }: LocatedGrant, workdir: string): void {
  if (source.startsWith(`${ALLOW_CWD}/`) && !isWithin(real.path, workdir as typeof real.path))
    throw new CliError({ code: "subdirectory-outside", option: source, path: real.path });
}

/** Finds the denials of a path and of the directories above it. */
function denialsByPath(denials: readonly LocatedDenial[]): (path: CanonicalPath) => readonly LocatedDenial[] {
  const byPath = new Map<string, LocatedDenial[]>();
  for (const denial of denials) {
    const same = byPath.get(denial.real.path);
    if (same === undefined) byPath.set(denial.real.path, [denial]);
    else same.push(denial);
  }
  return (path) => {
    const around = [...(byPath.get(path) ?? [])];
    for (let slash = path.lastIndexOf("/"); slash >= 0; slash = path.lastIndexOf("/", slash - 1)) {
      around.push(...(byPath.get(path.slice(0, slash) || "/") ?? []));
      if (slash === 0) break;
    }
    return around;
  };
}

/** Whether the denial, of a place around the grant, takes something from it. */
function takesFrom(denial: LocatedDenial, grant: LocatedGrant): boolean {
  return without(grant.access, denial.access) !== grant.access;
}

function without(access: AccessMode | undefined, denied: AccessMode): AccessMode | undefined {
  if (access === undefined || denied === "read+write" || access === denied) return undefined;
  if (access !== "read+write") return access;
  return denied === "read" ? "write" : "read";
}

/**
 * What is asked for by name and denied is an error, so that nobody wonders. A denial of the user's own, however, is
 * there to take away what a profile or a group grants.
 */
function refuseDenied(grant: LocatedGrant, denial: LocatedDenial): void {
  if (grant.from === "group" || (grant.from === "profile" && denial.from === "profile")) return;
  throw new NonoError({
    code: "grant-denied",
    option: grant.source,
    path: grant.original,
    denied: denial.real.path,
    source: denial.source,
  });
}

/** Each grant costs a rule, or thousands where it is split: those that add nothing go. The first of two equals stays. */
function withoutCovered(grants: readonly LocatedGrant[]): readonly LocatedGrant[] {
  return grants.filter(
    (grant, index) =>
      !grants.some((other, at) => {
        if (at === index || !isWithin(grant.real.path, other.real.path)) return false;
        const enough = other.access === "read+write" || other.access === grant.access;
        const same = other.real.path === grant.real.path && other.access === grant.access;
        return enough && (!same || at < index);
      }),
  );
}
