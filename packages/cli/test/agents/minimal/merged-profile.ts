// An agent's profile and those that it extends as one, so that each entry can be taken away by itself.

import type { Group, Groups } from "../../../src/policy/form/group-form.ts";
import type { Profile } from "../../../src/policy/form/profile-form.ts";

type Filesystem = NonNullable<Profile["filesystem"]>;

/** What lies at a path of the policy, if anything. */
export type KindOf = (path: string) => "file" | "directory" | undefined;

/** The keys that grant paths, with what they grant. */
export const GRANT_KEYS = {
  allow: "read+write",
  read: "read",
  write: "write",
  allow_file: "read+write",
  read_file: "read",
  write_file: "write",
} as const;

/** @param layers each after those that it extends; of all but the last, only the groups count */
export function mergedProfile(layers: readonly Profile[]): Profile {
  const excluded = new Set(layers.flatMap(({ groups }) => groups?.exclude ?? []));
  const included = layers.flatMap(({ groups, security }) => [
    ...(groups?.include ?? []),
    ...(security?.groups ?? []),
  ]);
  const include = [...new Set(included)].filter((name) => !excluded.has(name));
  return { ...layers.at(-1), extends: [], groups: { include } };
}

/** Whether it does more than close, here on Linux. */
export const isOpening = ({ allow, platform }: Group) => allow !== undefined && platform !== "macos";

/** The same profile with the grants of its groups as entries of its own, each with the group that it is from. */
export function withoutGroups(
  profile: Profile,
  groups: Groups,
  kindOf: KindOf,
): Readonly<{ profile: Profile; groupOf: ReadonlyMap<string, string> }> {
  const names = profile.groups?.include ?? [];
  const opening = names.filter((name) => isOpening(groups[name] as Group));
  const granted = opening.map((name) => grantsOf(groups[name] as Group, kindOf));
  const groupOf = opening.flatMap((name, index) =>
    Object.values(granted[index] ?? {}).flatMap((paths) =>
      (paths as string[]).map((path) => [path, name] as const),
    ),
  );
  const filesystem: Filesystem = { ...profile.filesystem };
  for (const part of granted)
    for (const [key, paths] of Object.entries(part) as [keyof typeof GRANT_KEYS, string[]][])
      filesystem[key] = [...(filesystem[key] ?? []), ...paths];
  const include = names.filter((name) => !opening.includes(name));
  return { profile: { ...profile, groups: { include }, filesystem }, groupOf: new Map(groupOf) };
}

/** As a profile writes them: it tells files from directories. */
function grantsOf({ allow }: Group, kindOf: KindOf): Pick<Filesystem, keyof typeof GRANT_KEYS> {
  const files = (paths: readonly string[] = []) => paths.filter((path) => kindOf(path) === "file");
  const directories = (paths: readonly string[] = []) => paths.filter((path) => kindOf(path) !== "file");
  return {
    read: directories(allow?.read),
    read_file: files(allow?.read),
    write: directories(allow?.write),
    write_file: files(allow?.write),
    allow: directories(allow?.readwrite),
    allow_file: files(allow?.readwrite),
  };
}
