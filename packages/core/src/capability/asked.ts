// What a caller hands over as capabilities: the set, or its value.

import { NonoError } from "../error.ts";
import type { Capabilities } from "./capabilities.ts";
import { CapabilitySet } from "./capability-set.ts";
import { checkedCapabilities } from "./checked-capabilities.ts";

/** @throws NonoError `invalid-value` for what is neither */
export function capabilitiesIn(asked: CapabilitySet | Capabilities): Capabilities {
  if (asked instanceof CapabilitySet) return asked.value();
  if (asked?.fs !== undefined) return checkedCapabilities(asked);
  throw new NonoError({
    code: "invalid-value",
    option: "capabilities",
    value: String(asked),
    expected: "a CapabilitySet, or its value()",
  });
}
