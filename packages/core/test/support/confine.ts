// Commands in a sandbox that can run ordinary programs and reach nothing else but what the test grants.

import { type ChildProcess, spawn as spawnUnconfined } from "node:child_process";
import { AccessMode, CapabilitySet, type CompileOptions, compilePlan, spawn } from "../../src/index.ts";

export type Outcome = Readonly<{
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}>;

/** What programs on this machine need to start. */
const SYSTEM = ["/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/dev"];

export type Asked = Readonly<{
  read?: readonly string[];
  write?: readonly string[];
  readWrite?: readonly string[];
  deny?: readonly string[];
  denyWrite?: readonly string[];
  block?: readonly string[];
  set?: (capabilities: CapabilitySet) => void;
}>;

/** The capabilities of `asked`, with the system readable. */
export function capabilitiesFor(asked: Asked): CapabilitySet {
  const set = new CapabilitySet();
  for (const directory of SYSTEM) {
    try {
      set.allowPath(directory, AccessMode.Read);
    } catch {
      // not every machine has /lib64
    }
  }
  set.allowFile("/dev/null", AccessMode.ReadWrite);
  for (const path of asked.read ?? []) set.allowPath(path, AccessMode.Read);
  for (const path of asked.write ?? []) set.allowPath(path, AccessMode.Write);
  for (const path of asked.readWrite ?? []) set.allowPath(path, AccessMode.ReadWrite);
  for (const path of asked.deny ?? []) set.denyPath(path);
  for (const path of asked.denyWrite ?? []) set.denyPath(path, { access: AccessMode.Write });
  for (const command of asked.block ?? []) set.blockCommand(command);
  asked.set?.(set);
  return set;
}

/** A sandbox whose commands can be run one after the other. */
export function confine(asked: Asked, options: CompileOptions = {}) {
  const plan = compilePlan(capabilitiesFor(asked), { ...options, platform: "linux" });
  return {
    plan,
    run: (command: string, ...args: string[]) => outcomeOf(spawn(command, args, { plan })),
  };
}

/** The control: the same command without a sandbox. */
export function unconfined(command: string, ...args: string[]): Promise<Outcome> {
  return outcomeOf(spawnUnconfined(command, args));
}

/** What a child said and how it ended. An `error` event rejects. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
