// What a git directory consists of, for the guard (gitrepository-layout(5)): it is read, and git is never started.

import type { CanonicalPath, FileView } from "nono-ts";
import { baseNameOf, directoryOf } from "nono-ts/internal";
import type { GuardRules } from "../policy/policy.ts";
import { referencesOf } from "./git-config.ts";
import { below, type Place, pathsTo, resolved } from "./place.ts";
import type { Places } from "./places.ts";
import { readSmallFile } from "./small-file.ts";

/** A git directory and where it is checked out; `undefined`: nowhere, or not to be told. */
export type Repository = Readonly<{ directory: CanonicalPath; workTree: CanonicalPath | undefined }>;

/** Files that say where something is are a line; what is longer is none. */
const POINTER_LIMIT = 4096;
const CONFIG_LIMIT = 1 << 20;
/** Modules of modules, and links between them, are followed this deep. */
const DEPTH_LIMIT = 16;
/** Far more than anybody has submodules and worktrees; so many take seconds. */
const NAME_LIMIT = 4000;
/** Configurations that others include. */
const CONFIGS_READ = 64;

/** Whether a directory with these entries is one that git works with. */
export function isGitDirectory(names: ReadonlySet<string>): boolean {
  return names.has("HEAD") && names.has("objects") && names.has("refs");
}

/** The git directory that a `.git` file names (gitrepository-layout(5): `gitdir: PATH`). */
export function pointedTo(file: CanonicalPath): CanonicalPath | undefined {
  const target = /^gitdir: (.+)$/m.exec(readSmallFile(file, POINTER_LIMIT) ?? "")?.[1];
  return target === undefined ? undefined : resolved(target, directoryOf(file));
}

/** `complete`: whether everything in it was looked into. */
type Guarded = Readonly<{ places: readonly Place[]; complete: boolean }>;

/**
 * Adds the places of repositories, of their submodules and of their worktrees. What there is too much of to look into is
 * guarded as a whole: an agent can fill it, and hide a repository in it.
 *
 * @param limit names below `modules` and `worktrees` that are looked at, in all of them together
 * @returns whether everything in them was looked into
 */
export function repositoryPlaces(
  repositories: readonly Repository[],
  rules: GuardRules,
  view: FileView,
  places: Pick<Places, "add">,
  limit = NAME_LIMIT,
): boolean {
  const search = new Search(rules, view, places, limit);
  for (const repository of repositories) search.visit(repository, 0);
  return search.complete;
}

class Search {
  private readonly rules: GuardRules;
  private readonly view: FileView;
  private readonly places: Pick<Places, "add">;
  private left: number;
  complete = true;
  private readonly seen = new Set<CanonicalPath>();

  constructor(rules: GuardRules, view: FileView, places: Pick<Places, "add">, limit: number) {
    this.rules = rules;
    this.view = view;
    this.places = places;
    this.left = limit;
  }

  visit({ directory, workTree }: Repository, depth: number): void {
    // One that was met as part of another has further places where it is checked out.
    const isKnown = this.seen.has(directory);
    if (isKnown && workTree === undefined) return;
    this.seen.add(directory);
    const common = readSmallFile(below(directory, "commondir"), POINTER_LIMIT)?.trim();
    // Of a worktree, which git removes together with all that is its own.
    const removable = common !== undefined;
    const { places, complete } = ownPlaces({ directory, workTree }, removable, this.rules, this.view);
    this.places.add(places);
    this.complete &&= complete;
    if (isKnown) return;
    const shared = common ? resolved(common, directory) : undefined;
    if (shared !== undefined && depth < DEPTH_LIMIT)
      this.visit({ directory: shared, workTree: undefined }, depth + 1);
    this.worktrees(below(directory, "worktrees"), depth + 1);
    this.modules(below(directory, "modules"), depth + 1);
  }

  private worktrees(directory: CanonicalPath, depth: number): void {
    for (const name of this.directoriesIn(directory, depth))
      this.visit({ directory: below(directory, name), workTree: undefined }, depth);
  }

  /** A module's name may have slashes: `.git/modules/libs/zlib`. */
  private modules(directory: CanonicalPath, depth: number): void {
    for (const name of this.directoriesIn(directory, depth)) {
      const inside = below(directory, name);
      const names = new Set((this.view.list(inside) ?? []).map((entry) => entry.name));
      if (isGitDirectory(names)) this.visit({ directory: inside, workTree: undefined }, depth);
      else this.modules(inside, depth + 1);
    }
  }

  /** Of what is not looked into: none. */
  private directoriesIn(directory: CanonicalPath, depth: number): readonly string[] {
    const entries = this.view.list(directory) ?? [];
    this.left -= entries.length;
    if (this.left >= 0 && depth <= DEPTH_LIMIT)
      return entries.filter(({ kind }) => kind === "directory").map(({ name }) => name);
    const [rule] = this.rules.repository;
    if (entries.length > 0) this.complete = false;
    if (rule !== undefined && entries.length > 0)
      this.places.add([place(directory, { ...rule, why: "there is too much in it to look into" }, false)]);
    return [];
  }
}

function ownPlaces(
  { directory, workTree }: Repository,
  removable: boolean,
  rules: GuardRules,
  view: FileView,
): Guarded {
  const places: Place[] = rules.repository.flatMap(({ name, ...asked }) =>
    pathsTo(directory, name, view).map((path) => place(path, asked, removable)),
  );
  const byName = (name: string) => rules.repository.find((rule) => rule.name === name);
  const [config, hooks] = [byName("config"), byName("hooks")];
  const further = furtherFiles(below(directory, "config"), workTree ?? directory);
  if (config !== undefined) places.push(...further.included.map((path) => place(path, config, false)));
  const { complete } = further;
  if (hooks === undefined) return { places, complete };
  const ofHooks = [...further.hooks, ...linkedFrom(below(directory, "hooks"), view)];
  places.push(...ofHooks.map((path) => place(path, hooks, false)));
  if (workTree !== undefined && (further.hooks.length > 0 || hasHooks(directory, view)))
    places.push(
      ...rules.hooked.flatMap(({ name, ...asked }) =>
        pathsTo(workTree, name, view).map((path) => place(path, asked, false)),
      ),
    );
  return { places, complete };
}

function place(
  path: CanonicalPath,
  { from, source, why }: Pick<Place, "from" | "source" | "why">,
  removable: boolean,
): Place {
  return { from, source, why, path, access: "write", removable };
}

/** Files that a configuration includes, and the directory of hooks that it names, through all that it includes. */
function furtherFiles(
  config: CanonicalPath,
  base: CanonicalPath,
): Readonly<{ included: readonly CanonicalPath[]; hooks: readonly CanonicalPath[]; complete: boolean }> {
  const included = new Set<CanonicalPath>();
  const hooks = new Set<CanonicalPath>();
  const queue = [config];
  for (const file of queue.values()) {
    if (included.size >= CONFIGS_READ) break;
    const text = readSmallFile(file, CONFIG_LIMIT);
    if (text === undefined) continue;
    const { hooksPath, includes } = referencesOf(text);
    const directory = hooksPath ? hookDirectory(hooksPath, base) : undefined;
    if (directory !== undefined) hooks.add(directory);
    for (const one of includes) {
      const path = resolved(expandHome(one), directoryOf(file));
      if (path === undefined || path === config || included.has(path)) continue;
      queue.push(path);
      included.add(path);
    }
  }
  return { included: [...included], hooks: [...hooks], complete: included.size < CONFIGS_READ };
}

/** Husky's hooks, in `_`, run the files beside that directory. */
function hookDirectory(named: string, base: CanonicalPath): CanonicalPath | undefined {
  const directory = resolved(expandHome(named), base);
  if (directory === undefined || baseNameOf(directory) !== "_") return directory;
  return directoryOf(directory) as CanonicalPath;
}

function expandHome(path: string): string {
  return path.replace(/^~(?=\/)/, () => process.env.HOME ?? "~");
}

function hasHooks(directory: CanonicalPath, view: FileView): boolean {
  return (view.list(below(directory, "hooks")) ?? []).some(({ name }) => !name.endsWith(".sample"));
}

/** Scripts of the project that hooks are links to. */
function linkedFrom(hooks: CanonicalPath, view: FileView): readonly CanonicalPath[] {
  return (view.list(hooks) ?? [])
    .filter(({ kind }) => kind === "link")
    .flatMap(({ name }) => pathsTo(hooks, name, view).slice(1));
}
