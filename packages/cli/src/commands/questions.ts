// What `--supervised` adds to a run: somebody who is asked.

import type { ApprovalSession, QuestionEvent } from "../approval/approval-session.ts";
import type { Call } from "../args/command.ts";
import type { Verb } from "../control/control.ts";
import { configDirectory } from "../policy/placed/protected-roots.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { canDraw } from "../terminal/can-draw.ts";
import { say } from "../ui/message.ts";

const SECONDS = 60;

/** To be closed in any case. */
export async function openQuestions(
  approvalTimeout: number | undefined,
  { io, silent }: Call,
): Promise<ApprovalSession> {
  const { ApprovalSession } = await import("../approval/approval-session.ts");
  return new ApprovalSession({ seconds: approvalTimeout ?? SECONDS, ask: !silent, env: io.env });
}

/** @returns what other terminals can ask */
export async function prepareQuestions(
  questions: ApprovalSession,
  sandbox: Prepared,
  { io }: Call,
  tell: (event: QuestionEvent) => Promise<void>,
): Promise<Readonly<Record<string, Verb>>> {
  const { profileSaver } = await import("../approval/save/profile-saver.ts");
  const { pathRedactorOf } = await import("../audit/redactor-of.ts");
  const redactor = pathRedactorOf(sandbox);
  const { policy, variables } = sandbox.loaded;
  const { HOME = "/", WORKDIR = "/" } = variables;
  const saver = profileSaver({
    directory: configDirectory(variables),
    inUse: policy.reference,
    home: HOME,
    workdir: WORKDIR,
    uid: io.uid,
    clean: (text) => redactor.text(text),
  });
  const { plan, protectedRoots, session } = sandbox;
  return questions.prepare({
    plan,
    protectedRoots,
    policyFiles: policy.files,
    session: session.id,
    saver,
    tell,
  });
}

/** What was denied only because no person answered, and how to be asked. */
export function sayUnanswered({ unanswered }: ApprovalSession, { io }: Call): void {
  const { nobody, timeout } = unanswered;
  // A terminal that cannot be drawn on is none to us, but is one to who sits there.
  const how =
    io.stderr.isTerminal && !canDraw(io.env) ? "with TERM set to what the terminal is" : "on a terminal";
  if (nobody > 0)
    say(
      io,
      `${nobody} denied because nobody could be asked: run it ${how}, or keep nono approvals watch open`,
    );
  if (timeout > 0) say(io, `${timeout} denied because nobody answered in time: --approval-timeout SECONDS`);
}
