// Node's own spawn, with the child confined.

import {
  type ChildProcess,
  spawn as nodeSpawn,
  type SpawnOptions,
  type StdioOptions,
} from "node:child_process";
import { closeSync, read, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Capabilities,
  type CapabilitySet,
  capabilitiesIn,
  checkedArguments,
  checkedPath,
} from "../capability/index.ts";
import { withoutLoaderVariables } from "../environment/loader-variables.ts";
import { launcherPath, loadAddon } from "../native/locate.ts";
import { type CompileOptions, compilePlan } from "../plan/compile.ts";
import { encodePlan, PLAIN_LAUNCH } from "../plan/encode.ts";
import type { Plan } from "../plan/plan.ts";
import type { Supervision } from "../plan/supervision.ts";
import type { Protection } from "../protection/protection.ts";
import { launchError, RECORD_BYTES, type Report, reportsOf } from "./status.ts";
import {
  type FileToExecute,
  fileToExecute,
  type Unstartable,
  unlessUninterpreted,
  unstartableBy,
  unstartableError,
  unstartedChild,
} from "./unstartable.ts";

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
 * @throws NonoError `invalid-value`, and where no plan can be made of the capabilities (see `compilePlan`). A command that is missing or may not
 *   be executed is an `error` event with Node's own error, ENOENT or EACCES; what else fails in the child one with a NonoError
 */
export function spawn(command: string, args: readonly string[], options: ConfinedSpawnOptions): ChildProcess {
  checkedPath("command", command);
  checkedArguments("arguments", args);
  const plan = planIn(options);
  const start = { plan, options, stdio: stdioList(options.stdio), called: calledBy(command, args, options) };
  const child = plan.supervision === undefined ? startAlone(start) : startSupervised(start, plan.supervision);
  // The launcher is no business of who looks at the child.
  Object.assign(child, { spawnfile: start.called.name, spawnargs: start.called.argv });
  Object.defineProperty(child, protections, { value: plan.protections });
  return child;
}

function planIn(options: ConfinedSpawnOptions): Plan {
  if (options && "plan" in options) return options.plan;
  return compilePlan(capabilitiesIn(options?.capabilities), {
    ...options,
    environment: environmentOf(options),
    supervisor: options.supervised ?? false,
  });
}

/** `called`: as the caller knows the command; its file, or why there is none. */
type Start = Readonly<{ plan: Plan; options: ConfinedSpawnOptions; stdio: Stdio; called: Called }>;

type Called = Readonly<{ name: string; argv: readonly string[]; file: FileToExecute }>;

/**
 * The launcher's descriptor is close-on-exec: end of file without a record means that the command runs. Waiting for that
 * here, as Node's own spawn waits for its exec, tells what cannot be executed before anybody has seen the launcher.
 */
function startAlone(start: Start): ChildProcess {
  const { file } = start.called;
  if (file.path === undefined) return startNothing(start, file.unstartable);
  const status = loadAddon().pipe();
  try {
    const child = startLauncher(start, file.path, [status.write]);
    if (child.pid === undefined) return child;
    const record = Buffer.alloc(RECORD_BYTES);
    const [report] = reportsOf(record.subarray(0, readSync(status.read, record)));
    const unstartable = unstartableBy(report);
    if (unstartable === undefined) {
      tellFailure(child, report, start);
      return child;
    }
    child.on("error", () => undefined); // an AbortSignal of the options reaches it too
    return startNothing(start, unstartable);
  } finally {
    closeSync(status.read);
  }
}

/**
 * The launcher waits for its supervisor, which answers on this thread: what it cannot execute is told later, but for a
 * script whose interpreter is not there.
 */
function startSupervised(start: Start, supervision: Supervision): ChildProcess {
  const file = unlessUninterpreted(start.called.file);
  const native = loadAddon();
  const { ours, theirs } = native.channel();
  const wait = (child: ChildProcess) =>
    Object.defineProperty(child, unsupervised, { value: { channel: ours, supervision }, writable: true });
  if (file.path === undefined) {
    closeSync(theirs);
    return wait(closingOnThrow([ours], () => startNothing(start, file.unstartable)));
  }
  const { path } = file;
  const status = native.pipe();
  const child = closingOnThrow([ours, status.read], () => startLauncher(start, path, [status.write, theirs]));
  const record = Buffer.alloc(RECORD_BYTES);
  read(status.read, record, 0, RECORD_BYTES, null, (error, length) => {
    closeSync(status.read);
    if (error === null) tellFailure(child, reportsOf(record.subarray(0, length))[0], start);
  });
  return wait(child);
}

/** Once: afterwards the descriptor belongs to whoever asked. */
export function takeUnsupervised(child: ChildProcess): Unsupervised | undefined {
  const holder = child as { [unsupervised]?: Unsupervised | undefined };
  const taken = holder[unsupervised];
  if (taken !== undefined) holder[unsupervised] = undefined;
  return taken;
}

function closingOnThrow<T>(descriptors: readonly number[], act: () => T): T {
  try {
    return act();
  } catch (error) {
    for (const descriptor of descriptors) closeSync(descriptor);
    throw error;
  }
}

function startNothing({ options, stdio }: Start, reason: Unstartable): ChildProcess {
  return unstartedChild(reason, { ...withoutOurs(options), stdio });
}

/** `further`: what the launcher itself is given (launch.h) beside its plan, and is of no more use to this process. */
function startLauncher({ plan, options, stdio, called }: Start, path: string, further: readonly number[]) {
  const ours = [...further];
  try {
    const environment = { ...plan.environment, ...channelVariables(stdio, options) };
    const bytes = encodePlan(
      { ...plan, environment },
      { ...PLAIN_LAUNCH, path, argv: called.argv, descriptors: inherited(stdio) },
    );
    ours.unshift(loadAddon().memfd("nono-plan", bytes));
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

function tellFailure(child: ChildProcess, report: Report | undefined, { plan, called }: Start): void {
  if (report?.kind !== "failed") return;
  const unstartable = unstartableBy(report);
  process.nextTick(() => {
    child.emit(
      "error",
      unstartable === undefined
        ? launchError(report, plan, called.name, called.file.path)
        : unstartableError(unstartable, child),
    );
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

function calledBy(command: string, args: readonly string[], options: ConfinedSpawnOptions): Called {
  const path = (options.env ?? process.env).PATH ?? "/usr/local/bin:/usr/bin:/bin";
  const find = (name: string) => fileToExecute(name, { path, cwd: directoryOf(options) });
  if (!options.shell)
    return { name: command, argv: [options.argv0 ?? command, ...args], file: find(command) };
  const shell = options.shell === true ? "/bin/sh" : options.shell;
  const line = [command, ...args].join(" ");
  return { name: shell, argv: [options.argv0 ?? shell, "-c", line], file: find(shell) };
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
