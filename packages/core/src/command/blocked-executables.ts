// Which files a blocked command is. Their inodes are left out of every rule, so the kernel refuses them by whatever
// name or loader they are reached. An executable that is several commands at once (busybox, coreutils) can only be
// withheld when all of them are blocked.

import type { Capabilities, CommandRule } from "../capability/index.ts";
import { type CanonicalPath, childOf } from "../files/canonical-path.ts";
import type { FileView, Identity } from "../files/file-view.ts";
import type { ExecutablesIn } from "./executables-in.ts";

export type BlockedExecutable = Readonly<{ command: string; path: CanonicalPath }>;
export type UnblockableCommand = Readonly<{ command: string; path: CanonicalPath; why: string }>;

export type BlockedCommands = Readonly<{
  executables: readonly BlockedExecutable[];
  unblockable: readonly UnblockableCommand[];
  /** Those of the executables that are files of one name, as was seen already. */
  single: ReadonlySet<CanonicalPath>;
}>;

/**
 * @param executables what was found of `namesToLookFor`
 * @param realPath the real path of a file, or `undefined` where there is none
 */
export function blockedExecutables(
  commands: Capabilities["commands"],
  { view, executables: lookedAt, realPath }: Surroundings,
): BlockedCommands {
  const blocked = stillBlocked(commands);
  const names = new Set(namesToLookFor(commands));
  const candidates = new Map<CanonicalPath, Candidate>();
  for (const candidate of [
    ...named(blocked, view, realPath),
    ...inDirectories({ view, executables: lookedAt, realPath }),
  ])
    if (!candidates.has(candidate.path)) candidates.set(candidate.path, candidate);
  const others = otherCommands([...candidates.values()], names, lookedAt);
  const [executables, unblockable]: [BlockedExecutable[], UnblockableCommand[]] = [[], []];
  const single = new Set<CanonicalPath>();
  for (const { command, path, identity } of candidates.values()) {
    const other = others.get(path);
    if (other === undefined) executables.push({ command, path });
    if (identity === undefined) single.add(path);
    if (other !== undefined)
      unblockable.push({ command, path, why: `its executable is also the command ${other}` });
  }
  return { executables, unblockable, single };
}

type Surroundings = Readonly<{
  view: FileView;
  executables: ExecutablesIn;
  realPath: (file: string) => CanonicalPath | undefined;
}>;

/** `file`: by which name it was found. `identity`: of one that may have other names; else it is not looked for. */
type Candidate = BlockedExecutable & Readonly<{ file: string; identity: Identity | undefined }>;

/** Blocked by path. */
function named(
  blocked: readonly string[],
  view: FileView,
  realPath: Surroundings["realPath"],
): readonly Candidate[] {
  return blocked
    .filter((name) => name.includes("/"))
    .flatMap((file) => candidateAt(file, file, realPath(file), view));
}

/** Blocked by name. A directory is canonical, so that a file in it that is no link needs no resolving. */
function inDirectories({ view, executables, realPath }: Surroundings): readonly Candidate[] {
  return executables.present().flatMap(({ directory, name: command, kind }) => {
    const file = childOf(directory, command);
    if (kind === "file") return [{ command, path: file, file, identity: undefined }];
    return candidateAt(command, file, kind === "link" ? realPath(file) : file, view);
  });
}

function candidateAt(
  command: string,
  file: string,
  path: CanonicalPath | undefined,
  view: FileView,
): readonly Candidate[] {
  if (path === undefined || view.kindOf(path) !== "file") return [];
  const identity = view.identityOf(path);
  const single = path === file && identity?.links === 1n;
  return [{ command, path, file, identity: single ? undefined : identity }];
}

/** Names that are blocked and not allowed again. */
export function stillBlocked(commands: Capabilities["commands"]): readonly string[] {
  const allowed = new Set(commands.allowed.map((rule: CommandRule) => rule.name));
  return [...new Set(commands.blocked.map((rule) => rule.name))].filter((name) => !allowed.has(name));
}

/** Those that are blocked by name, wherever they lie. */
export function namesToLookFor(commands: Capabilities["commands"]): readonly string[] {
  return stillBlocked(commands).filter((name) => !name.includes("/"));
}

/** Commands that are not blocked and share an executable, looked for only where one is likely: behind links. */
function otherCommands(
  candidates: readonly Candidate[],
  blocked: ReadonlySet<string>,
  lookedAt: ExecutablesIn,
): ReadonlyMap<CanonicalPath, string> {
  const others = new Map<CanonicalPath, string>();
  const note = ({ path, file }: Candidate, name: string) => {
    if (!blocked.has(name) && name !== nameOf(file) && !others.has(path)) others.set(path, name);
  };
  for (const one of candidates) note(one, nameOf(one.path));
  for (const kind of ["link", "file"] as const) {
    const open = candidates.filter((one) => !others.has(one.path) && mayHaveNames(one, kind));
    if (open.length === 0) continue;
    const objects = open.map((one) => one.identity).filter((identity) => identity !== undefined);
    for (const { name, object } of lookedAt.namesBehind(kind, objects)) note(open[object] as Candidate, name);
  }
  return others;
}

/** Links lead to what was found by a link, or has several names; files only to the latter. */
function mayHaveNames({ identity }: Candidate, kind: "link" | "file"): boolean {
  return identity !== undefined && (kind === "link" || identity.links > 1n);
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
