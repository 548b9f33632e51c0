// A program whose system calls fail, or are its last, one at a time (strace(1), inject). strace attaches to it when it
// awaits its watcher (await-watcher.ts), so that its counts, which it keeps for each thread, are of what is tested and not of the start.

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import { itWhere } from "./requires.ts";

const bun = new URL("../../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;

/** What works on files and descriptors, but for what only Bun's own loops and memory need. */
const WATCHED = "%file,%desc";
const BUNS_OWN = /^(epoll|poll|ppoll|eventfd|timerfd|mmap|fcntl|pipe|ioctl$|select)/;

export type Call = Readonly<{ call: string; number: number }>;
export type Fault = "error=EIO" | "error=ENOSPC" | "signal=SIGKILL";
export const FAULTS: readonly Fault[] = ["error=EIO", "error=ENOSPC", "signal=SIGKILL"];

/** `told`: what the program wrote. `code`: null when it was killed. */
export type Outcome = Readonly<{ code: number | null; told: string; complaint: string }>;

/** A program that hangs, because what failed is Bun's own, is killed after this many milliseconds: as good an end. */
const PATIENCE = 30_000;

/** Runs `program` to its end under strace. */
async function watched(
  program: string,
  args: readonly string[],
  options: readonly string[],
): Promise<Outcome> {
  const child = spawn(bun, ["--conditions=source", program, ...args], { stdio: "pipe" });
  const [told, complaint] = [textFrom(child.stdout), textFrom(child.stderr)];
  const ended = closed(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  let untraced: Promise<unknown> = Promise.resolve();
  try {
    await Promise.race([told.has("ready\n"), ended]);
    const tracer = spawn("strace", ["-f", "-p", `${child.pid}`, ...options], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    untraced = closed(tracer);
    await Promise.race([textFrom(tracer.stderr).has("attached"), untraced]);
    child.stdin.on("error", () => undefined);
    child.stdin.end("\n");
    const code = await ended;
    return { code, told: told.text().replace("ready\n", ""), complaint: complaint.text() };
  } finally {
    clearTimeout(timer);
    child.kill("SIGKILL");
    await untraced;
  }
}

/** The code that it ends with; null for a signal. */
function closed(process: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => process.on("close", resolve));
}

function textFrom(stream: NodeJS.ReadableStream | null) {
  let text = "";
  const waiting: (() => void)[] = [];
  stream?.on("data", (bytes) => {
    text += bytes;
    for (const look of waiting) look();
  });
  return {
    text: () => text,
    has: (part: string) =>
      new Promise<void>((resolve) => {
        const look = () => text.includes(part) && resolve();
        waiting.push(look);
        look();
      }),
  };
}

/** The calls of one run, by their number in their thread. @param log a file for strace */
export async function callsOf(
  program: string,
  args: readonly string[],
  log: string,
): Promise<readonly Call[]> {
  const { code, complaint } = await watched(program, args, ["-y", "-o", log, "-e", `trace=${WATCHED}`]);
  if (code !== 0) throw new Error(complaint);
  const counts = new Map<string, number>();
  const calls = new Map<string, Call>();
  for (const line of fs.readFileSync(log, "utf8").split("\n")) {
    const [, thread, call = "", first = ""] = /^([0-9]+) +([a-z0-9_]+)\(([^,)]*)/.exec(line) ?? [];
    if (call === "" || BUNS_OWN.test(call)) continue;
    const number = (counts.get(`${thread} ${call}`) ?? 0) + 1;
    counts.set(`${thread} ${call}`, number);
    const isBuns = first.includes("anon_inode") || line.includes('"/proc/self/statm"');
    if (!isBuns) calls.set(`${call} ${number}`, { call, number });
  }
  return [...calls.values()];
}

/** One run in which one call of each thread fails. */
export function withFault(
  program: string,
  args: readonly string[],
  { call, number }: Call,
  fault: Fault,
): Promise<Outcome> {
  const inject = `inject=${call}:${fault}:when=${number}`;
  return watched(program, args, ["-o", "/dev/null", "-e", `trace=${call}`, "-e", inject]);
}

/** Whether each call fails in turn, rather than some of them. */
export const isThorough = process.env.NONO_FAULTS === "all";

/** Another choice for each fault. @param count at most so many, unless all are wanted */
export function sampled(calls: readonly Call[], fault: Fault, count: number): readonly Call[] {
  const stride = isThorough ? 1 : Math.ceil(calls.length / count);
  return calls.filter((_, index) => index % stride === FAULTS.indexOf(fault) % stride);
}

/** strace has to be there, and allowed to attach to a program of the same user. */
async function canAttach(): Promise<boolean> {
  const watched = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
  const tracer = spawn("strace", ["-p", `${watched.pid}`], { stdio: ["ignore", "ignore", "pipe"] });
  const attached = textFrom(tracer.stderr)
    .has("attached")
    .then(() => true);
  const refused = new Promise<boolean>((resolve) => {
    tracer.on("error", () => resolve(false));
    tracer.on("close", () => resolve(false));
  });
  const can = await Promise.race([attached, refused]);
  watched.kill("SIGKILL");
  return can;
}

export const itTraced = itWhere(await canAttach(), "strace that may attach");
