// Entries of a policy with the places that they mean on this machine.

import type { ResolvedPath } from "nono-ts/internal";
import type { Denial, Grant, NamedPath } from "../policy.ts";

export type Located<T extends NamedPath> = T & Readonly<{ real: ResolvedPath }>;

export type LocatedDenial = Located<Denial>;
export type LocatedGrant = Located<Grant>;

export function locate<T extends NamedPath>(
  entries: readonly T[],
  resolve: (path: string) => ResolvedPath,
): readonly Located<T>[] {
  return entries.map((entry) => ({ ...entry, real: resolve(entry.path) }));
}
