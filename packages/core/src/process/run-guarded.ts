// A confined command with a guardian beside it: when the command ends, or this process does, nothing of its tree is
// left behind.

import { closeSync, read } from "node:fs";
import os from "node:os";
import { launcherPath, loadAddon } from "../native/locate.ts";
import { encodePlan, type SecretVariable } from "../plan/encode.ts";
import type { Plan } from "../plan/plan.ts";
import { bytesOf } from "../text/bytes.ts";
import type { Executable } from "./exec.ts";
import { launchError, RECORD_BYTES, type Report, reportsOf } from "./status.ts";

/** How a command ended: one of the two is set, as in Node's `exit` event. */
export type Ending = Readonly<{ code: number; signal: null } | { code: null; signal: NodeJS.Signals }>;

export type Guarded = Readonly<{
  /** Of the command itself. */
  pid: number;
  /** Resolves when the whole tree is gone. */
  ended: Promise<Ending>;
  /** Sends the command SIGTERM; `force` ends the whole tree by SIGKILL. Nothing happens where it has ended. */
  stop(force: boolean): void;
  /** Continues a command on a terminal of its own that was stopped. */
  resume(): void;
  /** What such a terminal still held is read: only now, after `ended`, may the guardian leave it. */
  release(): void;
}>;

/** A terminal of the command's own. */
export type OwnTerminal = Readonly<{
  /** What become its descriptors 0, 1 and 2; the first of them that is a terminal becomes its controlling terminal. */
  standard: readonly [number, number, number];
  /** The command was stopped, as by ^Z: whoever started us may want to know. */
  onStopped(signal: NodeJS.Signals): void;
}>;

export type GuardOptions = Readonly<{
  /** The launcher's end of a channel, for a plan with a supervisor. It is closed here. */
  listener?: number;
  /** Absent: the command shares this process's own standard streams. */
  terminal?: OwnTerminal;
  /** Further variables of the command. */
  secrets?: readonly SecretVariable[];
}>;

/**
 * Starts the command. Signals that are sent to this process reach it.
 *
 * @throws NonoError `launch-failed`, `command-missing`, `command-unstartable`: nothing was started
 */
export async function runGuarded(
  plan: Plan,
  command: Executable,
  { listener, terminal, secrets = [] }: GuardOptions = {},
): Promise<Guarded> {
  const native = loadAddon();
  const launch = {
    ...command,
    descriptors: [],
    guard: true,
    newSession: terminal !== undefined,
    controllingTerminal: terminal !== undefined,
    dieWithParent: true,
    parent: process.pid,
    session: `${process.pid}.${process.hrtime.bigint()}`,
    secrets,
  };
  const bytes = encodePlan(plan, launch);
  const file = native.memfd("nono-plan", bytes);
  bytes.fill(0);
  const status = native.pipe();
  const inherited = [file, status.write, ...(listener === undefined ? [] : [listener])];
  let guardian: number;
  try {
    guardian = native.start(bytesOf(launcherPath()), inherited, terminal?.standard ?? []);
    native.relaySignals(guardian, terminal !== undefined);
  } finally {
    for (const descriptor of inherited) closeSync(descriptor);
  }

  const reports = readReports(status.read);
  const first = (await reports.next()).value;
  if (first?.kind !== "started")
    throw launchError(first?.kind === "failed" ? first : LOST, plan, command.argv[0] ?? "", command.path);
  return {
    pid: first.pid,
    ended: endingOf(reports, terminal),
    // Nobody waits for the guardian, so that its number is its own as long as we live.
    stop: (force) => void process.kill(guardian, force ? "SIGALRM" : "SIGTERM"),
    resume: () => void process.kill(guardian, "SIGCONT"),
    release: () => void reports.return(undefined),
  };
}

/** The launcher ended without a word. */
const LOST: Report & { kind: "failed" } = {
  kind: "failed",
  step: 5,
  index: 0,
  errno: os.constants.errno.EPIPE,
};

async function endingOf(reports: AsyncIterator<Report>, terminal: OwnTerminal | undefined): Promise<Ending> {
  for (;;) {
    const report = (await reports.next()).value;
    if (report?.kind === "exited") return endingOfStatus(report.status);
    // A guardian that was killed cannot tell; its command died with it.
    if (report?.kind !== "stopped") return { code: null, signal: "SIGKILL" };
    terminal?.onStopped(signalNamed(report.signal));
  }
}

/** wait(2): the low 7 bits are a signal, or the next 8 an exit code. */
function endingOfStatus(status: number): Ending {
  const number = status & 0x7f;
  return number === 0
    ? { code: (status >> 8) & 0xff, signal: null }
    : { code: null, signal: signalNamed(number) };
}

function signalNamed(number: number): NodeJS.Signals {
  const name = Object.entries(os.constants.signals).find(([, value]) => value === number)?.[0];
  return (name ?? "SIGKILL") as NodeJS.Signals;
}

async function* readReports(descriptor: number): AsyncGenerator<Report, undefined> {
  const chunk = Buffer.alloc(RECORD_BYTES);
  let filled = 0;
  try {
    for (;;) {
      const length = await readSome(descriptor, chunk, filled);
      if (length === 0) return undefined;
      filled += length;
      if (filled < RECORD_BYTES) continue;
      filled = 0;
      yield* reportsOf(chunk);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Without a stream: what a stream needs loaded costs more than starting the sandbox. */
function readSome(descriptor: number, into: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, from, into.length - from, null, (error, length) =>
      error ? reject(error) : resolve(length),
    );
  });
}
