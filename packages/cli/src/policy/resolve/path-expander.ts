// Paths of groups and profiles with their variables replaced, and a note of those that mean nothing here.

import type { Asked, NamedPath, Unset } from "../policy.ts";
import { expandPath, type Variables } from "../variables.ts";

export type PathExpander = Readonly<{
  /** An entry for each path that has a meaning here, with everything in `rest`. */
  expand<Rest extends Asked>(texts: readonly string[] | undefined, rest: Rest): readonly (Rest & NamedPath)[];
  /** What was left out so far. */
  unset(): readonly Unset[];
}>;

export function pathExpander(variables: Variables): PathExpander {
  const unset: Unset[] = [];
  return {
    expand: (texts = [], rest) => {
      const entries: (typeof rest & NamedPath)[] = [];
      for (const original of texts) {
        const expansion = expandPath(original, variables);
        if ("value" in expansion) entries.push({ ...rest, original, path: expansion.value });
        else unset.push({ from: rest.from, source: rest.source, original, variable: expansion.unset });
      }
      return entries;
    },
    unset: () => unset,
  };
}
