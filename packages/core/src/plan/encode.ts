// A plan as the bytes that the launcher and the addon read: the format is told in packages/native/include/plan.h.

import { NonoError } from "../error.ts";
import type { Ruleset, SplitRule } from "../landlock/ruleset.ts";
import { PLAN_VERSION } from "../native/locate.ts";
import type { Filter } from "../seccomp/program.ts";
import type { Plan } from "./plan.ts";
import { Writer } from "./writer.ts";

/** What is started under a plan, and how. */
export type Launch = Readonly<{
  /** Absolute path to execute; empty for a plan that is applied to this process. */
  path: string;
  argv: readonly string[];
  /** Absolute; empty: the caller's. */
  cwd: string;
  /** Descriptors beside 0, 1 and 2 that the command inherits. */
  descriptors: readonly number[];
  /** A guardian stays outside and ends the whole tree with the session. */
  guard: boolean;
  newSession: boolean;
  controllingTerminal: boolean;
  /** The command is killed when its parent ends. */
  dieWithParent: boolean;
  /** Process id that the launcher's parent must have, or nothing is started: it may have ended meanwhile. 0: any. */
  parent: number;
  /** What tells its processes from others where a guardian has to ask for them: a name of letters and digits. */
  session: string;
  /** Variables beside those of the plan, or in their place. They are nowhere but in these bytes. */
  secrets: readonly SecretVariable[];
}>;

/** Everything of a launch but its command, where nothing is asked for. */
export const PLAIN_LAUNCH = {
  cwd: "",
  descriptors: [],
  guard: false,
  newSession: false,
  controllingTerminal: false,
  dieWithParent: false,
  parent: 0,
  session: "",
  secrets: [],
} as const satisfies Omit<Launch, "path" | "argv">;

/** A variable whose value stands in memory that can be overwritten. */
export type SecretVariable = Readonly<{ name: string; value: Uint8Array }>;

/** From plan.h; these are the numbers that C rejects beyond. */
const LENGTH_MAX = 8 << 20;
const FLAGS = {
  guard: 1,
  newSession: 2,
  controllingTerminal: 4,
  landlock: 8,
  dropCapabilities: 16,
  deathSignal: 32,
  seatbelt: 64,
};
const RULE_OPTIONAL = 1;
const FILTER_LISTENER = 1;

/**
 * The bytes are the only copy: whoever has given them to the kernel overwrites them.
 *
 * @throws NonoError `plan-too-large` for what the format cannot hold, `invalid-text` for a NUL byte in any string
 */
export function encodePlan(plan: Plan, launch: Launch): Buffer {
  const body = new Writer();
  try {
    return encodeInto(body, plan, launch);
  } finally {
    body.wipe();
  }
}

function encodeInto(body: Writer, plan: Plan, launch: Launch): Buffer {
  const rules = plan.platform === "linux" ? plan.landlock : NO_RULES;
  const filters = plan.platform === "linux" ? plan.filters : [];
  body.u64((plan.platform === "linux" ? plan.keepCapabilities : undefined) ?? 0n);
  body.u64(rules.handledFs).u64(rules.handledNet).u64(rules.scoped);
  body.u32(0); // restrict_flags: none is needed yet
  writeCounts(body, plan, launch, rules, filters);
  writeCommand(body, plan, launch);
  writeProfile(body, plan, launch);
  writeRules(body, rules);
  for (const limit of plan.limits) body.u32(limit.resource).u64(limit.soft).u64(limit.hard);
  for (const descriptor of [...launch.descriptors].sort((a, b) => a - b)) body.u32(descriptor);
  writeFilters(body, filters);

  const head = new Writer();
  const length = 8 + 4 * 4 + body.length;
  if (length > LENGTH_MAX)
    throw new NonoError({ code: "plan-too-large", part: "the plan", size: length, limit: LENGTH_MAX });
  head
    .raw(Buffer.from("NONOPLAN"))
    .u32(PLAN_VERSION)
    .u32(length)
    .u32(flagsOf(plan, launch))
    .u32(launch.parent);
  const bytes = Buffer.allocUnsafeSlow(length);
  bytes.set(head.bytes());
  bytes.set(body.bytes(), head.length);
  return bytes;
}

const NO_RULES: Ruleset = { handledFs: 0n, handledNet: 0n, scoped: 0n, rules: [], splits: [], ports: [] };

/** What of the plan's environment no secret replaces. */
function plainVariables({ environment }: Plan, { secrets }: Launch): readonly [string, string][] {
  const replaced = new Set(secrets.map(({ name }) => name));
  return Object.entries(environment).filter(([name]) => !replaced.has(name));
}

function writeCounts(
  body: Writer,
  plan: Plan,
  launch: Launch,
  { rules, splits, ports }: Ruleset,
  filters: readonly Filter[],
): void {
  const environment = [...plainVariables(plan, launch), ...launch.secrets];
  for (const part of [
    launch.argv,
    environment,
    rules,
    splits,
    ports,
    plan.limits,
    launch.descriptors,
    filters,
  ])
    body.u32(part.length);
}

function writeCommand(body: Writer, plan: Plan, launch: Launch): void {
  body.text("working directory", launch.cwd).text("command", launch.path);
  for (const argument of launch.argv) body.text("argument", argument);
  for (const [name, value] of plainVariables(plan, launch)) body.text(`variable ${name}`, `${name}=${value}`);
  for (const { name, value } of launch.secrets) body.variable(name, value);
}

/** A guardian of macOS finds the processes of its session by what only they may look up. */
function writeProfile(body: Writer, plan: Plan, { guard, session }: Launch): void {
  if (plan.platform !== "darwin") {
    body.text("profile", "").text("marker", "");
    return;
  }
  const marker = guard ? `dev.nono.session.${session}` : "";
  const lookUp = guard ? `(allow mach-lookup (global-name "${marker}"))\n` : "";
  body.text("Seatbelt profile", plan.seatbelt.text + lookUp).text("marker", marker);
}

function writeRules(body: Writer, { rules, splits, ports }: Ruleset): void {
  for (const rule of rules)
    body
      .u64(rule.rights)
      .u32(rule.optional ? RULE_OPTIONAL : 0)
      .text("path", rule.path);
  for (const split of splits) writeSplit(body, split);
  for (const port of ports) body.u64(port.rights).u64(BigInt(port.port));
}

function writeSplit(body: Writer, { directory, files, directories, leftOut, optional }: SplitRule): void {
  body
    .u64(files)
    .u64(directories)
    .u32(optional ? RULE_OPTIONAL : 0);
  body.text("path", directory).u32(leftOut.length);
  for (const name of leftOut) body.text("path", name);
}

function writeFilters(body: Writer, filters: readonly Filter[]): void {
  for (const filter of filters)
    body
      .u32(filter.listener ? FILTER_LISTENER : 0)
      .u32(filter.program.length)
      .raw(bytesOfProgram(filter.program));
}

/** A pure cache: plans share their programs (seccomp/filters.ts), which are the largest part of most. */
const programs = new WeakMap<Filter["program"], Buffer>();

function bytesOfProgram(program: Filter["program"]): Buffer {
  const known = programs.get(program);
  if (known !== undefined) return known;
  const view = new DataView(new ArrayBuffer(program.length * 8));
  let at = 0;
  for (const { code, jt, jf, k } of program) {
    view.setUint32(at, code | (jt << 16) | (jf << 24), true);
    view.setUint32(at + 4, k, true);
    at += 8;
  }
  const bytes = Buffer.from(view.buffer);
  programs.set(program, bytes);
  return bytes;
}

function flagsOf(plan: Plan, launch: Launch): number {
  return (
    (launch.guard ? FLAGS.guard : 0) |
    (launch.newSession ? FLAGS.newSession : 0) |
    (launch.controllingTerminal ? FLAGS.controllingTerminal : 0) |
    restrictionsOf(plan) |
    (launch.dieWithParent ? FLAGS.deathSignal : 0)
  );
}

function restrictionsOf(plan: Plan): number {
  if (plan.platform === "darwin") return FLAGS.seatbelt;
  return FLAGS.landlock | (plan.keepCapabilities === undefined ? 0 : FLAGS.dropCapabilities);
}
