// Restricts this very process, all of its threads, for good.

import type { Capabilities, CapabilitySet } from "../capability/index.ts";
import type { NativeFailure } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import { type CompileOptions, compilePlan } from "../plan/compile.ts";
import { encodePlan, PLAIN_LAUNCH } from "../plan/encode.ts";
import type { Protection } from "../protection/protection.ts";
import { launchError } from "./status.ts";

/** What this process is under is a fact of the process, not of a module: it stays when a module is loaded twice. */
const applied = Symbol.for("nono.applied");

/**
 * Confines this process and every process that it starts from now on. Irreversible. Threads that exist are reached
 * too: pool threads, workers, those of the runtime.
 *
 * Below Landlock ABI 8 the threads end in domains of their own, so signals and abstract sockets to the outside stay
 * open; `spawn` has no such limit. Descriptors that are open stay usable.
 *
 * @returns where each protection stands
 * @throws NonoError as `compilePlan` does, and `launch-failed` when the kernel refuses, before anything is restricted.
 *   If a thread could not be reached after that, the process is aborted: it is never left half restricted
 */
export function apply(
  capabilities: CapabilitySet | Capabilities,
  options: Pick<CompileOptions, "require" | "mayBeMissing"> = {},
): readonly Protection[] {
  const plan = compilePlan(capabilities, { ...options, target: "process", environment: {} });
  const bytes = encodePlan(plan, { ...PLAIN_LAUNCH, path: "", argv: [] });
  try {
    loadAddon().apply(bytes);
  } catch (error) {
    const { step, index, errno } = error as NativeFailure;
    throw launchError({ kind: "failed", step, index, errno }, plan, "");
  }
  const standing = strongest(activeProtections(), plan.protections);
  Object.defineProperty(process, applied, { value: standing, configurable: true });
  return plan.protections;
}

/** Sandboxes nest: what one of them enforces stays enforced. */
function strongest(before: readonly Protection[], now: readonly Protection[]): readonly Protection[] {
  return now.map((protection) => {
    const earlier = before.find((one) => one.name === protection.name);
    return earlier?.status === "enforced" && protection.status !== "enforced" ? earlier : protection;
  });
}

/** The protections that `apply` put this process under; none before the first `apply`. */
export function activeProtections(): readonly Protection[] {
  return (process as { [applied]?: readonly Protection[] })[applied] ?? [];
}
