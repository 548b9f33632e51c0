// A profile is kept, copied and shown to others: nothing in it may be somebody's secret, such as a token that is the name of a
// file. Pure.

import type { Profile } from "./form/profile-form.ts";

export type Cleaned = Readonly<{
  profile: Profile;
  /** What is not in it, without the secrets, each once. */
  held: readonly string[];
}>;

/** @param clean the same text without the secrets in it */
export function withoutSecrets(profile: Profile, clean: (text: string) => string): Cleaned {
  const held = new Set<string>();
  const isFit = (text: string) => {
    for (const one of [text, unescaped(text)]) {
      if (clean(one) === one) continue;
      held.add(clean(one));
      return false;
    }
    return true;
  };
  return { profile: (kept(profile, isFit) ?? {}) as Profile, held: [...held] };
}

/** What a path or a pattern of a profile stands for: a secret may hold what is escaped there. */
function unescaped(text: string): string {
  return text.replaceAll("$$", () => "$").replaceAll(/\\(.)/g, "$1");
}

/** @returns undefined where nothing is left of a text, a list or an object */
function kept(value: unknown, isFit: (text: string) => boolean): unknown {
  if (typeof value === "string") return isFit(value) ? value : undefined;
  if (typeof value !== "object" || value === null) return value;
  const parts = Array.isArray(value)
    ? value.map((one) => kept(one, isFit)).filter((one) => one !== undefined)
    : Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) => {
          const left = isFit(key) ? kept(one, isFit) : undefined;
          return left === undefined ? [] : [[key, left]];
        }),
      );
  return Object.keys(parts).length === 0 ? undefined : parts;
}
