// The guard of the directories of work: what runs later outside is looked for and denied by name, before the plan is
// made. It decides nothing further: a denial is a denial, wherever it came from.

import { type CanonicalPath, type FileView, isWithin, pathResolver, realFiles, remembering } from "nono-ts";
import { type LocatedDenial, type LocatedGrant, locate } from "../policy/placed/located.ts";
import type { GuardRules, Policy } from "../policy/policy.ts";
import { below, type Place, pathsTo, resolved } from "./place.ts";
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
}>;

/**
 * Guarded names are denied whether they are there or not, and whatever they are links to as well. A grant for writing
 * that names a guarded place, or something in it, lifts the guard of that place.
 */
export function guardOf(policy: Pick<Policy, "grants" | "guard">, options: Options): Guard {
  const { rules, why } = rulesInForce(policy.guard, options);
  const off: GuardStatus = why === undefined ? { status: "not-asked" } : { status: "off", why };
  if (isEmpty(rules)) return { denials: [], status: off };
  const view = remembering(options.view ?? realFiles);
  const grants = locate(policy.grants, pathResolver()).filter((grant) => grant.access !== "read");
  const roots = workspacesOf(grants);
  const found = walk(roots, rules, view);
  const repositories = repositoriesOf(found, view);
  const guarded = repositoryPlaces(repositories, rules, view);
  const workTrees = repositories.flatMap(({ workTree }) => (workTree === undefined ? [] : [workTree]));
  const others = placesOf(roots, found, workTrees, rules, view);
  const places = inForce([...guarded.places, ...others], grants);
  const complete = found.complete && guarded.complete;
  return {
    denials: places.map(denialOf),
    status:
      why === undefined
        ? { status: "on", places: places.length, repositories: repositories.length, complete }
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

function placesOf(
  roots: readonly CanonicalPath[],
  found: Found,
  workTrees: readonly CanonicalPath[],
  rules: GuardRules,
  view: FileView,
): readonly Place[] {
  const linked = new Set(found.pointers);
  const holders = found.holders.map(({ directory, first }) => `${directory}\0${first}`);
  const held = new Set(holders);
  const everywhere = new Set([...roots, ...workTrees]);
  const directories = new Set([...everywhere, ...found.holders.map(({ directory }) => directory)]);
  return [
    ...found.pointers.flatMap((workTree) =>
      rules.pointer.map(({ name, ...rest }) => write(below(workTree, name), rest, true)),
    ),
    ...[...directories].flatMap((directory) =>
      rules.workspace
        .filter(({ name }) => everywhere.has(directory) || held.has(`${directory}\0${name.split("/")[0]}`))
        .flatMap(({ name, ...rest }) =>
          pathsTo(directory, name, view).map((path) => write(path, rest, linked.has(directory))),
        ),
    ),
    ...found.secrets.map(
      ({ path, rule: { from, source, why } }): Place => ({
        from,
        source,
        why: `it looks like ${why}`,
        path,
        // Also not written: what may be written may be renamed, and read by another name.
        access: "read+write",
        removable: false,
      }),
    ),
  ];
}

function write(
  path: CanonicalPath,
  { from, source, why }: Pick<Place, "from" | "source" | "why">,
  removable: boolean,
): Place {
  return { from, source, why, path, access: "write", removable };
}

/** Each once, where it could be written and nobody granted just it; what lies in another guarded place adds nothing. */
function inForce(places: readonly Place[], grants: readonly LocatedGrant[]): readonly Place[] {
  const byPath = new Map<string, Place>();
  for (const place of places) {
    const key = `${place.access} ${place.path}`;
    const known = byPath.get(key);
    byPath.set(key, known === undefined || known.removable ? place : known);
  }
  const roots = grants.filter(({ real }) => real.kind === "directory").map(({ real }) => real.path);
  return [...byPath.values()].filter(
    ({ path }) =>
      roots.some((root) => path !== root && isWithin(path, root)) &&
      !grants.some(({ real }) => isWithin(real.path, path)),
  );
}

function denialOf({ from, source, path, access, why, removable }: Place): LocatedDenial {
  const denial = { from, source, original: path, path, access, asks: why };
  const real = { path, kind: "missing", links: [] } as const;
  return removable ? { ...denial, removable: true, real } : { ...denial, real };
}
