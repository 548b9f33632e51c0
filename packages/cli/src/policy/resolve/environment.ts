// Which variables pass, and which are set.

import { PolicyError } from "../error.ts";
import type { PolicyFlags } from "../flags.ts";
import type { Asked, Policy, VariablePattern, VariableValue } from "../policy.ts";
import type { Layer } from "../profile/load.ts";
import { expand, type Variables } from "../variables.ts";

/** @throws PolicyError `variable-unset`, `variable-pattern` */
export function resolveEnvironment(
  layers: readonly Layer[],
  flags: PolicyFlags,
  variables: Variables,
): Policy["environment"] {
  const profiles = layers.map(({ profile, source }) => ({
    environment: profile.environment ?? {},
    asked: { from: "profile", source } satisfies Asked,
  }));
  const set = new Map<string, VariableValue>();
  for (const { environment, asked } of profiles)
    for (const [name, text] of Object.entries(environment.set_vars ?? {}))
      set.set(name, { ...asked, name, value: expandedValue(text, asked, variables) });
  return {
    allow: [
      ...profiles.flatMap(({ environment, asked }) => patterns(environment.allow_vars, asked)),
      ...patterns(flags.allowEnv, { from: "flag", source: "--allow-env" }).map(checked),
    ],
    deny: profiles.flatMap(({ environment, asked }) => patterns(environment.deny_vars, asked)),
    set: [...set.values()],
  };
}

function expandedValue(text: string, { source }: Asked, variables: Variables): string {
  const expansion = expand(text, variables);
  if ("value" in expansion) return expansion.value;
  throw new PolicyError({ code: "variable-unset", source, text, variable: expansion.unset });
}

function patterns(texts: readonly string[] | undefined, asked: Asked): readonly VariablePattern[] {
  return (texts ?? []).map((pattern) => ({ ...asked, pattern }));
}

function checked(entry: VariablePattern): VariablePattern {
  if (/^[^=\0]+$/.test(entry.pattern)) return entry;
  throw new PolicyError({ code: "variable-pattern", option: entry.source, pattern: entry.pattern });
}
