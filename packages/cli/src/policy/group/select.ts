// Which groups are in force: the required ones, and what the profiles include and do not exclude.

import { nearest } from "../../text/nearest.ts";
import { PolicyError } from "../error.ts";
import type { Asked } from "../policy.ts";
import type { Layer } from "../profile/load.ts";
import type { GroupCatalog, GroupPart } from "./catalog.ts";

export type Platform = "linux" | "macos";

export type SelectedGroup = Asked & Readonly<{ name: string; parts: readonly GroupPart[] }>;

/**
 * @param layers profiles, each after those that it extends: it may exclude what they include and include what they exclude
 * @throws PolicyError `group-missing`, `group-required`
 */
export function selectGroups(
  layers: readonly Layer[],
  catalog: GroupCatalog,
  platform: Platform,
): readonly SelectedGroup[] {
  const chosen = new Map<string, Asked>();
  for (const [name, parts] of catalog)
    if (isRequired(parts)) chosen.set(name, { from: "nono", source: "required" });

  for (const layer of layers) {
    for (const name of includedBy(layer, catalog))
      if (!chosen.has(name)) chosen.set(name, { from: "profile", source: layer.source });
    for (const name of excludedBy(layer, catalog)) chosen.delete(name);
  }

  return [...chosen]
    .map(([name, asked]) => ({ ...asked, name, parts: partsFor(platform, catalog.get(name) ?? []) }))
    .filter((group) => group.parts.length > 0);
}

function includedBy({ profile, source }: Layer, catalog: GroupCatalog): readonly string[] {
  const names = [...(profile.security?.groups ?? []), ...(profile.groups?.include ?? [])];
  for (const name of names) partsOf(name, source, catalog);
  return names;
}

function excludedBy({ profile, source }: Layer, catalog: GroupCatalog): readonly string[] {
  const names = profile.groups?.exclude ?? [];
  const required = names.find((name) => isRequired(partsOf(name, source, catalog)));
  if (required === undefined) return names;
  throw new PolicyError({ code: "group-required", name: required, source });
}

/** A group that one of its files requires is required as a whole. */
export function isRequired(parts: readonly GroupPart[]): boolean {
  return parts.some(({ group }) => group.required === true);
}

function partsOf(name: string, source: string, catalog: GroupCatalog): readonly GroupPart[] {
  const parts = catalog.get(name);
  if (parts !== undefined) return parts;
  throw new PolicyError({ code: "group-missing", name, source, nearest: nearest(name, catalog.keys()) });
}

function partsFor(platform: Platform, parts: readonly GroupPart[]): readonly GroupPart[] {
  return parts.filter(({ group }) => group.platform === undefined || group.platform === platform);
}
