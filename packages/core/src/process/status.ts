// What the launcher tells about a start, as records of 16 bytes: packages/native/include/status.h.

import os from "node:os";
import { missingInterpreterOf } from "../command/interpreter.ts";
import { NonoError } from "../error.ts";
import { launcherPath, PLAN_VERSION } from "../native/locate.ts";
import type { Plan } from "../plan/plan.ts";
import { errnoNameOf } from "../text/errno-name.ts";

export type Report =
  | Readonly<{ kind: "failed"; step: number; index: number; errno: number }>
  | Readonly<{ kind: "started"; pid: number }>
  | Readonly<{ kind: "exited"; status: number }>
  | Readonly<{ kind: "stopped"; signal: number }>;

export const RECORD_BYTES = 16;

/** The whole records in `bytes`; unknown kinds are a failure of the launcher's own. */
export function reportsOf(bytes: Buffer): readonly Report[] {
  const reports: Report[] = [];
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const [kind, step, index, value] = [0, 4, 8, 12].map((offset) => bytes.readInt32LE(at + offset)) as [
      number,
      number,
      number,
      number,
    ];
    if (kind === 2) reports.push({ kind: "started", pid: value });
    else if (kind === 3) reports.push({ kind: "exited", status: value });
    else if (kind === 4) reports.push({ kind: "stopped", signal: value });
    else reports.push({ kind: "failed", step, index, errno: value });
  }
  return reports;
}

/** `enum step` of status.h. */
const STEPS: Readonly<Record<number, string>> = {
  1: "launcher arguments",
  2: "reading the plan",
  3: "decoding the plan",
  4: "checking the parent",
  5: "starting the guardian",
  6: "descriptors",
  7: "new session",
  8: "controlling terminal",
  9: "working directory",
  10: "resource limit",
  11: "capabilities",
  12: "no_new_privs",
  13: "Landlock ruleset",
  14: "opening a granted path",
  15: "Landlock rule",
  16: "Landlock port",
  17: "Landlock",
  18: "seccomp filter",
  19: "handing over the listener",
  20: "closing descriptors",
  21: "executing the command",
  22: "reaching every thread",
  23: "a plan for another system",
  24: "Seatbelt",
};
const [DECODE, FILTER, EXECUTE, SEATBELT] = [3, 18, 21, 24];
/** errno.h; Node does not name it on Linux. */
const EPROTONOSUPPORT = process.platform === "darwin" ? 43 : 93;
const NESTED = "macOS lets a process that is in a sandbox make no other";
const [RULE_OPEN, RULE_ADD] = [14, 15];

/** Whether all was done but executing the command. */
export function isAboutTheCommand({ step }: Extract<Report, { kind: "failed" }>): boolean {
  return step === EXECUTE;
}

/**
 * The error for a failed start, naming the path or command that the step was about.
 *
 * @param file that was to be executed
 */
export function launchError(
  report: Extract<Report, { kind: "failed" }>,
  plan: Plan,
  command: string,
  file?: string,
): NonoError {
  const reason = errnoText(report.errno);
  if (isAboutTheCommand(report)) {
    if (report.errno === os.constants.errno.ENOENT)
      return new NonoError({
        code: "command-missing",
        command,
        interpreter: file && missingInterpreterOf(file),
      });
    return new NonoError({ code: "command-unstartable", command, reason });
  }
  if (report.step === DECODE && report.errno === EPROTONOSUPPORT)
    return new NonoError({
      code: "native-mismatch",
      file: launcherPath(),
      found: undefined,
      wanted: PLAN_VERSION,
    });
  if (report.step === SEATBELT && report.errno === os.constants.errno.EPERM)
    return new NonoError({ code: "launch-failed", step: "Seatbelt", subject: "", reason: NESTED });
  const path =
    report.step === RULE_OPEN || report.step === RULE_ADD ? rulePath(plan, report.index) : undefined;
  if (report.step === FILTER && report.errno === os.constants.errno.EBUSY)
    return new NonoError({ code: "supervisor-taken" });
  return new NonoError({
    code: "launch-failed",
    step: STEPS[report.step] ?? `step ${report.step}`,
    subject: path ?? "",
    reason,
  });
}

/** Splits count on from the rules. */
function rulePath(plan: Plan, index: number): string | undefined {
  if (plan.platform !== "linux") return undefined;
  const { rules, splits } = plan.landlock;
  return rules[index]?.path ?? splits[index - rules.length]?.directory;
}

/** `EACCES: permission denied`, as Node says it. */
function errnoText(errno: number): string {
  const name = errnoNameOf(errno);
  return ERRNO_TEXT[name] ?? name;
}

const ERRNO_TEXT: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  ELOOP: "a symbolic link is on the way: the path changed after it was resolved",
  ENOEXEC: "it is no program of this machine, and no script that begins with #!",
  EINVAL: "the kernel refused the value",
  ENOSYS: "the kernel does not have it",
  EOPNOTSUPP: "the kernel has it switched off",
  E2BIG: "too long for the kernel",
  EMFILE: "too many open files",
  ENOMEM: "out of memory",
  ETXTBSY: "it is open for writing",
};
