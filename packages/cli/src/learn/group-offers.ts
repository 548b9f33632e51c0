// The groups that a learned profile could include, by what each would grant here.

import { pathResolver } from "nono-ts/internal";
import type { GroupCatalog } from "../policy/group/catalog.ts";
import type { Policy } from "../policy/policy.ts";
import { groupEntries } from "../policy/resolve/group-entries.ts";
import { pathExpander } from "../policy/resolve/path-expander.ts";
import type { Variables } from "../policy/variables.ts";
import type { Entry, GroupOffer } from "./entry.ts";

/** Those that are not in force, grant something here, and deny nothing. */
export function groupOffers(
  catalog: GroupCatalog,
  { groups }: Pick<Policy, "groups">,
  variables: Variables,
): readonly GroupOffer[] {
  const inForce = new Set(groups.map(({ name }) => name));
  const resolve = pathResolver();
  const offers = [...catalog].map(([name, all]): GroupOffer => {
    const parts = all.filter(({ group }) => group.platform === undefined || group.platform === "linux");
    const { grants } = groupEntries([{ from: "profile", source: "", name, parts }], pathExpander(variables));
    return {
      name,
      grants: grants.flatMap(({ path, access }) => {
        const { path: real, kind } = resolve(path);
        const halves = access === "read+write" ? (["read", "write"] as const) : [access];
        return halves.map(
          (half): Entry => ({ kind: kind === "file" ? "file" : "directory", path: real, half }),
        );
      }),
    };
  });
  const denies = (name: string) => catalog.get(name)?.some(({ group }) => group.deny !== undefined);
  return offers.filter(({ name, grants }) => grants.length > 0 && !inForce.has(name) && !denies(name));
}
