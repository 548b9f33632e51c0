// nono approvals allow and deny: an answer from another terminal.

import { show } from "nono-ts/internal";
import { describeAnswer } from "../../approval/describe-answer.ts";
import type { Decision } from "../../approval/request.ts";
import type { ApprovalClient } from "../../approval/socket/approval-client.ts";
import type { ApprovalReply } from "../../approval/socket/messages.ts";
import type { Action, Call, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { say } from "../../ui/message.ts";
import type { ALLOW_SECTIONS, DENY_SECTIONS } from "./options.ts";
import { withApprovals } from "./sessions.ts";

export const allow: Action<FlagsOf<typeof ALLOW_SECTIONS>> = (flags, call) => answer(call, decisionOf(flags));

export const deny: Action<FlagsOf<typeof DENY_SECTIONS>> = ({ session }, call) =>
  answer(call, { kind: session ? "deny-session" : "deny" });

function decisionOf({ session, directory, always }: FlagsOf<typeof ALLOW_SECTIONS>): Decision {
  if (always && directory)
    throw new CliError({ code: "options-exclusive", option: "--always", other: "--directory" });
  if (always) return { kind: "save-to-profile" };
  if (directory) return { kind: "allow-session", scope: "directory" };
  return session ? { kind: "allow-session", scope: "file" } : { kind: "allow-once" };
}

async function answer({ operands: [named = ""], io }: Call, decision: Decision): Promise<ExitCode> {
  const reply = await withApprovals(io, async (sessions) => {
    const { session, id } = await find(named, sessions);
    return (await session.answer(id, decision)) ?? ({ is: "unknown" } as const);
  });
  say(io, saidOf(named, reply));
  return ExitCode.ok;
}

type Found = Readonly<{ session: ApprovalClient; id: string }>;

/** `ID`, or `SESSION/ID` where several sessions have one of that name. */
async function find(named: string, sessions: readonly ApprovalClient[]): Promise<Found> {
  const slash = named.lastIndexOf("/");
  const [wanted, id] = [named.slice(0, Math.max(0, slash)), named.slice(slash + 1)];
  const possible = sessions.filter(({ session }) => wanted === "" || session === wanted);
  const looks = await Promise.all(
    possible.map(async (session) => ({ session, reply: await session.look(id) })),
  );
  const [first, ...others] = looks.filter(({ reply }) => reply?.is === "waiting");
  if (first !== undefined && others.length > 0) {
    const names = [first, ...others].map(({ session }) => session.session);
    throw new CliError({ code: "approval-ambiguous", id, sessions: names });
  }
  if (first !== undefined) return { session: first.session, id };
  const answered = looks.find(({ reply }) => reply?.is === "answered")?.reply;
  if (answered !== undefined) saidOf(id, answered);
  throw new CliError({ code: "approval-missing", id });
}

/** @throws CliError for every reply but that this answer counts */
function saidOf(id: string, reply: ApprovalReply): string {
  switch (reply.is) {
    case "settled":
      return [
        `${show(id)}: ${describeAnswer(reply.answer)}`,
        reply.count > 1 ? `with ${reply.count - 1} more that waited for the same` : "",
        reply.note === undefined
          ? ""
          : reply.note
              .split("\n")
              .map((line) => show(line))
              .join("\n"),
      ]
        .filter((part) => part !== "")
        .join("\n");
    case "answered":
      throw new CliError({ code: "approval-answered", id, how: describeAnswer(reply.answer) });
    case "failed":
      throw new CliError({ code: "approval-failed", id, reason: reply.reason });
    case "waiting":
    case "unknown":
      throw new CliError({ code: "approval-missing", id });
  }
}
