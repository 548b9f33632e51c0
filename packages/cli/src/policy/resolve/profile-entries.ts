// What the profiles of a chain ask for in the file system.

import type { AccessMode } from "nono-ts";
import type { Profile } from "../form/profile-form.ts";
import type { Asked, Bypass, Creation, Denial, Grant, NamePattern, SocketGrant } from "../policy.ts";
import type { Layer } from "../profile/load.ts";
import type { PathExpander } from "./path-expander.ts";

export type ProfileEntries = Readonly<{
  grants: readonly Grant[];
  denials: readonly Denial[];
  bypasses: readonly Bypass[];
  patterns: readonly NamePattern[];
  sockets: readonly SocketGrant[];
  creations: readonly Creation[];
}>;

type Filesystem = NonNullable<Profile["filesystem"]>;
type PathKey = Exclude<keyof Filesystem, "create_file">;

const GRANTS: readonly (readonly [PathKey, "file" | "directory", AccessMode])[] = [
  ["allow", "directory", "read+write"],
  ["read", "directory", "read"],
  ["write", "directory", "write"],
  ["allow_file", "file", "read+write"],
  ["read_file", "file", "read"],
  ["write_file", "file", "write"],
];

const SOCKETS: readonly (readonly [PathKey, SocketGrant["scope"], boolean])[] = [
  ["unix_socket", "socket", false],
  ["unix_socket_bind", "socket", true],
  ["unix_socket_dir", "directory", false],
  ["unix_socket_dir_bind", "directory", true],
  ["unix_socket_subtree", "subtree", false],
  ["unix_socket_subtree_bind", "subtree", true],
];

export function profileEntries(layers: readonly Layer[], paths: PathExpander): ProfileEntries {
  const parts = layers.map(({ profile, source }) => ({
    filesystem: profile.filesystem ?? {},
    asked: { from: "profile", source } satisfies Asked,
  }));
  const named = <Rest extends object>(key: PathKey, rest: Rest) =>
    parts.flatMap(({ filesystem, asked }) => paths.expand(filesystem[key], { ...asked, ...rest }));
  return {
    grants: GRANTS.flatMap(([key, kind, access]) => named(key, { kind, access })),
    denials: named("deny", { access: "read+write" } as const),
    bypasses: named("bypass_protection", {}),
    patterns: named("allow_pattern", {}).map(patternOf),
    sockets: SOCKETS.flatMap(([key, scope, bind]) => named(key, { scope, bind })),
    creations: [
      ...named("create", { kind: "directory" } as const),
      ...parts.flatMap(({ filesystem, asked }) => filesToCreate(filesystem.create_file ?? {}, asked, paths)),
    ],
  };
}

function patternOf({ path, ...rest }: Asked & { original: string; path: string }): NamePattern {
  const slash = path.lastIndexOf("/");
  return { ...rest, directory: path.slice(0, slash) || "/", name: path.slice(slash + 1) };
}

function filesToCreate(
  files: Readonly<Record<string, string>>,
  asked: Asked,
  paths: PathExpander,
): readonly Creation[] {
  return Object.entries(files).flatMap(([file, content]) =>
    paths.expand([file], { ...asked, kind: "file", content } as const),
  );
}
