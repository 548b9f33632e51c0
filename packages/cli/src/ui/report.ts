// The report at the end of a run that was refused something.

import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { Refuser, Subject } from "../report/denial.ts";
import type { ExplainedDenial } from "../report/explained.ts";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";

/** More are for the file that --diagnostics-json names. */
const SHOWN = 12;

/** Empty when nothing was refused. */
export function renderReport(
  denials: readonly ExplainedDenial[],
  paper: Pick<Output, "columns" | "colour">,
  limit = SHOWN,
): string {
  if (denials.length === 0) return "";
  const lines = [
    `${bold("nono: refused", paper)} ${denials.length === 1 ? "1 thing" : `${denials.length} things`}`,
    ...denials.slice(0, limit).flatMap((denial) => linesOf(denial, paper)),
  ];
  if (denials.length > limit)
    lines.push(`  and ${denials.length - limit} more: --diagnostics-json FILE has all`);
  return `${lines.join("\n")}\n`;
}

function linesOf(denial: ExplainedDenial, paper: Pick<Output, "columns">): readonly string[] {
  const times = denial.count === 1 ? "" : `, ${denial.count} times`;
  const by = denial.programs.map((name) => show(name, 40)).join(", ");
  const answers = denial.refusedBy.flatMap((refuser) => ANSWERS[refuser] ?? []);
  const text = [
    ["because", denial.because],
    ...(answers.length === 0 ? [] : [["asked", answers.join(", ")] as const]),
    ["by", `${by}${times}`],
  ] as const;
  return [
    `  ${titleOf(denial.subject, denial.operations)}`,
    ...rows(text, { ...paper, indent: 4, textColumn: 13 }),
    // Not wrapped: it is there to be copied.
    `    to allow ${denial.change ?? "no option can"}`,
  ];
}

/** What became of a question, where there was one. */
const ANSWERS: Readonly<Partial<Record<Refuser, string>>> = {
  terminal: "denied here",
  "other-terminal": "denied from another terminal",
  earlier: "denied for the session before",
  timeout: "nobody answered in time",
  nobody: "nobody could be asked",
  end: "the session ended before an answer",
};

/** linux/socket.h, linux/net.h. */
const FAMILIES: Readonly<Record<number, string>> = { 2: "IPv4", 10: "IPv6", 16: "netlink" };
const TYPES: Readonly<Record<number, string>> = { 1: ", TCP", 2: ", UDP", 3: "" };

const OBJECTS: Readonly<Record<Extract<Subject, { kind: "object" }>["object"], string>> = {
  memory: "shared memory",
  queue: "a message queue",
  semaphores: "semaphores",
};

const DEEDS: Readonly<Record<string, string>> = {
  signal: "signal",
  limit: "limit",
  schedule: "change the priority or processors of",
};

/** `read /etc/shadow`. */
export function titleOf(subject: Subject, operations: readonly string[] = []): string {
  switch (subject.kind) {
    case "path":
      return `${subject.access} ${named(subject)}`;
    case "holder":
      return `move or replace ${show(subject.path)}`;
    case "socket":
      return `${subject.bind ? "make" : "connect to"} ${named(subject)}`;
    case "address":
      return `connect to ${show(subject.host)} port ${subject.port}`;
    case "listen":
      return subject.port === 0 ? "listen on a port that the kernel picks" : `listen on port ${subject.port}`;
    case "network":
      return `use the network (${FAMILIES[subject.family] ?? `family ${subject.family}`}${TYPES[subject.type] ?? ""})`;
    case "abstract":
      return `connect to abstract socket ${show(subject.name, 120)}`;
    case "object":
      return `use ${OBJECTS[subject.object]} of System V`;
    case "process":
      return `${operations.map((one) => DEEDS[one] ?? one).join(", ")} process ${subject.pid}${subject.name === "" ? "" : ` (${show(subject.name, 40)})`}`;
    case "processes":
      return "change the priority of many processes at once";
    case "command":
      return `start ${show(subject.path)}`;
  }
}

function named({ path, given }: Readonly<{ path: string; given: string }>): string {
  return given === path ? show(path) : `${show(path)} (as ${show(given)})`;
}
