// Runs its arguments in a sandbox on a terminal of their own, and says how it ended. Started by command-terminal.test.ts.

import { writeSync } from "node:fs";
import { AccessMode, CapabilitySet, compilePlan, runGuarded } from "../../src/index.ts";
import { CommandTerminal } from "../../src/internal.ts";

const set = new CapabilitySet();
for (const directory of ["/usr", "/proc", "/etc"]) set.allowPath(directory, AccessMode.Read);
for (const directory of ["/dev/pts", process.cwd()]) set.allowPath(directory, AccessMode.ReadWrite);
for (const file of ["/dev/null", "/dev/zero", "/dev/tty"]) set.allowFile(file, AccessMode.ReadWrite);
const { PATH = "/usr/bin", TERM = "screen" } = process.env;
const plan = compilePlan(set, { guard: true, environment: { PATH, TERM, HOME: process.cwd(), PS1: "in$ " } });

const terminal = CommandTerminal.open();
if (terminal === undefined) throw new Error("this is no terminal");
try {
  const argv = process.argv.slice(2);
  const path = argv[0] === "bash" ? "/usr/bin/bash" : "/usr/bin/env";
  const command = { path, argv: argv[0] === "bash" ? argv : ["env", ...argv], cwd: process.cwd() };
  const guarded = await runGuarded(plan, command, { terminal: terminal.own });
  terminal.begin(guarded);
  const ending = await guarded.ended;
  await terminal.end();
  writeSync(1, `ended ${JSON.stringify(ending)}\n`);
} finally {
  terminal.close();
}
