// nono run: a command in a sandbox, with a guardian that ends everything it started.

import type { Ending } from "nono-ts";
import { show, supervisorRefusal } from "nono-ts/internal";
import type { ApprovalSession } from "../approval/approval-session.ts";
import type { Action, Call } from "../args/command.ts";
import { Control } from "../control/control.ts";
import { codeOfEnding } from "../ending-code.ts";
import { ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { type ExplainedDenial, explain } from "../report/explained.ts";
import { reserveOutput } from "../report/output-file.ts";
import { sentencesOf, type Untold } from "../report/untold.ts";
import { Companions, type RunEvent } from "../run/companion.ts";
import { start } from "../run/start.ts";
import { toJson } from "../sandbox/document.ts";
import type { RunFlags } from "../sandbox/options.ts";
import { type Prepared, prepare } from "../sandbox/prepare.ts";
import { strikeOut } from "../secret/strike-out.ts";
import { say, warn } from "../ui/message.ts";
import { renderReport } from "../ui/report.ts";
import { announce, announceOnly, checkStartFlags } from "./announce.ts";
import { companionsOf } from "./companions.ts";
import { hintAfter } from "./hints.ts";
import { offerSaving } from "./offer-saving.ts";
import { openQuestions, prepareQuestions, sayUnanswered } from "./questions.ts";
import { refuseUnsupervised } from "./unsupervised.ts";

export const run: Action<RunFlags> = async (flags, call) => {
  checkStartFlags(flags);
  return await runAsking(flags, call, supervisorRefusal());
};

/** @param refused why there can be no supervisor; undefined: there can */
async function runAsking(flags: RunFlags, call: Call, refused: string | undefined): Promise<ExitCode> {
  const asks = flags.supervised && refused === undefined && !flags.dryRun;
  const questions = asks ? await openQuestions(flags.approvalTimeout, call) : undefined;
  try {
    const code = await runOnce(flags, call, refused, questions);
    if (code !== ASKS) return code;
  } finally {
    questions?.close();
  }
  return await runAsking({ ...flags, supervised: true }, call, refused);
}

/** The profile wants questions: known only with the policy, and their terminal has to be there before it. */
const ASKS = Symbol("asks");

async function runOnce(
  flags: RunFlags,
  call: Call,
  refused: string | undefined,
  questions: ApprovalSession | undefined,
): Promise<ExitCode | typeof ASKS> {
  const supervisor = refused === undefined;
  const sandbox = await prepare(flags, call, {
    words: call.operands,
    guard: true,
    supervisor,
    unsupervised: refused,
    create: !flags.dryRun,
    name: flags.name,
    terminal: questions?.terminalName,
  });
  try {
    if (announceOnly(sandbox, flags, call)) return ExitCode.ok;
    if (questions === undefined && supervisor && sandbox.loaded.policy.elevation !== undefined) return ASKS;
    if (refused !== undefined) refuseUnlessSupervised(sandbox, flags, refused);
    await sandbox.secrets.load();
    const report = reserveOutput(flags.diagnosticsJson, call.io);
    if (refused === undefined) announce(sandbox, call);
    else announceUnsupervised(sandbox, refused, call);
    const tell = (event: RunEvent) => companions.tell(event);
    const control = new Control();
    const companions: Companions = new Companions(await companionsOf(flags, sandbox, call, tell, control));
    try {
      if (questions !== undefined) control.add(await prepareQuestions(questions, sandbox, call, tell));
      const { ending, denials, untold } = await start(sandbox, questions, companions);
      const told = denials.map((denial) => explain(denial, sandbox));
      const explained = strikeOut(told, sandbox.secrets.redactable());
      await sayAfterwards({ explained, untold }, sandbox, ending, questions, flags, call);
      // Last: the program can make it fail, and must not silence what is said by that.
      report?.write(toJson({ format: 1, denials: explained, untold }));
      if (questions === undefined && !flags.noDiagnostics && !flags.noSavePrompt && !call.silent)
        await offerSaving(told, sandbox, call.io);
      await companions.afterwards();
      return codeOfEnding(ending);
    } finally {
      await companions.close();
    }
  } finally {
    sandbox.secrets.wipe();
    removeSession(sandbox, call.io);
  }
}

async function sayAfterwards(
  { explained, untold }: Readonly<{ explained: readonly ExplainedDenial[]; untold: Untold }>,
  sandbox: Prepared,
  ending: Ending,
  questions: ApprovalSession | undefined,
  { noDiagnostics }: RunFlags,
  call: Call,
): Promise<void> {
  if (noDiagnostics) return;
  call.io.stderr.write(renderReport(explained, call.io.stderr));
  for (const sentence of sentencesOf(untold)) say(call.io, sentence);
  await hintAfter(explained, sandbox, ending, call.io);
  if (questions !== undefined) sayUnanswered(questions, call);
}

function refuseUnlessSupervised(
  { document, plan, loaded }: Prepared,
  { supervised }: RunFlags,
  why: string,
): void {
  const { unixSockets } = document;
  const { elevation } = loaded.policy;
  refuseUnsupervised({ platform: plan.platform, supervised, elevation, unixSockets }, why);
}

/** On macOS there is never one: what is not enforced for it stands in the summary. */
function announceUnsupervised(sandbox: Prepared, why: string, call: Call): void {
  if (sandbox.plan.platform === "darwin") {
    announce(sandbox, call);
    return;
  }
  const { guard } = sandbox.document;
  say(call.io, `${why}: this session goes without, and reports nothing`);
  if (guard.status === "off") say(call.io, `what runs later is not guarded: ${guard.why}`);
}

function removeSession(sandbox: Prepared, io: Io): void {
  try {
    sandbox.session.remove();
  } catch (error) {
    warn(io, `${show(sandbox.session.tmp)} is left behind: ${show((error as Error).message)}`);
  }
}
