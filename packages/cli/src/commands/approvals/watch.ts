// nono approvals watch: what is asked for, as it comes.

import { showJson } from "nono-ts/internal";
import type { ApprovalClient } from "../../approval/socket/approval-client.ts";
import type { ListedRequest } from "../../approval/socket/messages.ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { renderApprovals } from "../../ui/approvals.ts";
import type { WATCH_SECTIONS } from "./options.ts";
import { followApprovals } from "./sessions.ts";

/** Ends by a signal only. */
export const watch: Action<FlagsOf<typeof WATCH_SECTIONS>> = ({ json }, { io }) =>
  followApprovals(io, (session) =>
    tellFresh(session, (requests) =>
      io.stdout.write(
        json
          ? requests.map((request) => `${showJson(request)}\n`).join("")
          : renderApprovals(requests, io.stdout),
      ),
    ),
  );

async function tellFresh(
  session: ApprovalClient,
  tell: (requests: readonly ListedRequest[]) => void,
): Promise<void> {
  let told = new Set<string>();
  for await (const requests of session.watch()) {
    tell(requests.filter(({ id }) => !told.has(id)));
    told = new Set(requests.map(({ id }) => id));
  }
}
