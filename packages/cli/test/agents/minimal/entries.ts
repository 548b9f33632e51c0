// The entries of a profile that open something, and the profile without some of them.

/** JSON as a profile file holds it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Keys and indices from the profile's root to the entry. */
export type EntryPath = readonly (string | number)[];

/** Keys whose entries open nothing: they describe, or they close. */
const CLOSING = new Set(["$schema", "meta", "extends", "deny", "deny_vars", "exclude", "network", "limits"]);

/** Every entry that opens something, in the file's order. */
export function openingEntries(profile: Json, path: EntryPath = []): readonly EntryPath[] {
  if (typeof profile !== "object" || profile === null) return [path];
  if (Array.isArray(profile)) return profile.map((_, index) => [...path, index]);
  return Object.entries(profile)
    .filter(([key]) => !CLOSING.has(key))
    .flatMap(([key, value]) => openingEntries(value, [...path, key]));
}

/** A copy of `profile` without the entries at `paths`, which are in the file's order. */
export function without(profile: Json, paths: readonly EntryPath[]): Json {
  // The last first: taking one out of a list moves those after it.
  return paths.reduceRight(withoutOne, profile);
}

function withoutOne(profile: Json, [key, ...rest]: EntryPath): Json {
  if (Array.isArray(profile))
    return profile.flatMap((value, index) => {
      if (index !== key) return [value];
      return rest.length === 0 ? [] : [withoutOne(value, rest)];
    });
  return Object.fromEntries(
    Object.entries(profile as { [key: string]: Json }).flatMap(([name, value]) => {
      if (name !== key) return [[name, value]];
      return rest.length === 0 ? [] : [[name, withoutOne(value, rest)]];
    }),
  );
}

/** How the entry reads in a report: `filesystem.allow ~/.claude`, `environment.set_vars.NAME`. */
export function describe(profile: Json, path: EntryPath): string {
  const keys = path.filter((key) => typeof key === "string").join(".");
  return typeof path.at(-1) === "number" ? `${keys} ${String(valueAt(profile, path))}` : keys;
}

export const valueAt = (profile: Json, path: EntryPath): Json =>
  path.reduce<Json>((at, key) => (at as never)[key], profile);
