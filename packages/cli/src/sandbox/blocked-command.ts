// The check before the start: is the command that was asked for one that is blocked, whatever name it was called by?

import type { FoundCommand, Plan } from "nono-ts";
import { baseNameOf } from "nono-ts";

/**
 * The blocked command that `name` stands for, or undefined.
 *
 * @param blocked names and absolute paths
 * @param found where it lies; undefined when there is no such file
 */
export function blockedCommand(
  name: string,
  found: FoundCommand | undefined,
  blocked: readonly string[],
  plan: Pick<Plan, "blockedExecutables"> | undefined,
): string | undefined {
  // The executable first, then the interpreters that would run it.
  const files = found === undefined ? [] : [found.path, ...found.files];
  const byName = [name, ...files]
    .flatMap((file) => [file, baseNameOf(file)])
    .find((text) => blocked.includes(text));
  if (byName !== undefined) return baseNameOf(byName);
  return plan?.blockedExecutables.find((executable) => found?.files.includes(executable.path))?.command;
}
