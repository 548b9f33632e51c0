// The whole way from flags to a policy: profiles and groups are loaded, then all is merged.

import type { CanonicalPath } from "nono-ts";
import { canonicalizeMissing } from "nono-ts/internal";
import { configPlaceOf } from "./config-files.ts";
import type { PolicyFlags } from "./flags.ts";
import { type GroupCatalog, loadGroups } from "./group/catalog.ts";
import type { Platform } from "./group/select.ts";
import { outlying } from "./placed/outlying.ts";
import type { Policy } from "./policy.ts";
import { BASE_PROFILE, loadProfile } from "./profile/load.ts";
import { resolvePolicy } from "./resolve/resolve.ts";
import { type Surroundings, type Variables, variablesOf } from "./variables.ts";

export type PolicyOptions = Surroundings &
  Readonly<{
    /** Absolute: relative paths of the flags are taken from it. */
    cwd: string;
    platform: Platform;
    /** Directories of nono's own program. */
    programs: readonly string[];
  }>;

export type LoadedPolicy = Readonly<{
  policy: Policy;
  variables: Variables;
  /** Every group there is, in force or not. */
  catalog: GroupCatalog;
}>;

/**
 * @throws PolicyError for everything that is wrong with a profile, a group or a flag
 */
export async function policyOf(flags: PolicyFlags, options: PolicyOptions): Promise<LoadedPolicy> {
  const variables = variablesOf(options);
  const place = configPlaceOf(options);
  const chain = await loadProfile(flags.profile ?? BASE_PROFILE, place, options.cwd);
  const groups = await loadGroups(place);
  const { cwd, platform, programs } = options;
  const files = [...groups.files, ...outlyingConfig(place.directory)];
  const policy = resolvePolicy({
    ...{ flags, chain, variables, cwd, platform, programs },
    groups: { ...groups, files },
  });
  return { policy, variables, catalog: groups.catalog };
}

/** Where a link leads that another run would read its rights from. */
function outlyingConfig(directory: string): readonly CanonicalPath[] {
  return outlying(canonicalizeMissing(directory), ["profiles"]);
}
