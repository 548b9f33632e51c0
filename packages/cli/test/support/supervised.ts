// Supervised commands in a real terminal.

import { openTmux, type Size, type Tmux } from "../../../core/test/support/tmux.ts";
import { NONO, type World } from "./world.ts";

/** Files outside of every grant, in a directory that can be granted. */
export const OUTSIDE = {
  "outside/a": "content of a",
  "outside/b": "content of b",
  "outside/c": "content of c",
};

/** A supervised command in a terminal, which stays when it has ended. */
export function openSupervised(
  world: World,
  args: readonly string[],
  command: readonly string[],
  size?: Size,
): Tmux {
  const env = { ...world.env, TERM: "screen" };
  const words = [NONO, "run", "--supervised", "--allow-cwd", ...args, "--", ...command];
  return openTmux(["sh", "-c", '"$@"; echo "exit $?"', "sh", ...words], { cwd: world.project, env }, size);
}

/** Reads a file outside each time that a line is typed, and says what it has got. */
export function reader(world: World, ...names: string[]): readonly string[] {
  const reads = names.map((name) => `cat ${world.at("outside", name)} && echo || echo refused ${name}`);
  return ["sh", "-c", `echo ready; ${reads.map((read) => `read line; ${read}`).join("; ")}; echo over`];
}

export async function ready(tmux: Tmux): Promise<void> {
  await tmux.shows(/^ready$/m);
}

/** What another terminal sees. */
export async function listed(world: World): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { stdout } = await world.nono("approvals", "list", "--json");
  return JSON.parse(stdout);
}
