// Which Landlock rights an access means. Pure: what the kernel offers comes in as a number.
// Source: Documentation/userspace-api/landlock.rst.

import type { AccessHalf, PathKind } from "../capability/index.ts";
import { NonoError } from "../error.ts";
import { FS_RIGHTS, NET_RIGHTS, SCOPES } from "./rights-table.ts";

/** The newest ABI that the tables describe; a kernel beyond it is used as this one. */
export const NEWEST_ABI = Math.max(
  ...FS_RIGHTS.map((right) => right.abi),
  ...NET_RIGHTS.map((right) => right.abi),
);

/** Listing a directory, and nothing else. */
export const LIST_RIGHT = rightNamed("READ_DIR");

/** Connecting to a path-name unix socket; 0 where the ABI has no such right. */
export function socketRight(abi: number): bigint {
  return maskOf(FS_RIGHTS.filter((right) => right.half === "socket" && right.abi <= checked(abi)));
}

/**
 * The rights of a rule on an object of `kind`.
 *
 * @param abi Landlock ABI to compile for; rights it does not know are left out, and the status says so
 * @returns mask for `landlock_path_beneath_attr.allowed_access`
 * @throws NonoError `unknown-abi` below 1
 */
export function rightsOf(half: AccessHalf, kind: PathKind, abi: number): bigint {
  const known = checked(abi);
  return maskOf(
    FS_RIGHTS.filter(
      (right) => right.abi <= known && right.half === half && (kind === "directory" || right.file),
    ),
  );
}

/** Every right on files of an ABI: what no rule allows is refused. @throws NonoError `unknown-abi` below 1 */
export function handledFs(abi: number): bigint {
  return maskOf(FS_RIGHTS.filter((right) => right.abi <= checked(abi)));
}

/** Every right on ports of an ABI. @throws NonoError `unknown-abi` below 1 */
export function handledNet(abi: number): bigint {
  return maskOf(NET_RIGHTS.filter((right) => right.abi <= checked(abi)));
}

/** Rights on a TCP port. @throws NonoError `unknown-abi` below 1 */
export function portRights(use: "connect" | "listen", abi: number): bigint {
  const name = use === "connect" ? "CONNECT_TCP" : "BIND_TCP";
  return maskOf(NET_RIGHTS.filter((right) => right.name === name && right.abi <= checked(abi)));
}

/** The scopes of an ABI, by what they shut off. @throws NonoError `unknown-abi` below 1 */
export function scopeOf(name: (typeof SCOPES)[number]["name"], abi: number): bigint {
  return maskOf(SCOPES.filter((scope) => scope.name === name && scope.abi <= checked(abi)));
}

/** Names of the rights on files in a mask, for people. */
export function rightNames(mask: bigint): readonly string[] {
  return FS_RIGHTS.filter((right) => (mask & right.bit) !== 0n).map((right) => right.name);
}

/** The bit of one right on files. */
export function rightNamed(name: (typeof FS_RIGHTS)[number]["name"]): bigint {
  return maskOf(FS_RIGHTS.filter((right) => right.name === name));
}

function maskOf(rights: readonly { readonly bit: bigint }[]): bigint {
  return rights.reduce((mask, right) => mask | right.bit, 0n);
}

function checked(abi: number): number {
  if (!Number.isInteger(abi) || abi < 1) throw new NonoError({ code: "unknown-abi", abi });
  return abi;
}
