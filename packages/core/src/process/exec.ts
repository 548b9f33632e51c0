// Replaces this process by a confined command: no process of ours remains.

import type { Capabilities, CapabilitySet } from "../capability/index.ts";
import { locateCommand } from "../command/find-command.ts";
import { launcherPath, loadAddon } from "../native/locate.ts";
import { compilePlan } from "../plan/compile.ts";
import { encodePlan, PLAIN_LAUNCH, type SecretVariable } from "../plan/encode.ts";
import type { Plan } from "../plan/plan.ts";
import { bytesOf } from "../text/bytes.ts";

/** A command that was found, ready to be executed. */
export type Executable = Readonly<{ path: string; argv: readonly string[]; cwd: string }>;

/**
 * Executes a command in place of this process, with its process id, descriptors 0 to 2 and terminal.
 *
 * @throws NonoError as `compilePlan` and `locateCommand` do, while this process is still whole. What fails later is told
 *   by the launcher on stderr in one line, with exit code 126, or 127 for a command that cannot be executed
 */
export function exec(
  command: string,
  args: readonly string[],
  options: Readonly<{ capabilities: CapabilitySet | Capabilities }>,
): never {
  const plan = compilePlan(options.capabilities);
  const cwd = process.cwd();
  const path = locateCommand(command, { path: plan.environment.PATH ?? "", cwd });
  return execPlan(plan, { path, argv: [command, ...args], cwd });
}

/**
 * The same with a plan that was compiled before.
 *
 * @param options.quiet the launcher says nothing either
 * @param options.secrets further variables of the command
 */
export function execPlan(
  plan: Plan,
  command: Executable,
  { quiet = false, secrets = [] }: Readonly<{ quiet?: boolean; secrets?: readonly SecretVariable[] }> = {},
): never {
  const native = loadAddon();
  const launcher = bytesOf(launcherPath());
  const bytes = encodePlan(plan, { ...PLAIN_LAUNCH, ...command, secrets });
  const file = native.memfd("nono-plan", bytes);
  bytes.fill(0);
  const report = quiet ? "quiet" : "stderr";
  return native.execve(launcher, [launcher, Buffer.from(String(file)), Buffer.from(report)], [], [file]);
}
