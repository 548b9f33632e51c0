// From capabilities to a Seatbelt profile. Later rules win over earlier ones: what every program needs, then what is
// granted, then what is denied, then what nothing opens.

import type { Capabilities } from "../capability/index.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { baseRules, closingRules } from "./base.ts";
import { blockedRules, denialRules, readRules, type SavedName, writeRules } from "./files.ts";
import { networkRules } from "./network.ts";
import { isAllowance, rawRule } from "./platform-rule.ts";
import { printProfile } from "./print.ts";
import type { RawRule, Rule } from "./rule.ts";

export type SeatbeltProfile = Readonly<{
  /** In their order; the last one that fits decides. */
  rules: readonly (Rule | RawRule)[];
  /** The same as sandbox_init(3) takes it. */
  text: string;
}>;

type Options = Readonly<{
  blocked: readonly CanonicalPath[];
  savedNames: readonly SavedName[];
}>;

/**
 * @throws NonoError `grant-denied` for a grant in a denied path, `platform-rule` for a rule of the caller's that is none
 */
export function profileOf(capabilities: Capabilities, { blocked, savedNames }: Options): SeatbeltProfile {
  const raw = capabilities.platformRules.map(rawRule);
  const rules = [
    ...baseRules(capabilities),
    ...readRules(capabilities),
    // Between the two, so that one that denies removing takes nothing from what is granted for writing.
    ...raw,
    ...writeRules(capabilities, savedNames),
    ...networkRules(capabilities),
    ...denialRules(capabilities, { everywhere: raw.some(isAllowance), savedNames }),
    ...blockedRules(blocked),
    ...closingRules(),
  ];
  return { rules, text: printProfile(rules) };
}
