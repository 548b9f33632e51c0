// nono approvals list: what waits for an answer.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderApprovals } from "../../ui/approvals.ts";
import { writeList } from "../../ui/list.ts";
import type { APPROVALS_LIST_SECTIONS } from "./options.ts";
import { withApprovals } from "./sessions.ts";

export const list: Action<FlagsOf<typeof APPROVALS_LIST_SECTIONS>> = async ({ json }, { io }) => {
  const lists = await withApprovals(io, (sessions) =>
    Promise.all(sessions.map(async (session) => (await session.list()) ?? [])),
  );
  const requests = lists.flat();
  if (json) io.stdout.write(toJson(requests));
  else writeList(io, renderApprovals(requests, io.stdout), "nothing waits for an answer");
  return ExitCode.ok;
};
