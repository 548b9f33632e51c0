// Which process a number means: numbers are used again, so the start time goes with them, and the namespace that
// counts them. Sources: proc_pid_stat(5); proc_pidinfo(2) on macOS, which has no namespaces.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { textOf } from "nono-ts";
import { macProcesses } from "nono-ts/internal";

const IS_MAC = process.platform === "darwin";

/** `PID-START-NAMESPACE`: start in clock ticks since boot. */
export type ProcessIdentity = string & { readonly __brand: "ProcessIdentity" };

/** @throws the file system's own error where /proc is not mounted */
export function identityOf(pid: number): ProcessIdentity {
  return `${pid}-${startOf(pid)}-${namespace()}` as ProcessIdentity;
}

/** Whether the process named at the start of `name` is known to be gone; one of another namespace never is. */
export function isGone(name: string): boolean {
  const match = /^([0-9]+)-([0-9]+)-([0-9]+)(\.|$)/.exec(name);
  if (match === null || match[3] !== namespace()) return false;
  try {
    return startOf(Number(match[1])) !== match[2];
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

/** In clock ticks since boot. @throws the file system's own error */
export function startOf(pid: number): string {
  return statOf(pid).start;
}

/** @throws the file system's own error */
function statOf(pid: number): Readonly<{ state: string; parent: number; start: string }> {
  if (IS_MAC) return told(pid);
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name of the program, in parentheses, may hold anything; behind it come field 3, the state, and the others.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent, start] = [fields[0], fields[1], fields[19]];
  if (start === undefined) throw new Error(`/proc/${pid}/stat is cut off`);
  return { state, parent: Number(parent), start };
}

/** In microseconds since 1970. */
function told(pid: number): ReturnType<typeof statOf> {
  const process = macProcesses.describe(pid);
  if (process === undefined) throw Object.assign(new Error(`no process ${pid}`), { code: "ENOENT" });
  return { state: process.zombie ? "Z" : "", parent: process.parent, start: String(process.started) };
}

export type LivingProcess = Readonly<{ pid: number; start: string; parent: number }>;

/** Whether it is that very process still, and not only waited for by its parent. */
export function isThere({ pid, start }: Pick<LivingProcess, "pid" | "start">): boolean {
  try {
    const stat = statOf(pid);
    return stat.start === start && stat.state !== "Z";
  } catch {
    return false;
  }
}

/** What it says it was started as; a thread of the kernel and one that has ended say nothing. */
export function commandLineOf(pid: number): readonly string[] {
  try {
    const words = textOf(readFileSync(`/proc/${pid}/cmdline`)).split("\0");
    return words.at(-1) === "" ? words.slice(0, -1) : words;
  } catch {
    return [];
  }
}

/** Everything that descends from a process, as far as it can be seen at one moment; parents before their children. */
export function descendantsOf(pid: number): readonly LivingProcess[] {
  const children = new Map<number, LivingProcess[]>();
  for (const pid of numbers()) {
    try {
      const { parent, start } = statOf(pid);
      children.set(parent, [...(children.get(parent) ?? []), { pid, start, parent }]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (parent: number): readonly LivingProcess[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

function numbers(): readonly number[] {
  if (IS_MAC) return macProcesses.numbers();
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

/** The number of ours. */
export function namespace(): string {
  if (IS_MAC) return "0";
  return readlinkSync("/proc/self/ns/pid").replace(/[^0-9]/g, "");
}

/** PROC_PID_INIT_INO of linux/proc_ns.h: the namespace of the whole machine. */
const INITIAL = "4026531836";

/** True also where there are no namespaces. */
export function isInitialNamespace(): boolean {
  try {
    return namespace() === INITIAL;
  } catch {
    return true;
  }
}
