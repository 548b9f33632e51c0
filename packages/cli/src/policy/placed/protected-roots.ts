// What no grant may reach: nono's own configuration and state. Whoever could write them would choose the rights of
// the next run, or rewrite the record of this one.

import { statSync } from "node:fs";
import { bytesOf, type CanonicalPath } from "nono-ts";
import { distrustOf, isWithin, pathResolver, resolvePath } from "nono-ts/internal";
import { PolicyError } from "../error.ts";
import type { Variables } from "../variables.ts";
import { outlying } from "./outlying.ts";

/** `$XDG_CONFIG_HOME/nono`, where profiles and groups lie. */
export function configDirectory(variables: Variables): string {
  return resolvePath(variables.XDG_CONFIG_HOME ?? "/", "nono");
}

/** `$XDG_STATE_HOME/nono`, where sessions, audit logs and snapshots lie. */
export function stateDirectory(variables: Variables): string {
  return resolvePath(variables.XDG_STATE_HOME ?? "/", "nono");
}

/** Canonical, whether they exist or not; of the state also what somebody has moved away and left a link to. */
export function protectedRoots(variables: Variables): readonly CanonicalPath[] {
  const resolve = pathResolver();
  const [config, state] = [configDirectory(variables), stateDirectory(variables)].map(
    (root) => resolve(root).path,
  ) as [CanonicalPath, CanonicalPath];
  return [config, state, ...outlying(state)];
}

/**
 * Whoever else could write there could tell nono what was recorded, and what to restore.
 *
 * @param directory of the state; one that does not exist yet is made for its user alone
 * @throws PolicyError `state-untrusted`
 */
export function refuseSharedState(directory: string, uid: number): void {
  const stat = statSync(bytesOf(directory), { throwIfNoEntry: false });
  const distrust = stat && distrustOf(stat, uid, directory);
  if (distrust !== undefined) throw new PolicyError({ code: "state-untrusted", directory, ...distrust });
}

type Reach = Readonly<{ source: string; original: string }>;

/**
 * @throws PolicyError `grant-protected` when `reached` is, contains or lies below a root
 */
export function refuseProtected(reach: Reach, reached: CanonicalPath, roots: readonly CanonicalPath[]): void {
  const root = roots.find((one) => isWithin(reached, one) || isWithin(one, reached));
  if (root === undefined) return;
  const around = !isWithin(reached, root);
  throw new PolicyError({
    code: "grant-protected",
    option: reach.source,
    path: reach.original,
    root,
    around,
  });
}
