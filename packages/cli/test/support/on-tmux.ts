// nono on a terminal that can be looked at, with a shell in it whose terminal has to be as before.

import path from "node:path";
import { openTmux, type Size, type Tmux } from "../../../core/test/support/tmux.ts";
import { NONO, type World } from "./world.ts";

/** `clear`: nothing of before is seen any more. */
export type Shell = Tmux & Readonly<{ enter: (line: string) => void; clear: () => Promise<void> }>;

/** So wide that no path is cut, however long that of the temporary directory is. */
const WIDE: Size = { columns: 240, rows: 24 };

export async function openShell(world: World, size = WIDE): Promise<Shell> {
  const PATH = `${path.dirname(NONO)}:${world.env.PATH}`;
  const env = { ...world.env, PATH, PS1: "$ ", TERM: "screen", NO_COLOR: "1" };
  const tmux = openTmux(["bash", "--norc", "-i"], { cwd: world.project, env }, size);
  const enter = (line: string) => {
    tmux.type(line);
    tmux.press("Enter");
  };
  await tmux.shows(/^\$$/m);
  const clear = async () => {
    enter("clear");
    await tmux.shows(/^\$\n\n/);
  };
  return { ...tmux, enter, clear };
}
