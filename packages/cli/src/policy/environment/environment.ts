// The variables of the confined program: the caller's, less what loads code and less secrets that nobody allowed.

import { isLoaderVariable } from "nono-ts/internal";
import type { Policy } from "../policy.ts";
import { matchesWildcard } from "../wildcard.ts";
import { SECRET_VALUES, WITHHOLDINGS } from "./withheld-names.ts";

export type Withheld = Readonly<{ name: string; why: string }>;

export type ConfinedEnvironment = Readonly<{
  environment: Readonly<Record<string, string>>;
  /** What of the caller's variables is missing in it, sorted by name. */
  withheld: readonly Withheld[];
}>;

/** `set` comes last, so a variable may be withheld and set to something else: then it counts as set. What a
 * secret goes into is left to it. */
export function environmentOf(
  caller: Readonly<Record<string, string | undefined>>,
  policy: Pick<Policy, "environment" | "secrets">,
): ConfinedEnvironment {
  const secrets = new Set(policy.secrets.map(({ name }) => name));
  const set = Object.fromEntries(policy.environment.set.map(({ name, value }) => [name, value]));
  const kept: (readonly [string, string])[] = [];
  const withheld: Withheld[] = [];
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || Object.hasOwn(set, name) || secrets.has(name)) continue;
    const why = whyWithheld(name, value, policy.environment);
    if (why === undefined) kept.push([name, value]);
    else withheld.push({ name, why });
  }
  withheld.sort((a, b) => (a.name < b.name ? -1 : 1));
  // Assigning would lose a variable that is called __proto__.
  return { environment: { ...Object.fromEntries(kept), ...set }, withheld };
}

function whyWithheld(name: string, value: string, rules: Policy["environment"]): string | undefined {
  if (isLoaderVariable(name)) return "it loads code into programs";
  const denied = rules.deny.find(({ pattern }) => matchesWildcard(pattern, name));
  if (denied !== undefined) return `${denied.source} denies it`;
  if (rules.allow.some(({ pattern }) => matchesWildcard(pattern, name))) return undefined;
  const byName = WITHHOLDINGS.find(({ names, except }) => names.test(name) && !except?.test(name));
  return byName?.why ?? SECRET_VALUES.find((secret) => secret.value.test(value))?.why;
}
