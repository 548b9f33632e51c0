// What a caller hands over as capabilities: the set, or its value.

import { NonoError } from "../error.ts";
import type { Capabilities } from "./capabilities.ts";
import { CapabilitySet } from "./capability-set.ts";

/** @throws NonoError `invalid-value` for what is neither */
export function capabilitiesIn(asked: CapabilitySet | Capabilities): Capabilities {
  const capabilities = asked instanceof CapabilitySet ? asked.value() : asked;
  if (capabilities?.fs !== undefined) return capabilities;
  throw new NonoError({
    code: "invalid-value",
    option: "capabilities",
    value: String(asked),
    expected: "a CapabilitySet, or its value()",
  });
}
