// Node's own spawn, with the child confined.

import {
  type ChildProcess,
  spawn as nodeSpawn,
  type SpawnOptions,
  type StdioOptions,
} from "node:child_process";
import { closeSync, read, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Capabilities, CapabilitySet } from "../capability/index.ts";
import { withoutLoaderVariables } from "../environment/loader-variables.ts";
import { launcherPath, loadAddon } from "../native/locate.ts";
import { type CompileOptions, compilePlan } from "../plan/compile.ts";
import { encodePlan } from "../plan/encode.ts";
import type { Plan } from "../plan/plan.ts";
import type { Supervision } from "../plan/supervision.ts";
import type { Protection } from "../protection/protection.ts";
import { findOrName } from "./find-or-name.ts";
import { launchError, RECORD_BYTES, reportsOf } from "./status.ts";

export type ConfinedSpawnOptions = SpawnOptions &
  (Readonly<{ capabilities: CapabilitySet | Capabilities }> | Readonly<{ plan: Plan }>) &
  Pick<CompileOptions, "require" | "mayBeMissing" | "namePatterns"> &
  /** The child starts when `supervise` is called with it. A plan that was compiled for a supervisor says so by itself. */
  Readonly<{ supervised?: boolean }>;

/** What `supervise` needs of a child: the descriptor that the listener comes through, and what to look up. */
export type Unsupervised = Readonly<{ channel: number; supervision: Supervision }>;

/** Children that wait for their supervisor. */
const unsupervised = Symbol.for("nono.unsupervised");

/** Where a child carries the status of its protections; a symbol, so that it meets nothing of Node's. */
const protections = Symbol.for("nono.protections");

/**
 * Starts a command in a sandbox of its own. Everything else is as in `child_process.spawn`: streams, IPC, signals,
 * `AbortSignal`, `detached`, `shell`, and an `error` event for a command that cannot be started.
 *
 * @param options.capabilities what it may do; or `plan`, compiled before and usable many times
 * @param options.env as in Node; where the set or the plan says which variables there are, it has no effect
 * @throws NonoError where no plan can be made of the capabilities (see `compilePlan`); what fails in the child is an
 *   `error` event with a NonoError or, for a missing command, with `code` ENOENT as Node has it
 */
export function spawn(command: string, args: readonly string[], options: ConfinedSpawnOptions): ChildProcess {
  const plan =
    "plan" in options
      ? options.plan
      : compilePlan(options.capabilities, {
          ...options,
          environment: environmentOf(options),
          supervisor: options.supervised ?? false,
        });
  const stdio = stdioList(options.stdio);
  const started = commandLine(command, args, options);
  const launch = {
    path: started.path,
    argv: started.argv,
    cwd: "",
    descriptors: inherited(stdio),
    guard: false,
    newSession: false,
    controllingTerminal: false,
    dieWithParent: false,
    parent: 0,
    session: "",
    secrets: [],
  };
  const env = { ...plan.environment, ...channelVariables(stdio, options) };
  const native = loadAddon();
  const file = native.memfd("nono-plan", encodePlan({ ...plan, environment: env }, launch));
  const status = native.pipe();
  if (plan.supervision !== undefined) {
    const { ours, theirs } = native.channel();
    const child = closingOnThrow([ours, status.read], () =>
      startLauncher(options, stdio, [file, status.write, theirs]),
    );
    describe(child, started, plan);
    Object.defineProperty(child, unsupervised, {
      value: { channel: ours, supervision: plan.supervision },
      writable: true,
    });
    reportFailureLater(child, status.read, plan, started.name);
    return child;
  }
  try {
    const child = startLauncher(options, stdio, [file, status.write]);
    describe(child, started, plan);
    if (child.pid !== undefined) reportFailure(child, status.read, plan, started.name);
    return child;
  } finally {
    closeSync(status.read);
  }
}

/** Once: afterwards the descriptor belongs to whoever asked. */
export function takeUnsupervised(child: ChildProcess): Unsupervised | undefined {
  const holder = child as { [unsupervised]?: Unsupervised | undefined };
  const taken = holder[unsupervised];
  if (taken !== undefined) holder[unsupervised] = undefined;
  return taken;
}

/** The launcher is no business of who looks at the child. */
function describe(child: ChildProcess, { name, argv }: Started, plan: Plan): void {
  Object.assign(child, { spawnfile: name, spawnargs: argv });
  Object.defineProperty(child, protections, { value: plan.protections });
}

function closingOnThrow<T>(descriptors: readonly number[], act: () => T): T {
  try {
    return act();
  } catch (error) {
    for (const descriptor of descriptors) closeSync(descriptor);
    throw error;
  }
}

/** `ours` are the launcher's own descriptors (launch.h), which are of no more use to this process. */
function startLauncher(options: ConfinedSpawnOptions, stdio: Stdio, ours: readonly number[]): ChildProcess {
  try {
    const numbers = ours.map((_, index) => String(stdio.length + index));
    return nodeSpawn(launcherPath(), numbers, {
      ...withoutOurs(options),
      env: {},
      stdio: [...stdio, ...ours],
    });
  } finally {
    for (const descriptor of ours) closeSync(descriptor);
  }
}

/** The protections of a child that `spawn` started; `undefined` for any other. */
export function protectionsOfChild(child: ChildProcess): readonly Protection[] | undefined {
  return (child as { [protections]?: readonly Protection[] })[protections];
}

/**
 * The launcher's descriptor is close-on-exec: end of file without a record means that the command runs. Waiting for that
 * here, as Node's own spawn waits for its exec, keeps the order of events: `error` comes before `exit` and `close`.
 */
function reportFailure(child: ChildProcess, descriptor: number, plan: Plan, command: string): void {
  const record = Buffer.alloc(RECORD_BYTES);
  tellFailure(child, record.subarray(0, readSync(descriptor, record)), plan, command);
}

/** The same without waiting: the supervisor answers on this thread. */
function reportFailureLater(child: ChildProcess, descriptor: number, plan: Plan, command: string): void {
  const record = Buffer.alloc(RECORD_BYTES);
  read(descriptor, record, 0, RECORD_BYTES, null, (error, length) => {
    closeSync(descriptor);
    if (error === null) tellFailure(child, record.subarray(0, length), plan, command);
  });
}

function tellFailure(child: ChildProcess, record: Buffer, plan: Plan, command: string): void {
  const [report] = reportsOf(record);
  if (report?.kind !== "failed") return;
  const failure = launchError(report, plan, command);
  process.nextTick(() => {
    child.emit("error", failure.code === "command-missing" ? asNodeError(failure, child) : failure);
  });
}

function asNodeError(cause: Error, child: ChildProcess): Error {
  return Object.assign(new Error(`spawn ${child.spawnfile} ENOENT`, { cause }), {
    code: "ENOENT",
    errno: -2,
    syscall: `spawn ${child.spawnfile}`,
    path: child.spawnfile,
    spawnargs: child.spawnargs.slice(1),
  });
}

function environmentOf(options: ConfinedSpawnOptions): Record<string, string> {
  if (options.env === undefined) return withoutLoaderVariables(process.env).environment;
  const given = Object.entries(options.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

type Stdio = Exclude<StdioOptions, string>;

/** What Node makes of it, written out: a gap is a pipe as one of the first three, and nothing behind them. */
function stdioList(stdio: StdioOptions | undefined): Stdio {
  if (Array.isArray(stdio))
    return Array.from(
      { length: Math.max(3, stdio.length) },
      (_, index) => stdio[index] ?? (index < 3 ? "pipe" : "ignore"),
    );
  const one = (stdio ?? "pipe") as "pipe";
  return [one, one, one];
}

function inherited(stdio: Stdio): readonly number[] {
  return stdio.flatMap((entry, index) => (index > 2 && entry !== "ignore" ? [index] : []));
}

/** Node tells a child of its channel by variables, and the launcher passes on none but those of the plan. */
function channelVariables(stdio: Stdio, options: SpawnOptions): Record<string, string> {
  const at = stdio.indexOf("ipc");
  if (at < 0) return {};
  return { NODE_CHANNEL_FD: String(at), NODE_CHANNEL_SERIALIZATION_MODE: options.serialization ?? "json" };
}

/** The file to execute, its arguments, and the name that the caller knows it by. */
type Started = Readonly<{ path: string; argv: readonly string[]; name: string }>;

function commandLine(command: string, args: readonly string[], options: ConfinedSpawnOptions): Started {
  const search = (options.env ?? process.env).PATH ?? "/usr/local/bin:/usr/bin:/bin";
  const find = (name: string) => findOrName(name, { path: search, cwd: directoryOf(options) });
  if (!options.shell)
    return { path: find(command), argv: [options.argv0 ?? command, ...args], name: command };
  const shell = options.shell === true ? "/bin/sh" : options.shell;
  return {
    path: find(shell),
    argv: [options.argv0 ?? shell, "-c", [command, ...args].join(" ")],
    name: shell,
  };
}

function directoryOf({ cwd }: ConfinedSpawnOptions): string {
  if (cwd === undefined) return process.cwd();
  return cwd instanceof URL ? fileURLToPath(cwd) : cwd;
}

function withoutOurs(options: ConfinedSpawnOptions): SpawnOptions {
  const {
    capabilities,
    plan,
    require: _,
    mayBeMissing,
    namePatterns,
    supervised,
    shell,
    argv0,
    ...rest
  } = options as ConfinedSpawnOptions & Partial<Record<"capabilities" | "plan", unknown>>;
  return rest;
}
