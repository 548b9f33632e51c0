// The guard of the directories of work: what runs later outside is looked for and denied by name, before the plan is
// made. It decides nothing further: a denial is a denial, wherever it came from.

import type { CanonicalPath, FileView } from "nono-ts";
import { pathResolver, realFiles, remembering } from "nono-ts/internal";
import { type LocatedDenial, locate } from "../policy/placed/located.ts";
import type { GuardRules, Policy } from "../policy/policy.ts";
import { below, type Place, pathsTo, resolved } from "./place.ts";
import { PLACE_LIMIT, Places } from "./places.ts";
import { pointedTo, type Repository, repositoryPlaces } from "./repository.ts";
import { type Found, walk } from "./walk.ts";
import { workspacesOf } from "./workspaces.ts";

/** Where the guard stands: part of the sandbox document. */
export type GuardStatus =
  | Readonly<{ status: "not-asked" }>
  | Readonly<{ status: "off"; why: string }>
  | Readonly<{
      status: "on";
      /** Guarded paths, whether they are there or not. */
      places: number;
      repositories: number;
      /** Whether every directory was looked into; in what was not, only names near the top are guarded. */
      complete: boolean;
    }>;

export type Guard = Readonly<{ denials: readonly LocatedDenial[]; status: GuardStatus }>;

type Options = Readonly<{
  /** Makes what is created beside a guarded name: without one, nothing could be. */
  supervisor: boolean;
  /** It was asked for by name. */
  insisted: boolean;
  view?: FileView;
  /** How many places there may be. */
  limit?: number;
}>;

/**
 * Guarded names are denied whether they are there or not, and whatever they are links to as well. A grant for writing
 * that names a guarded place, or something in it, lifts the guard of that place.
 *
 * @throws CliError `guard-places` where there are more than `limit`
 */
export function guardOf(policy: Pick<Policy, "grants" | "guard">, options: Options): Guard {
  const { rules, why } = rulesInForce(policy.guard, options);
  const off: GuardStatus = why === undefined ? { status: "not-asked" } : { status: "off", why };
  if (isEmpty(rules)) return { denials: [], status: off };
  const view = remembering(options.view ?? realFiles);
  const grants = locate(policy.grants, pathResolver()).filter((grant) => grant.access !== "read");
  const roots = workspacesOf(grants);
  const found = walk(roots, rules, view);
  const places = new Places(grants, options.limit ?? PLACE_LIMIT);
  // First, as each of these is a file to be read.
  places.add(pointerPlaces(found, rules));
  const repositories = repositoriesOf(found, view);
  const isSearched = repositoryPlaces(repositories, rules, view, places);
  const workTrees = repositories.flatMap(({ workTree }) => (workTree === undefined ? [] : [workTree]));
  places.add(settingsPlaces(roots, found, workTrees, rules, view));
  places.add(secretPlaces(found));
  const all = places.all();
  const complete = found.complete && isSearched;
  return {
    denials: all.map(denialOf),
    status:
      why === undefined
        ? { status: "on", places: all.length, repositories: repositories.length, complete }
        : off,
  };
}

/** Denials of reading need no supervisor; those of writing would shut the directories that they lie in. */
function rulesInForce(
  rules: GuardRules,
  { supervisor, insisted }: Options,
): Readonly<{ rules: GuardRules; why: string | undefined }> {
  const isAsked = !isEmpty({ ...rules, secrets: [] });
  if (supervisor || insisted || !isAsked) return { rules, why: undefined };
  const why = "without a supervisor nothing could be made beside a guarded name: --guard has it nevertheless";
  return { rules: { ...rules, repository: [], pointer: [], hooked: [], workspace: [] }, why };
}

function isEmpty({ repository, pointer, hooked, workspace, secrets }: GuardRules): boolean {
  return [repository, pointer, hooked, workspace, secrets].every((list) => list.length === 0);
}

/** Those that are there, and those that a `.git` file or link leads to. */
function repositoriesOf(found: Found, view: FileView): readonly Repository[] {
  const pointed = found.pointers.flatMap((workTree) => {
    const git = below(workTree, ".git");
    const directory = view.kindOf(git) === "link" ? resolved(git, "/") : pointedTo(git);
    return directory === undefined ? [] : [{ directory, workTree }];
  });
  return [...found.repositories, ...pointed];
}

function* pointerPlaces({ pointers }: Found, rules: GuardRules): Iterable<Place> {
  for (const workTree of pointers)
    for (const { name, ...rest } of rules.pointer) yield write(below(workTree, name), rest, true);
}

function* settingsPlaces(
  roots: readonly CanonicalPath[],
  { pointers, holders }: Found,
  workTrees: readonly CanonicalPath[],
  rules: GuardRules,
  view: FileView,
): Iterable<Place> {
  const linked = new Set(pointers);
  const held = new Set(holders.map(({ directory, first }) => `${directory}\0${first}`));
  const everywhere = new Set([...roots, ...workTrees]);
  const directories = new Set([...everywhere, ...holders.map(({ directory }) => directory)]);
  for (const directory of directories)
    for (const { name, ...rest } of rules.workspace)
      if (everywhere.has(directory) || held.has(`${directory}\0${name.split("/")[0]}`))
        for (const path of pathsTo(directory, name, view)) yield write(path, rest, linked.has(directory));
}

function* secretPlaces({ secrets }: Found): Iterable<Place> {
  for (const { path, rule } of secrets)
    yield {
      from: rule.from,
      source: rule.source,
      why: `it looks like ${rule.why}`,
      path,
      // Also not written: what may be written may be renamed, and read by another name.
      access: "read+write",
      removable: false,
    };
}

function write(
  path: CanonicalPath,
  { from, source, why }: Pick<Place, "from" | "source" | "why">,
  removable: boolean,
): Place {
  return { from, source, why, path, access: "write", removable };
}

function denialOf({ from, source, path, access, why, removable }: Place): LocatedDenial {
  const denial = { from, source, original: path, path, access, asks: why };
  const real = { path, kind: "missing", links: [] } as const;
  return removable ? { ...denial, removable: true, real } : { ...denial, real };
}
