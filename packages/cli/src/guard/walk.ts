// Looks through the directories of work for what the guard is about. Breadth first, so that what lies near the top is
// found before any bound is reached, and without following links.

import type { CanonicalPath, FileView } from "nono-ts";
import type { GuardRules } from "../policy/policy.ts";
import { matchesWildcard } from "../policy/wildcard.ts";
import { below } from "./place.ts";
import { isGitDirectory } from "./repository.ts";

type Entry = NonNullable<ReturnType<FileView["list"]>>[number];

export type Found = Readonly<{
  /** Git directories, and the directories with a `.git` that is a file or a link. */
  repositories: readonly Readonly<{ directory: CanonicalPath; workTree: CanonicalPath | undefined }>[];
  pointers: readonly CanonicalPath[];
  /** Directories that hold the first component of a guarded name, with that component. */
  holders: readonly Readonly<{ directory: CanonicalPath; first: string }>[];
  /** Files with secrets, and by which name. */
  secrets: readonly Readonly<{ path: CanonicalPath; rule: GuardRules["secrets"][number] }>[];
  /** Whether everything was looked at. */
  complete: boolean;
}>;

/** Directory entries that are looked at, at most: about half a second. */
const ENTRY_LIMIT = 400_000;

/** What package managers, compilers and test runners fill, and nobody works in. */
const SKIPPED: ReadonlySet<string> = new Set([
  "node_modules",
  "bower_components",
  "__pycache__",
  "site-packages",
  ".venv",
  ".tox",
  ".nox",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".gradle",
  ".terraform",
  ".next",
  ".nuxt",
  ".turbo",
  ".parcel-cache",
]);

export function walk(
  roots: readonly CanonicalPath[],
  rules: GuardRules,
  view: FileView,
  limit = ENTRY_LIMIT,
): Found {
  const firsts = new Set(rules.workspace.map(({ name }) => name.split("/")[0] as string));
  const found = {
    repositories: [] as Found["repositories"][number][],
    pointers: [] as CanonicalPath[],
    holders: [] as Found["holders"][number][],
    secrets: [] as Found["secrets"][number][],
  };
  const queue = [...roots];
  const queued = new Set(roots);
  let left = limit;
  let at = 0;
  for (; at < queue.length && left > 0; at++) {
    const directory = queue[at] as CanonicalPath;
    const entries = view.list(directory) ?? [];
    left -= entries.length + 1;
    if (entries.some(({ name }) => name === "HEAD") && isGitDirectory(namesOf(entries))) {
      found.repositories.push({ directory, workTree: undefined });
      continue;
    }
    for (const { name, kind } of entries) look(directory, name, kind);
  }
  return { ...found, complete: at === queue.length };

  function look(directory: CanonicalPath, name: string, kind: Entry["kind"]): void {
    if (name === ".git") {
      if (kind === "directory")
        found.repositories.push({ directory: below(directory, name), workTree: directory });
      else found.pointers.push(directory);
      return;
    }
    if (firsts.has(name)) found.holders.push({ directory, first: name });
    if (kind === "file" && rules.secrets.length > 0) lookForSecret(directory, name);
    if (kind !== "directory" || SKIPPED.has(name)) return;
    const path = below(directory, name);
    if (!queued.has(path)) queue.push(path);
    queued.add(path);
  }

  function lookForSecret(directory: CanonicalPath, name: string): void {
    if (rules.public.some((pattern) => matchesWildcard(pattern, name))) return;
    const rule = rules.secrets.find((secret) => matchesWildcard(secret.name, name));
    if (rule !== undefined) found.secrets.push({ path: below(directory, name), rule });
  }
}

function namesOf(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.map(({ name }) => name));
}
