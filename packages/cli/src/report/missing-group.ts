// The group that would have granted most of what was refused. Programs that lie together, such as the proxies of rustup and
// the toolchains they start, are missed one by one otherwise, each with an option of its own.

import type { AccessMode, CanonicalPath } from "nono-ts";
import { isWithin, pathResolver } from "nono-ts/internal";
import { PROFILES } from "../policy/data/profiles.ts";
import type { LoadedPolicy } from "../policy/policy-of.ts";
import { BASE_PROFILE } from "../policy/profile/load.ts";
import { groupEntries } from "../policy/resolve/group-entries.ts";
import { pathExpander } from "../policy/resolve/path-expander.ts";

type Question = Readonly<{ path: CanonicalPath; access: AccessMode }>;

/** `profile`: a built-in one that has it, where no other would do as well, and none but the usual one is in force. */
export type MissingGroup = Readonly<{
  group: string;
  profile: string | undefined;
  grants: (question: Question) => boolean;
}>;

/** Only a group that denies nothing, and that a built-in profile has: a wider one is not for a hint to lead to. */
export function missingGroup(
  questions: readonly Question[],
  { policy, catalog, variables }: LoadedPolicy,
): MissingGroup | undefined {
  const inForce = new Set(policy.groups.map(({ name }) => name));
  const [resolve, expander] = [pathResolver(), pathExpander(variables)];
  let [best, most]: [MissingGroup | undefined, number] = [undefined, 0];
  for (const [group, parts] of catalog) {
    const profiles = profilesWith(group);
    const isOpen = parts.every((part) => part.group.deny === undefined);
    if (inForce.has(group) || profiles.length === 0 || !isOpen) continue;
    const entries = groupEntries([{ from: "nono", source: group, name: group, parts }], expander).grants;
    const grants = covering(entries.map(({ path, access }) => ({ path: resolve(path).path, access })));
    const count = questions.filter(grants).length;
    if (count <= most) continue;
    const profile = policy.profile === BASE_PROFILE && profiles.length === 1 ? profiles[0] : undefined;
    [best, most] = [{ group, profile, grants }, count];
  }
  return best;
}

function covering(grants: readonly Question[]): (question: Question) => boolean {
  return ({ path, access }) =>
    grants.some((one) => isWithin(path, one.path) && [access, "read+write"].includes(one.access));
}

/** Built-in ones. */
function profilesWith(group: string): readonly string[] {
  return Object.keys(PROFILES).filter((name) => PROFILES[name]?.groups?.include?.includes(group));
}
