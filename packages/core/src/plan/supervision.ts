// What a supervisor looks up by itself: which paths the kernel's rules cover, which ones are served on behalf, and which
// executables are refused by their content. Computed with the plan, from the same grants.

import { existsSync } from "node:fs";
import {
  type AccessMode,
  type Capabilities,
  checkedOneOf,
  type FsCapability,
  type FsDenial,
  type NetworkCapability,
  type UnixSocketCapability,
} from "../capability/index.ts";
import { type CanonicalPath, canonicalize, parentOf } from "../files/canonical-path.ts";
import { NEWEST_ABI, rightNamed, rightsOf, socketRight } from "../landlock/rights.ts";
import type { Ruleset, SplitRule } from "../landlock/ruleset.ts";

/**
 * Rights at a path and below it. `native`: by a rule of the kernel; with `verify` only as long as the object that was
 * there at the start still is. `behalf`: by the supervisor, after what is `denied` was taken away from what holds above.
 */
export type SupervisedPath = Readonly<{
  path: CanonicalPath;
  native: bigint;
  behalf: bigint;
  denied: bigint;
  verify: boolean;
}>;

/**
 * Names directly in a directory: `*` stands for any characters, `?` for one, a backslash takes the meaning of the next.
 * They may be made, opened, renamed over each other and removed, as files and as directories: there are none for reading
 * alone.
 */
export type NamePattern = Readonly<{
  directory: CanonicalPath;
  name: string;
  access: Exclude<AccessMode, "read">;
}>;

/** @throws NonoError `invalid-value` for what would grant more than it says */
export function checkedPatterns(patterns: readonly NamePattern[] = []): readonly NamePattern[] {
  for (const { access } of patterns) checkedOneOf("namePatterns", access, ["write", "read+write"]);
  return patterns;
}

/**
 * Where a connection may lead. `host`: an IP address in the form of RFC 5952, or `localhost` for 127.0.0.0/8 and ::1;
 * absent: every address. `port`: absent: every port.
 */
export type Destination = Readonly<{ host?: string; port?: number }>;

export type Supervision = Readonly<{
  paths: readonly SupervisedPath[];
  /** By rules of the kernel on the entries that lie in these directories at the start. */
  splits: readonly SplitRule[];
  patterns: readonly Readonly<{ directory: CanonicalPath; name: string; rights: bigint }>[];
  /** `loader`: runs what its arguments name, and is not refused itself. */
  executables: readonly Readonly<{ path: CanonicalPath; loader: boolean }>[];
  /** Any internet destination is reached without a question. */
  internet: boolean;
  /** Abstract unix sockets of processes outside are within reach. */
  abstractSockets: boolean;
  /** What may be connected to, when `internet` is false. */
  destinations: readonly Destination[];
  /** Ports that may be listened on, when `internet` is false: the kernel has a rule for each. */
  listens: readonly number[];
}>;

type Options = Readonly<{
  ruleset: Ruleset;
  blocked: readonly CanonicalPath[];
  patterns?: readonly NamePattern[];
}>;

const CONNECT = socketRight(NEWEST_ABI);
const BIND = rightNamed("MAKE_SOCK");
const REMOVE = rightNamed("REMOVE_FILE");
const LIST = rightNamed("READ_DIR");
const REMOVALS = REMOVE | rightNamed("REMOVE_DIR");

export function supervisionOf(capabilities: Capabilities, options: Options): Supervision {
  const files = capabilities.fs.filter((grant) => grant.kind === "file");
  const patterns = [
    ...files.flatMap((grant) => replacementNames(grant.path, grant.access)),
    ...(options.patterns ?? []),
  ];
  const { network } = capabilities;
  return {
    paths: [
      ...nativePaths(options.ruleset),
      ...servedPaths(capabilities, options.blocked),
      ...capabilities.unixSockets.flatMap(socketPaths),
    ],
    splits: options.ruleset.splits,
    patterns: [
      ...patterns.map(({ directory, name, access }) => ({ directory, name, rights: namedRights(access) })),
      ...capabilities.unixSockets.flatMap(socketNames),
    ],
    executables: executables(options.blocked),
    internet: network.mode === "all",
    abstractSockets: capabilities.processes === "any",
    destinations: destinationsOf(network),
    listens: network.mode === "ports" ? network.listen : [],
  };
}

function destinationsOf(network: NetworkCapability): readonly Destination[] {
  if (network.mode !== "ports") return [];
  const ofHosts = network.hosts.flatMap(({ addresses, port }) =>
    (addresses === "loopback" ? ["localhost"] : addresses).map((host) =>
      port === undefined ? { host } : { host, port },
    ),
  );
  return [...network.connect.map((port) => ({ port })), ...ofHosts];
}

/** Each once: there are hundreds of denials. */
const RIGHTS = {
  file: rightsByAccess("file"),
  directory: rightsByAccess("directory"),
};

function rightsByAccess(kind: FsCapability["kind"]): Readonly<Record<AccessMode, bigint>> {
  const read = rightsOf("read", kind, NEWEST_ABI);
  const write = rightsOf("write", kind, NEWEST_ABI);
  return { read, write, "read+write": read | write };
}

const NOTHING = { native: 0n, behalf: 0n, denied: 0n, verify: false };

/** A rule on a file may lose its object: programs and editors replace those. */
function nativePaths({ rules }: Ruleset): readonly SupervisedPath[] {
  return rules.map(({ path, rights, optional }) => ({
    ...NOTHING,
    path,
    native: rights,
    verify: optional || (rights & LIST) === 0n,
  }));
}

/** What is served on behalf by grants, less what is denied inside them. */
export function servedPaths(
  asked: Pick<Capabilities, "denials"> &
    Readonly<{ fs: readonly Pick<FsCapability, "path" | "kind" | "access">[] }>,
  blocked: readonly CanonicalPath[],
): readonly SupervisedPath[] {
  return [...grantedPaths(asked), ...deniedPaths(asked, blocked)];
}

function grantedPaths({
  fs,
}: Readonly<{ fs: readonly Pick<FsCapability, "path" | "kind" | "access">[] }>): readonly SupervisedPath[] {
  return fs.map(({ path, kind, access }) => ({
    ...NOTHING,
    path,
    behalf: RIGHTS[kind][access],
  }));
}

function deniedPaths(
  { denials }: Pick<Capabilities, "denials">,
  blocked: readonly CanonicalPath[],
): readonly SupervisedPath[] {
  const all: readonly Pick<FsDenial, "path" | "access" | "removable">[] = [
    ...denials,
    ...blocked.map((path) => ({ path, access: "read" as const })),
  ];
  return all.map(({ path, access, removable }) => ({
    ...NOTHING,
    path,
    denied: removable ? RIGHTS.directory[access] & ~REMOVALS : RIGHTS.directory[access],
  }));
}

/** Connecting to one socket, or to those anywhere below a directory; to those directly in it by a pattern. */
function socketPaths({ path, scope, bind }: UnixSocketCapability): readonly SupervisedPath[] {
  if (scope === "directory") return [];
  const behalf = scope === "subtree" && bind ? CONNECT | BIND : CONNECT;
  return [{ ...NOTHING, path, behalf }];
}

function socketNames({ path, scope, bind }: UnixSocketCapability) {
  if (scope === "directory") return [{ directory: path, name: "*", rights: bind ? CONNECT | BIND : CONNECT }];
  if (scope === "subtree" || !bind) return [];
  return [{ directory: parentOf(path), name: literal(baseName(path)), rights: CONNECT | BIND | REMOVE }];
}

/**
 * How programs save a file: they write one beside it, keep the old one under another name, hold a lock (a file or a
 * directory), and rename. The names that they use start with its own: `F.lock`, `F.tmp.123`, `F~`, `.F.swp`. None for one
 * that is only read.
 */
export function replacementNames(file: CanonicalPath, access: AccessMode): readonly NamePattern[] {
  if (access === "read") return [];
  const name = literal(baseName(file));
  const names = [name, `${name}.?*`, `${name}~`, `.${name}.?*`];
  return names.map((pattern) => ({ directory: parentOf(file), name: pattern, access }));
}

/** Of a name: everything that makes, fills, renames and removes it, but no link that would lead elsewhere. */
function namedRights(access: NamePattern["access"]): bigint {
  const names = ["MAKE_REG", "MAKE_DIR", "REMOVE_FILE", "REMOVE_DIR", "WRITE_FILE", "TRUNCATE"] as const;
  const write = joined(names.map(rightNamed));
  return access === "write" ? write : write | rightNamed("READ_FILE");
}

/** Where the systems we know keep the loader of their programs. */
const LOADERS = [
  "/lib64/ld-linux-x86-64.so.2",
  "/lib/ld-linux-aarch64.so.1",
  "/lib/ld-musl-x86_64.so.1",
  "/lib/ld-musl-aarch64.so.1",
];

function executables(blocked: readonly CanonicalPath[]): Supervision["executables"] {
  if (blocked.length === 0) return [];
  const loaders = LOADERS.filter((path) => existsSync(path)).map((path) => canonicalize(path));
  return [
    ...blocked.map((path) => ({ path, loader: false })),
    ...loaders.map((path) => ({ path, loader: true })),
  ];
}

function baseName(path: CanonicalPath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `name` as a pattern that only it matches. */
function literal(name: string): string {
  return name.replace(/[\\*?]/g, "\\$&");
}

function joined(rights: readonly bigint[]): bigint {
  return rights.reduce((mask, right) => mask | right, 0n);
}
