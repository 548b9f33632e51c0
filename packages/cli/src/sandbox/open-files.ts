// How many files the command may have open. Node and Bun raise the soft limit of their own process when they start, and
// a command that inherited it would be in for surprises: select(2) ends at 1024, and some programs close all there may be.

import { readFileSync } from "node:fs";

/** As getrlimit(2) has them; undefined: no limit. */
export type OpenFiles = Readonly<{ soft: number | undefined; hard: number | undefined }>;

/** What this process was started with, as far as its parent tells; undefined where that cannot be known. */
export function inheritedOpenFiles(parent: number): OpenFiles | undefined {
  const own = openFilesIn(limitsText("self"));
  const above = openFilesIn(limitsText(String(parent)));
  if (own === undefined || above === undefined) return undefined;
  return { soft: least(above.soft, own.soft), hard: own.hard };
}

/** @param text of `/proc/PID/limits` (proc_pid_limits(5)) */
export function openFilesIn(text: string): OpenFiles | undefined {
  const found = /^Max open files +(\d+|unlimited) +(\d+|unlimited) /m.exec(text);
  if (found === null) return undefined;
  const [soft, hard] = found.slice(1).map((value) => (value === "unlimited" ? undefined : Number(value)));
  return { soft, hard };
}

function limitsText(process: string): string {
  try {
    return readFileSync(`/proc/${process}/limits`, "latin1");
  } catch {
    return "";
  }
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
