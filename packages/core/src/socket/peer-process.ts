// What the process at the other end of a local socket is, read from /proc while a handle shows that its number is still its.

import { closeSync, readFileSync } from "node:fs";
import { loadAddon } from "../native/locate.ts";
import { commandLine } from "../process/command-line.ts";
import { textOf } from "../text/bytes.ts";

export type PeerProcess = Readonly<{
  /** Its controlling terminal: `/dev/pts/3`; null: it has none. */
  terminal: string | null;
  /** Its own word. */
  command: readonly string[];
}>;

/** @returns `undefined` for what has ended, and before Linux 6.5: what a mere number means cannot be known afterwards */
export function peerProcess(descriptor: number): PeerProcess | undefined {
  const handle = loadAddon().peerHandle(descriptor);
  if (handle === null) return undefined;
  try {
    const pid = pidOf(handle);
    if (!(pid > 0)) return undefined;
    const process = { terminal: terminalOf(pid), command: commandLine(pid) };
    return pidOf(handle) === pid ? process : undefined;
  } catch {
    return undefined; // it ends while we look
  } finally {
    closeSync(handle);
  }
}

/** -1 once it is gone for good, so that the number may be given to another (proc_pid_fdinfo(5)). */
function pidOf(handle: number): number {
  const text = readFileSync(`/proc/self/fdinfo/${handle}`, "latin1");
  return Number(/^Pid:\t(-?[0-9]+)$/m.exec(text)?.[1]);
}

/** proc_pid_stat(5): the name, in brackets, may hold anything. */
function terminalOf(pid: number): string | null {
  const stat = textOf(readFileSync(`/proc/${pid}/stat`));
  const [, , , , device] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return terminalName(Number(device));
}

/** linux/major.h: a console or serial line, and the pseudo-terminals. */
const [TTY, FIRST_PTS, LAST_PTS] = [4, 136, 143];
const CONSOLES = 64;

/** @param device as the kernel packs it (new_encode_dev) */
export function terminalName(device: number): string | null {
  if (!(device > 0)) return null;
  const [major, minor] = [(device >> 8) & 0xfff, (device & 0xff) | ((device >>> 12) & 0xfff00)];
  if (major >= FIRST_PTS && major <= LAST_PTS) return `/dev/pts/${minor + (major - FIRST_PTS) * 256}`;
  if (major === TTY) return minor < CONSOLES ? `/dev/tty${minor}` : `/dev/ttyS${minor - CONSOLES}`;
  return `terminal ${major}:${minor}`;
}
