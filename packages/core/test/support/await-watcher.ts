import fs from "node:fs";

/** The last that a program does before what is tested: from then on strace counts its system calls (faults.ts). */
export function awaitWatcher(): void {
  fs.writeSync(1, "ready\n");
  fs.readSync(0, Buffer.alloc(1));
}
