// nono why: would the plan allow this? Decides nothing.

import { type AccessMode, NonoError, type QueriedPlan } from "nono-ts";
import { type FoundCommand, findCommand } from "nono-ts/internal";
import type { Action, Call, FlagsOf } from "../args/command.ts";
import { CliError } from "../error.ts";
import { ExitCode } from "../exit-code.ts";
import { type Answer, answerCommand, answerNetwork, answerPath } from "../sandbox/answer.ts";
import { toJson } from "../sandbox/document.ts";
import type { WHY_SECTIONS } from "../sandbox/options.ts";
import { DEFAULT_PATH, planFor } from "../sandbox/prepare.ts";
import { type QueriedDocument, readDocument } from "../sandbox/read-document.ts";
import { renderAnswer } from "../ui/answer.ts";

export type WhyFlags = FlagsOf<typeof WHY_SECTIONS>;

const ACCESS: Readonly<Record<NonNullable<WhyFlags["op"]>, AccessMode>> = {
  read: "read",
  write: "write",
  readwrite: "read+write",
};

type Queried = Readonly<{ plan: QueriedPlan; document: QueriedDocument; search: string; cwd: string }>;

export const why: Action<WhyFlags> = async (flags, call) => {
  checkQuestion(flags);
  const answer = flags.self ? answerOf(flags, ofThisSandbox(call)) : await answerOfPlan(flags, call);
  call.io.stdout.write(flags.json ? toJson(answer) : renderAnswer(answer, call.io.stdout));
  return answer.status === "allowed" ? ExitCode.ok : ExitCode.failed;
};

function ofThisSandbox({ io }: Call): Queried {
  return { ...readDocument(io.env.NONO_CAP_FILE), search: io.env.PATH ?? DEFAULT_PATH, cwd: io.cwd() };
}

async function answerOfPlan(flags: WhyFlags, call: Call): Promise<Answer> {
  const sandbox = await planFor(flags, call, {
    words: call.operands,
    guard: true,
    supervisor: process.platform === "linux",
    create: false,
    name: undefined,
  });
  try {
    const search = sandbox.plan.environment.PATH ?? DEFAULT_PATH;
    return answerOf(flags, { ...sandbox, search, cwd: call.io.cwd() });
  } finally {
    sandbox.session.remove();
  }
}

function answerOf(flags: WhyFlags, { plan, document, search, cwd }: Queried): Answer {
  const { op } = flags;
  if (flags.path !== undefined && op !== undefined)
    return lookedUp(flags.path, (path) => answerPath(plan, document, { path, access: ACCESS[op], cwd }));
  if (flags.host !== undefined && flags.port !== undefined)
    return answerNetwork(plan, document, { host: flags.host, port: flags.port });
  const name = flags.command ?? "";
  return answerCommand(plan, document, { name, found: find(name, search, cwd), inside: flags.self });
}

/** What lies where the user may not look: nono cannot say what it is. @throws NonoError `path-unreadable` */
function lookedUp(path: string, answer: (path: string) => Answer): Answer {
  try {
    return answer(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof NonoError || code === undefined) throw error;
    const reason = code === "EACCES" ? "permission denied" : code;
    throw new NonoError({ code: "path-unreadable", option: "--path", path, reason }, { cause: error });
  }
}

function find(name: string, path: string, cwd: string): FoundCommand | undefined {
  try {
    return findCommand(name, { path, cwd });
  } catch (error) {
    if (error instanceof NonoError && error.code === "command-missing") return undefined;
    throw error;
  }
}

/** One question, and all of it. @throws CliError `option-needs`, `options-exclusive` */
function checkQuestion(flags: WhyFlags): void {
  const needs = (option: string, other: string) => new CliError({ code: "option-needs", option, other });
  const asked = (["path", "host", "command"] as const).filter((name) => flags[name] !== undefined);
  const [first, second] = asked.map((name) => `--${name}`);
  if (second !== undefined)
    throw new CliError({ code: "options-exclusive", option: first ?? "", other: second });
  if (flags.path === undefined && flags.op !== undefined) throw needs("--op", "--path");
  if (flags.path !== undefined && flags.op === undefined) throw needs("--path", "--op");
  if (flags.host === undefined && flags.port !== undefined) throw needs("--port", "--host");
  if (flags.host !== undefined && flags.port === undefined) throw needs("--host", "--port");
  if (first === undefined) throw needs("nono why", "--path, --host or --command");
}
