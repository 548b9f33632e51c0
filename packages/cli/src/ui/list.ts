// An answer that is a list.

import type { Io } from "../io.ts";
import { say } from "./message.ts";

/** On a terminal one without entries says that there are `none`: silence would look like a failure. */
export function writeList(io: Pick<Io, "stdout" | "stderr">, lines: string, none: string): void {
  if (lines === "" && io.stdout.isTerminal) say(io, none);
  else io.stdout.write(lines);
}
