// What there is to choose from, for `nono profile list` and `nono profile groups`.

import { type ConfigPlace, profileFile, profileNames } from "../config-files.ts";
import { PROFILES } from "../data/profiles.ts";
import { PolicyError } from "../error.ts";
import type { GroupCatalog } from "../group/catalog.ts";
import { isRequired, type Platform } from "../group/select.ts";
import { loadProfile } from "../profile/load.ts";

export type ListedProfile = Readonly<{
  name: string;
  description: string;
  /** The user's file; absent: built in. */
  file?: string;
  /** Why it cannot be used. */
  problem?: string;
}>;

/** All profiles by name, the built-in ones first. One that cannot be used is listed with what is wrong with it. */
export async function listProfiles(place: ConfigPlace): Promise<readonly ListedProfile[]> {
  const builtIn = Object.entries(PROFILES).map(([name, profile]) => ({
    name,
    description: profile.meta?.description ?? "",
  }));
  const own = profileNames(place.directory).map(async (name): Promise<ListedProfile> => {
    const file = profileFile(place.directory, name);
    try {
      const { layers } = await loadProfile(name, place, place.directory);
      return { name, description: layers.at(-1)?.profile.meta?.description ?? "", file };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return { name, description: "", file, problem: error.message };
    }
  });
  return [...builtIn, ...(await Promise.all(own))];
}

export type ListedGroup = Readonly<{
  name: string;
  description: string;
  required: boolean;
  /** Absent: everywhere. */
  platform?: Platform;
  /** Profiles that include it by their own entry. */
  usedBy: readonly string[];
}>;

export function listGroups(catalog: GroupCatalog): readonly ListedGroup[] {
  return [...catalog].flatMap(([name, parts]) => {
    const [first] = parts;
    if (first === undefined) return [];
    const { description, platform } = first.group;
    const usedBy = Object.entries(PROFILES)
      .filter(([, { groups, security }]) =>
        [...(groups?.include ?? []), ...(security?.groups ?? [])].includes(name),
      )
      .map(([profile]) => profile);
    return [
      {
        name,
        description,
        required: isRequired(parts),
        usedBy,
        ...(platform === undefined ? {} : { platform }),
      },
    ];
  });
}
