// From what was asked for to exactly what the kernel is told.

import { type Capabilities, type CapabilitySet, capabilitiesIn } from "../capability/index.ts";
import { NonoError } from "../error.ts";
import { compileDarwin } from "./compile-darwin.ts";
import { compileLinux } from "./compile-linux.ts";
import type { CompileOptions } from "./compile-options.ts";
import type { DarwinPlan, LinuxPlan, Plan } from "./plan.ts";

export type { CompileOptions } from "./compile-options.ts";

type On<P extends Plan["platform"]> = CompileOptions & Readonly<{ platform: P }>;

/**
 * @throws NonoError `protection-unavailable` where the kernel lacks what was asked for, `grant-denied`, `rule-budget`,
 *   `platform-rule`, `unsupported-platform`, `unknown-abi`, `native-missing`, `invalid-value`
 */
export function compilePlan(asked: CapabilitySet | Capabilities, options: On<"linux">): LinuxPlan;
export function compilePlan(asked: CapabilitySet | Capabilities, options: On<"darwin">): DarwinPlan;
export function compilePlan(asked: CapabilitySet | Capabilities, options?: CompileOptions): Plan;
export function compilePlan(asked: CapabilitySet | Capabilities, options: CompileOptions = {}): Plan {
  const capabilities = capabilitiesIn(asked);
  const platform = options.platform ?? process.platform;
  if (platform === "linux") return compileLinux(capabilities, options);
  if (platform === "darwin") return compileDarwin(capabilities, options);
  throw new NonoError({ code: "unsupported-platform", platform });
}
