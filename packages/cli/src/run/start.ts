// A prepared sandbox, started and waited for.

import { type Ending, type Guarded, runGuarded, runSupervised, type Supervisor } from "nono-ts";
import type { ApprovalSession } from "../approval/approval-session.ts";
import type { Answerer } from "../approval/request.ts";
import { compileAsUsual } from "../just-in-time.ts";
import { type Denial, DenialLog, type Refuser } from "../report/denial.ts";
import { type Untold, untoldOf } from "../report/untold.ts";
import { hostsFileOf } from "../sandbox/hosts-file.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import type { Companions } from "./companion.ts";

export type Outcome = Readonly<{ ending: Ending; denials: readonly Denial[]; untold: Untold }>;

/**
 * Milliseconds that a command has to run before anything is compiled for it: what is shorter is over before it pays, and so
 * is a build of 1,200 commands; but what goes through a terminal of the command's own may be much from the first moment.
 */
const [SOON, LATER] = [50, 30_000];

/** Resolves when nothing of the command's tree is left, and all that went along with it knows. */
export async function start(
  sandbox: Prepared,
  questions: ApprovalSession | undefined,
  companions: Companions,
): Promise<Outcome> {
  const outcome = await untilEnded(sandbox, questions, companions);
  await companions.ended(outcome.ending);
  return outcome;
}

async function untilEnded(
  { plan, command, capabilities, secrets: { variables: secrets } }: Prepared,
  questions: ApprovalSession | undefined,
  companions: Companions,
): Promise<Outcome> {
  if (plan.supervision === undefined) {
    await companions.begin();
    const ending = await guarded(plan, command, secrets, companions);
    return { ending, denials: [], untold: untoldOf(undefined, 0) };
  }
  const { witness } = companions;
  const hosts = hostsFileOf(capabilities, plan);
  if (companions.takeTime) await companions.begin();
  const started = await runSupervised(plan, command, {
    ...questions?.start,
    secrets,
    ...(witness === undefined ? {} : { witness }),
    ...(companions.takeTime ? {} : { meanwhile: (supervise) => companions.begin(supervise) }),
    ...(hosts === undefined ? {} : { hosts }),
  });
  const { ended, supervisor } = started;
  questions?.begin(started);
  companions.started(started);
  setTimeout(compileAsUsual, questions === undefined ? LATER : SOON).unref();
  const refused = refusedBy(supervisor, questions, companions);
  const ending = await ended;
  await questions?.end();
  supervisor.close();
  const counts = supervisor.counts();
  const log = await refused;
  return { ending, denials: log.denials(), untold: untoldOf(counts, log.beyond) };
}

async function guarded(
  plan: Prepared["plan"],
  command: Prepared["command"],
  secrets: Prepared["secrets"]["variables"],
  companions: Companions,
): Promise<Ending> {
  const started: Guarded = await runGuarded(plan, command, { secrets });
  companions.started(started);
  return await started.ended;
}

/** Merged as they come: a program that asks without end must not fill our memory. */
async function refusedBy(
  supervisor: Supervisor,
  questions: ApprovalSession | undefined,
  companions: Companions,
): Promise<DenialLog> {
  const log = new DenialLog();
  for await (const event of supervisor) {
    if (event.kind === "denied") log.add(event.request, refuserOf(questions?.answererOf(event.request)));
    await companions.tell(event);
  }
  return log;
}

/** @param answerer undefined: nobody was asked */
function refuserOf(answerer: Answerer | undefined): Refuser {
  if (answerer === undefined) return "rules";
  return answerer.who === "process" ? "other-terminal" : answerer.who;
}
