// What a git directory consists of, for the guard (gitrepository-layout(5)): it is read, and git is never started.

import { baseNameOf, type CanonicalPath, directoryOf, type FileView } from "nono-ts";
import type { GuardRules } from "../policy/policy.ts";
import { referencesOf } from "./git-config.ts";
import { below, type Place, pathsTo, resolved } from "./place.ts";
import { readSmallFile } from "./small-file.ts";

/** A git directory and where it is checked out; `undefined`: nowhere, or not to be told. */
export type Repository = Readonly<{ directory: CanonicalPath; workTree: CanonicalPath | undefined }>;

/** Files that say where something is are a line; what is longer is none. */
const POINTER_LIMIT = 4096;
const CONFIG_LIMIT = 1 << 20;
/** Modules of modules, and links between them, are followed this deep. */
const DEPTH_LIMIT = 16;

/** Whether a directory with these entries is one that git works with. */
export function isGitDirectory(names: ReadonlySet<string>): boolean {
  return names.has("HEAD") && names.has("objects") && names.has("refs");
}

/** The git directory that a `.git` file names (gitrepository-layout(5): `gitdir: PATH`). */
export function pointedTo(file: CanonicalPath): CanonicalPath | undefined {
  const target = /^gitdir: (.+)$/m.exec(readSmallFile(file, POINTER_LIMIT) ?? "")?.[1];
  return target === undefined ? undefined : resolved(target, directoryOf(file));
}

/** The places of a repository, of its submodules and of its worktrees. */
export function repositoryPlaces(
  repository: Repository,
  rules: GuardRules,
  view: FileView,
): readonly Place[] {
  const seen = new Set<CanonicalPath>();
  const places: Place[] = [];
  visit(repository, 0);
  return places;

  function visit({ directory, workTree }: Repository, depth: number): void {
    if (seen.has(directory) || depth > DEPTH_LIMIT) return;
    seen.add(directory);
    const common = readSmallFile(below(directory, "commondir"), POINTER_LIMIT)?.trim();
    // Of a worktree, which git removes together with all that is its own.
    const removable = common !== undefined;
    places.push(...ownPlaces({ directory, workTree }, removable, rules, view));
    const shared = common ? resolved(common, directory) : undefined;
    if (shared !== undefined) visit({ directory: shared, workTree: undefined }, depth + 1);
    for (const name of directoriesIn(below(directory, "worktrees"), view))
      visit({ directory: below(below(directory, "worktrees"), name), workTree: undefined }, depth + 1);
    modules(below(directory, "modules"), depth + 1);
  }

  /** A module's name may have slashes: `.git/modules/libs/zlib`. */
  function modules(directory: CanonicalPath, depth: number): void {
    if (depth > DEPTH_LIMIT) return;
    for (const name of directoriesIn(directory, view)) {
      const inside = below(directory, name);
      const names = new Set((view.list(inside) ?? []).map((entry) => entry.name));
      if (isGitDirectory(names)) visit({ directory: inside, workTree: undefined }, depth + 1);
      else modules(inside, depth + 1);
    }
  }
}

function ownPlaces(
  { directory, workTree }: Repository,
  removable: boolean,
  rules: GuardRules,
  view: FileView,
): readonly Place[] {
  const places: Place[] = rules.repository.flatMap(({ name, ...asked }) =>
    pathsTo(directory, name, view).map((path) => place(path, asked, removable)),
  );
  const byName = (name: string) => rules.repository.find((rule) => rule.name === name);
  const [config, hooks] = [byName("config"), byName("hooks")];
  const further = furtherFiles(below(directory, "config"), workTree ?? directory);
  if (config !== undefined) places.push(...further.included.map((path) => place(path, config, false)));
  if (hooks === undefined) return places;
  const ofHooks = [...further.hooks, ...linkedFrom(below(directory, "hooks"), view)];
  places.push(...ofHooks.map((path) => place(path, hooks, false)));
  if (workTree !== undefined && (further.hooks.length > 0 || hasHooks(directory, view)))
    places.push(
      ...rules.hooked.flatMap(({ name, ...asked }) =>
        pathsTo(workTree, name, view).map((path) => place(path, asked, false)),
      ),
    );
  return places;
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
): Readonly<{ included: readonly CanonicalPath[]; hooks: readonly CanonicalPath[] }> {
  const included = new Set<CanonicalPath>();
  const hooks = new Set<CanonicalPath>();
  const queue = [config];
  for (let file = queue.shift(); file !== undefined && included.size < 64; file = queue.shift()) {
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
  return { included: [...included], hooks: [...hooks] };
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

function directoriesIn(directory: CanonicalPath, view: FileView): readonly string[] {
  return (view.list(directory) ?? []).filter(({ kind }) => kind === "directory").map(({ name }) => name);
}
