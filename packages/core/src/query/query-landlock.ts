// What a plan for Linux gives on a path: a right is there when a rule on the object or on a directory above it has it; and,
// under a supervisor, when it is served on behalf.

import type { AccessHalf, Source } from "../capability/index.ts";
import { type CanonicalPath, isWithin, parentOf } from "../files/canonical-path.ts";
import type { FileView } from "../files/file-view.ts";
import { rightNamed, rightsOf } from "../landlock/rights.ts";
import { rightsOfSplit } from "../landlock/split-rights.ts";
import type { LinuxPlan } from "../plan/plan.ts";
import type { Supervision } from "../plan/supervision.ts";

/** As much of a plan as questions about paths need. */
export type LandlockRules = Pick<LinuxPlan, "abi"> &
  Readonly<{
    landlock: Pick<LinuxPlan["landlock"], "rules" | "splits">;
    supervision: Pick<Supervision, "paths" | "patterns"> | undefined;
  }>;

export function isGranted(
  plan: LandlockRules,
  path: CanonicalPath,
  half: AccessHalf,
  view: FileView,
): boolean {
  const has = (at: CanonicalPath, needed: bigint) => (rightsOn(plan, at, view) & needed) === needed;
  const kind = view.kindOf(path);
  if (kind === "missing") {
    if (half === "read") return has(path, rightNamed("READ_FILE"));
    const make = rightNamed("MAKE_REG");
    // A rule that lets it be made lies on the directory; a name that the supervisor serves is its own.
    const mayMake = has(parentOf(path), make) || (servedRights(plan.supervision, path) & make) !== 0n;
    return mayMake && has(path, rightNamed("WRITE_FILE"));
  }
  if (kind === "directory") return has(path, rightNamed(half === "read" ? "READ_DIR" : "MAKE_REG"));
  return has(
    path,
    half === "read"
      ? rightNamed("READ_FILE")
      : rightsOf("write", "file", plan.abi) & ~rightNamed("IOCTL_DEV"),
  );
}

function rightsOn(plan: LandlockRules, path: CanonicalPath, view: FileView): bigint {
  return rulesOn(plan, path, view).reduce(
    (mask, rule) => mask | rule.rights,
    servedRights(plan.supervision, path),
  );
}

type Rule = Readonly<{ path: CanonicalPath; rights: bigint; source: Source }>;

/** The kernel's rules on a path and on what is above it. */
export function rulesOn({ landlock }: LandlockRules, path: CanonicalPath, view: FileView): readonly Rule[] {
  const entries = landlock.splits.flatMap((split): readonly Rule[] => {
    const given = rightsOfSplit(split, path, view);
    return given === undefined ? [] : [{ path: given.entry, rights: given.rights, source: split.source }];
  });
  return [...landlock.rules.filter((rule) => isWithin(path, rule.path)), ...entries];
}

/** As packages/native/include/supervise.h has it: on the way down each place takes away what it denies, then adds its own. */
function servedRights(supervision: LandlockRules["supervision"], path: CanonicalPath): bigint {
  if (supervision === undefined) return 0n;
  const places = new Map<CanonicalPath, { behalf: bigint; denied: bigint }>();
  for (const one of supervision.paths.filter((place) => isWithin(path, place.path))) {
    const known = places.get(one.path) ?? { behalf: 0n, denied: 0n };
    places.set(one.path, { behalf: known.behalf | one.behalf, denied: known.denied | one.denied });
  }
  const served = [...places]
    .sort(([a], [b]) => a.length - b.length)
    .reduce((rights, [, { behalf, denied }]) => (rights & ~denied) | behalf, 0n);
  const [directory, name] = [parentOf(path), path.slice(path.lastIndexOf("/") + 1)];
  return supervision.patterns
    .filter((pattern) => pattern.directory === directory && matches(pattern.name, name))
    .reduce((rights, pattern) => rights | pattern.rights, served);
}

/** `*` stands for any characters, `?` for one, a backslash takes the meaning of the next. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.replaceAll(/\\(.)|[\s\S]/gu, (character, taken: string | undefined) => {
    if (taken === undefined && character === "*") return "[^]*";
    if (taken === undefined && character === "?") return "[^]";
    return (taken ?? character).replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  return new RegExp(`^${parts}$`, "u").test(name);
}
