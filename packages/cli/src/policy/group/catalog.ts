// Every group there is, by name: the built-in ones and the user's, which add to a built-in one of the same name.

import { type ConfigPlace, groupsFile } from "../config-files.ts";
import { GROUPS } from "../data/groups.ts";
import { valueOrThrow } from "../form/checked.ts";
import type { Group, Groups } from "../form/group-form.ts";
import { readTrustedFile, refuseInWorkdir } from "../trusted-file.ts";

/** A group as one file has it, and what its entries are told to come from. */
export type GroupPart = Readonly<{ group: Group; source: string }>;

export type GroupCatalog = ReadonlyMap<string, readonly GroupPart[]>;

export type LoadedGroups = Readonly<{
  catalog: GroupCatalog;
  /** The user's files among them, canonical. */
  files: readonly string[];
}>;

/**
 * @throws PolicyError what `readTrustedFile` and the form say about groups.json
 */
export async function loadGroups(place: ConfigPlace): Promise<LoadedGroups> {
  const file = groupsFile(place.directory);
  const trusted = readTrustedFile(file, place.uid);
  if (trusted === undefined) return { catalog: BUILT_IN, files: [] };
  refuseInWorkdir(trusted, place);
  const { readGroups } = await import("../form/read-groups.ts");
  const own = valueOrThrow(readGroups(trusted.text, file));
  return { catalog: withGroups(BUILT_IN, own, trusted.path), files: [trusted.path] };
}

/** `catalog` with the groups of one more file. */
export function withGroups(catalog: GroupCatalog, groups: Groups, file: string): GroupCatalog {
  const all = new Map(catalog);
  for (const [name, group] of Object.entries(groups))
    all.set(name, [...(all.get(name) ?? []), { group, source: `group:${name} (${file})` }]);
  return all;
}

export const BUILT_IN: GroupCatalog = new Map(
  Object.entries(GROUPS).map(([name, group]) => [name, [{ group, source: `group:${name}` }]]),
);
