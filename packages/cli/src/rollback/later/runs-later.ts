// Of what a session changed, what somebody runs later outside of the sandbox: the person, their shell, git, an editor, a
// build. Judged by names and contents in the store; nothing of the tree is opened or run.

import type { Change, Entry } from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import { referencesOf } from "../../guard/git-config.ts";
import { changedPrograms } from "./git-programs.ts";
import { changedRuns } from "./package-runs.ts";
import { placeFinder } from "./places.ts";

/** `why`: a sentence without a full stop. `details`: what of it changed, as the session wrote it. */
export type RunsLater = Readonly<{ change: Change; why: string; details: readonly string[] }>;

export type LaterContext = Readonly<{
  /** Text of a file as it was; undefined where it is none, or a long one. */
  textOf(entry: Entry): string | undefined;
  /** All that the session left. */
  left: Iterable<Entry>;
  /** Directories that commands are looked for in, absolute. */
  commandPath: readonly string[];
  home: string | undefined;
}>;

type Reason = Readonly<{ why: string; details?: readonly string[] }>;
type Rule = (change: Change) => Reason | undefined;

/** In the order of the changes. */
export function runsLater(changes: readonly Change[], context: LaterContext): readonly RunsLater[] {
  if (changes.length === 0) return [];
  const rules: readonly Rule[] = [ownHooks(context), namedPlace(context), program(context)];
  return changes.flatMap((change) => {
    if (isOnlyDirectory(change)) return [];
    for (const rule of rules) {
      const reason = rule(change);
      if (reason !== undefined)
        return reason.why === "" ? [] : [{ change, why: reason.why, details: reason.details ?? [] }];
    }
    return [];
  });
}

/** What lies in a directory is judged by itself. */
function isOnlyDirectory({ before, after }: Change): boolean {
  return [before, after].every((entry) => entry === undefined || entry.type === "directory");
}

/** MAX_INCLUDE_DEPTH of git's config.c. */
const INCLUDE_DEPTH = 10;

/** Hooks and configurations in places that the repositories' own configurations name. */
function ownHooks({ left, textOf, home }: LaterContext): Rule {
  const named = new Map<string, string>();
  const inHome = (path: string) => path.replace(/^~(?=\/|$)/, () => home ?? "~");
  /** @returns where the files lie that it includes */
  const read = (entry: Entry, repository: string): readonly string[] => {
    const { hooksPath, includes } = referencesOf(textOf(entry) ?? "");
    if (hooksPath) named.set(resolvePath(repository, inHome(hooksPath)), "git runs what is in it as hooks");
    const directory = entry.path.slice(0, entry.path.lastIndexOf("/"));
    return includes.map((path) => resolvePath(directory, inHome(path)));
  };
  const included = new Map<string, string>();
  const include = (paths: readonly string[], repository: string) => {
    for (const path of paths) {
      if (included.has(path)) continue;
      included.set(path, repository);
      named.set(path, "git takes configuration from it");
    }
  };
  for (const entry of left) {
    if (!/\/\.git\/config(\.worktree)?$/.test(entry.path)) continue;
    const repository = entry.path.slice(0, entry.path.lastIndexOf("/.git/"));
    include(read(entry, repository), repository);
  }
  // What these include in turn, as deep as git goes.
  for (let depth = 1, seen = 0; depth < INCLUDE_DEPTH && included.size > seen; depth++) {
    const fresh = new Map([...included].slice(seen));
    seen = included.size;
    for (const entry of left) {
      const repository = fresh.get(entry.path);
      if (repository !== undefined) include(read(entry, repository), repository);
    }
  }
  return ({ path }) => {
    // From name to name upwards: a session may change many files, and name as many places.
    for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
      const why = named.get(at);
      if (why !== undefined) return { why };
    }
    return undefined;
  };
}

function namedPlace(context: LaterContext): Rule {
  const whyOf = placeFinder();
  return (change) => {
    const why = whyOf(change.path);
    return why === undefined ? undefined : inContent(change, why, context);
  };
}

const [GIT_CONFIG, PACKAGE] = [
  /\/(\.git\/((modules|worktrees)\/.*)?config(\.worktree)?|\.gitconfig|\.config\/git\/config)$/,
  /\/package\.json$/,
];

/** Narrower where the content tells more. `why` empty: nothing of it is run. */
function inContent({ path, before, after }: Change, why: string, { textOf }: LaterContext): Reason {
  const [old, now] = [before, after].map((entry) => (entry?.type === "file" ? textOf(entry) : undefined));
  if (GIT_CONFIG.test(path) && (now !== undefined || after === undefined))
    return { why, details: changedPrograms(old ?? "", now ?? "") };
  if (!PACKAGE.test(path)) return { why };
  const runs = isReadable(before, old) && isReadable(after, now) ? changedRuns(old, now) : undefined;
  if (runs === undefined) return { why };
  return runs.length === 0 ? { why: "" } : { why, details: runs };
}

function isReadable(entry: Entry | undefined, text: string | undefined): boolean {
  return entry === undefined || (entry.type === "file" && text !== undefined);
}

const BINARIES = /\/(node_modules\/\.bin|\.?venv\/bin|\.local\/bin|\.cargo\/bin|go\/bin)\/[^/]+$/;

/** Programs that a name finds, and files that run with more rights than their caller has. */
function program({ commandPath }: LaterContext): Rule {
  return ({ path, after }) => {
    if (after?.type === "file" && (after.mode & 0o6000) !== 0)
      return { why: "whoever runs it gets its owner's or group's rights" };
    const directory = path.slice(0, path.lastIndexOf("/"));
    if (commandPath.includes(directory)) return { why: "a command on your PATH" };
    return BINARIES.test(path) ? { why: "commands are looked for in its directory" } : undefined;
  };
}
