// The denials that nobody bypassed.

import { isWithin } from "nono-ts/internal";
import { PolicyError } from "../error.ts";
import type { Bypass } from "../policy.ts";
import type { Located, LocatedDenial } from "./located.ts";

/**
 * A bypass lifts the denials of exactly its path: naming a file in a denied directory lifts nothing, and says so.
 *
 * @throws PolicyError `bypass-unmatched`
 */
export function denialsInForce(
  denials: readonly LocatedDenial[],
  bypasses: readonly Located<Bypass>[],
): readonly LocatedDenial[] {
  for (const bypass of bypasses) {
    if (denials.some((denial) => isLifted(denial, bypass))) continue;
    const around = denials.find((denial) => isWithin(bypass.real.path, denial.real.path));
    throw new PolicyError({
      code: "bypass-unmatched",
      option: bypass.source,
      path: bypass.original,
      within: around && { path: around.original, source: around.source },
    });
  }
  return denials.filter((denial) => !bypasses.some((bypass) => isLifted(denial, bypass)));
}

function isLifted(denial: LocatedDenial, bypass: Located<Bypass>): boolean {
  return denial.path === bypass.path || denial.real.path === bypass.real.path;
}
