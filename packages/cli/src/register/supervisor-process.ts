// Whether the process that a session belongs to still lives.

import { readFileSync } from "node:fs";
import { macProcesses } from "nono-ts/internal";
import { namespace, startOf } from "../session/process-identity.ts";
import type { SupervisorProcess } from "./record.ts";

/** @throws the file system's own error where /proc is not mounted */
export function supervisorProcess(pid: number): SupervisorProcess {
  return { pid, start: startOf(pid), namespace: namespace(), boot: bootId() };
}

/** "elsewhere": its number is counted in a namespace that is not ours, as in another container. */
export type Life = "lives" | "gone" | "elsewhere";

export function lifeOf(process: SupervisorProcess): Life {
  if (process.boot !== bootId()) return "gone";
  if (process.namespace !== namespace()) return "elsewhere";
  try {
    return startOf(process.pid) === process.start ? "lives" : "gone";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "gone";
    throw error;
  }
}

function bootId(): string {
  if (process.platform === "darwin") return macProcesses.bootSession();
  return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
}
