// What the command line asks for in the file system.

import type { AccessMode } from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import { inHome } from "../../text/in-home.ts";
import type { PolicyFlags } from "../flags.ts";
import type { Asked, Bypass, Grant, NamedPath, SocketGrant } from "../policy.ts";
import type { Variables } from "../variables.ts";

export type FlagEntries = Readonly<{
  grants: readonly Grant[];
  bypasses: readonly Bypass[];
  sockets: readonly SocketGrant[];
}>;

type PathFlag = Exclude<
  { [K in keyof PolicyFlags]: PolicyFlags[K] extends readonly string[] ? K : never }[keyof PolicyFlags],
  "allowCwd" | "allowCommand" | "blockCommand" | "allowEnv" | "secrets" | "envCredential" | "secretEnv"
>;

const GRANTS: readonly (readonly [PathFlag, string, "file" | "directory", AccessMode])[] = [
  ["allow", "--allow", "directory", "read+write"],
  ["read", "--read", "directory", "read"],
  ["write", "--write", "directory", "write"],
  ["allowFile", "--allow-file", "file", "read+write"],
  ["readFile", "--read-file", "file", "read"],
  ["writeFile", "--write-file", "file", "write"],
];

const SOCKETS: readonly (readonly [PathFlag, string, SocketGrant["scope"], boolean])[] = [
  ["allowUnixSocket", "--allow-unix-socket", "socket", false],
  ["allowUnixSocketBind", "--allow-unix-socket-bind", "socket", true],
  ["allowUnixSocketDir", "--allow-unix-socket-dir", "directory", false],
  ["allowUnixSocketDirBind", "--allow-unix-socket-dir-bind", "directory", true],
  ["allowUnixSocketSubtree", "--allow-unix-socket-subtree", "subtree", false],
  ["allowUnixSocketSubtreeBind", "--allow-unix-socket-subtree-bind", "subtree", true],
];

/** Option that grants the working directory, or what lies below it. */
export const ALLOW_CWD = "--allow-cwd";

/**
 * @param cwd absolute; relative paths are taken from it, and those with `~` from the home directory.
 */
export function flagEntries(flags: PolicyFlags, variables: Variables, cwd: string): FlagEntries {
  const named = (flag: PathFlag, option: string) =>
    flags[flag].map((original): Asked & NamedPath => ({
      from: "flag",
      source: option,
      original,
      path: resolvePath(cwd, inHome(original, variables.HOME)),
    }));
  const cwdGrants = flags.allowCwd.map((below): Grant => {
    const directory = variables.WORKDIR ?? cwd;
    const path = resolvePath(directory, below);
    const source = below === "." ? ALLOW_CWD : `${ALLOW_CWD}/${below}`;
    return { from: "flag", source, original: path, path, kind: "directory", access: "read+write" };
  });
  return {
    grants: [
      ...cwdGrants,
      ...GRANTS.flatMap(([flag, option, kind, access]) =>
        named(flag, option).map((one) => ({ ...one, kind, access })),
      ),
    ],
    bypasses: named("bypassProtection", "--bypass-protection"),
    sockets: SOCKETS.flatMap(([flag, option, scope, bind]) =>
      named(flag, option).map((one) => ({ ...one, scope, bind })),
    ),
  };
}
