// Grants, what is denied inside them, and blocked executables. Seatbelt judges the path of what was found, so a denial
// is a rule of its own; but it judges by path only. So what would bring a denied file to another path is denied as well:
// linking and cloning it, moving it, and moving, making or removing a directory on the way to it.

import {
  type AccessHalf,
  type AccessMode,
  type Capabilities,
  type FsCapability,
  type FsDenial,
  halvesOf,
} from "../capability/index.ts";
import { NonoError } from "../error.ts";
import { type CanonicalPath, isWithin, parentOf } from "../files/canonical-path.ts";
import { PathIndex } from "../files/path-index.ts";
import { macPath } from "./mac-path.ts";
import type { Operation } from "./operations.ts";
import { exactly, inAnyCase, tree, whole, wildcard } from "./pattern.ts";
import { allow, deny, type Filter, type Rule } from "./rule.ts";

const GRANTED: Readonly<Record<AccessHalf, readonly Operation[]>> = {
  read: ["file-read*", "file-test-existence", "file-map-executable", "process-exec*"],
  write: ["file-write*", "file-ioctl"],
};

/** Metadata stays, as on Linux: that something is there is no secret. */
const DENIED: Readonly<Record<AccessHalf, readonly Operation[]>> = {
  read: ["file-read-data", "file-read-xattr", "file-map-executable", "process-exec*"],
  write: ["file-write*", "file-ioctl"],
};

/** Of a device: nobody saves one by replacing it. */
const DEVICE: readonly Operation[] = ["file-write-data", "file-ioctl"];

/** Of unix sockets, where nothing at all is left. */
const SOCKETS: readonly Operation[] = ["network-outbound", "network-bind"];

/** A second name of a file, under which it is judged by another rule. */
const SECOND_NAME: readonly Operation[] = ["file-link", "file-clone"];

/** Names that may be made in a directory that is not granted, as files are saved. */
export type SavedName = Readonly<{ directory: CanonicalPath; name: string; access: AccessMode }>;

/** @throws NonoError `grant-denied` for a grant in a denied path */
export function readRules(capabilities: Capabilities): readonly Rule[] {
  const denied = new PathIndex(capabilities.denials, ({ path }) => macPath(path));
  for (const grant of capabilities.fs) refuseDeniedGrant(grant, denied);
  return capabilities.fs
    .filter(({ access }) => access !== "write")
    .map((grant) => ({ ...allow(GRANTED.read, placeOf(grant)), source: grant.source }));
}

/** A second name may be given to what may be read and written: one that may be less would become more by it. */
export function writeRules({ fs }: Capabilities, savedNames: readonly SavedName[]): readonly Rule[] {
  const grants = fs
    .filter(({ access }) => access !== "read")
    .flatMap((grant): readonly Rule[] => {
      const { access, source } = grant;
      if (isDevice(grant)) return [{ ...allow(DEVICE, placeOf(grant)), source }];
      const more = access === "read+write" ? SECOND_NAME : [];
      return [{ ...allow([...GRANTED.write, ...more], placeOf(grant)), source }];
    });
  return [...grants, ...savedNames.map(nameRule)];
}

export function isDevice({ path, kind }: Pick<FsCapability, "path" | "kind">): boolean {
  return kind === "file" && isWithin(path, "/dev" as CanonicalPath);
}

type Reach = Readonly<{
  /** Also where nothing is granted, because somebody else's rules may grant it. */
  everywhere: boolean;
  savedNames: readonly SavedName[];
}>;

/** Of denials that take something from a grant: there are hundreds, and few meet one. */
export function denialRules(capabilities: Capabilities, reach: Reach): readonly Rule[] {
  const { fs } = capabilities;
  const denials = capabilities.denials.filter(reachedBy(capabilities, reach));
  const writable = fs
    .filter(({ kind, access }) => kind === "directory" && access !== "read")
    .map(({ path }) => macPath(path));
  return [
    ...rootRules(writable),
    ...denials.flatMap((denial) => denialRule(denial, writable)),
    ...wayRules(denials, writable),
  ];
}

/** Neither read nor executed, by this name. */
export function blockedRules(executables: readonly CanonicalPath[]): readonly Rule[] {
  if (executables.length === 0) return [];
  const places = executables.map((path): Filter => ({ kind: "literal", path: macPath(path) }));
  return [deny([...DENIED.read, ...SECOND_NAME, "file-write-unlink"], ...places)];
}

function reachedBy(
  { fs, unixSockets }: Capabilities,
  { everywhere, savedNames }: Reach,
): (denial: FsDenial) => boolean {
  const places = [...fs.filter(({ kind }) => kind === "directory"), ...unixSockets].map(({ path }) =>
    macPath(path),
  );
  const names = savedNames.map((saved) => new RegExp(patternOf(saved)));
  return (denial) => {
    const path = macPath(denial.path);
    return (
      everywhere || places.some((place) => isWithin(path, place)) || names.some((name) => name.test(path))
    );
  };
}

function placeOf({ path, kind }: Pick<FsCapability, "path" | "kind">): Filter {
  return { kind: kind === "file" ? "literal" : "subpath", path: macPath(path) };
}

function patternOf({ directory, name }: SavedName): string {
  return whole(below(macPath(directory)) + wildcard(name));
}

function nameRule(saved: SavedName): Rule {
  const operations = halvesOf(saved.access).flatMap((half): readonly Operation[] =>
    half === "read" ? ["file-read*"] : ["file-write*"],
  );
  return allow(operations, { kind: "regex", pattern: patternOf(saved) });
}

/** What was granted stays where it is: moved elsewhere, it would be judged by other rules. */
function rootRules(writable: readonly CanonicalPath[]): readonly Rule[] {
  const roots = writable.filter((path) => !writable.some((other) => other !== path && isWithin(path, other)));
  if (roots.length === 0) return [];
  return [deny(["file-write-unlink"], ...unique(roots).map((path): Filter => ({ kind: "literal", path })))];
}

function denialRule({ path, access, source }: FsDenial, writable: readonly CanonicalPath[]): readonly Rule[] {
  const place = macPath(path);
  const operations = halvesOf(access).flatMap((half) => DENIED[half]);
  const sockets = access === "read+write" ? SOCKETS : [];
  const moves: readonly Operation[] = access === "read" ? ["file-write-unlink"] : [];
  return [
    {
      ...deny(
        [...operations, ...moves, ...SECOND_NAME, ...sockets],
        { kind: "subpath", path: place },
        ...foldedPlaces(place, writable).map(
          (pattern): Filter => ({ kind: "regex", pattern: tree(pattern) }),
        ),
      ),
      source,
    },
  ];
}

/**
 * Directories on the way, inside of what may be written: those that exist stay, and those that do not cannot be made, for
 * a directory that was filled elsewhere could be moved there.
 */
function wayRules(denials: readonly FsDenial[], writable: readonly CanonicalPath[]): readonly Rule[] {
  const ways = unique(denials.flatMap(({ path }) => wayTo(macPath(path), writable)));
  if (ways.length === 0) return [];
  return [
    deny(
      ["file-write-unlink", "file-write-create", ...SECOND_NAME],
      ...ways.flatMap((path): readonly Filter[] => [
        { kind: "literal", path },
        ...foldedPlaces(path, writable).map(
          (pattern): Filter => ({ kind: "regex", pattern: whole(pattern) }),
        ),
      ]),
    ),
  ];
}

function wayTo(place: CanonicalPath, writable: readonly CanonicalPath[]): readonly CanonicalPath[] {
  const way: CanonicalPath[] = [];
  for (
    let at = parentOf(place);
    writable.some((root) => at !== root && isWithin(at, root));
    at = parentOf(at)
  )
    way.push(at);
  return way;
}

/** The same place in any case, where one could make it: below what may be written, which itself stays as it is. */
function foldedPlaces(place: CanonicalPath, writable: readonly CanonicalPath[]): readonly string[] {
  const root = writable
    .filter((one) => one !== place && isWithin(place, one))
    .sort((a, b) => a.length - b.length)[0];
  if (root === undefined) return [];
  const prefix = below(root);
  const rest = root === "/" ? place.slice(1) : place.slice(root.length + 1);
  return [prefix + inAnyCase(rest)];
}

function below(directory: CanonicalPath): string {
  return directory === "/" ? "/" : `${exactly(directory)}/`;
}

function refuseDeniedGrant(grant: FsCapability, denied: PathIndex<FsDenial>): void {
  const halves = halvesOf(grant.access);
  const denial = denied
    .covering(macPath(grant.path))
    .find(({ access }) => halvesOf(access).some((half) => halves.includes(half)));
  if (denial !== undefined)
    throw new NonoError({
      code: "grant-denied",
      option: grant.source,
      path: grant.original,
      denied: denial.path,
      source: denial.source,
    });
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
