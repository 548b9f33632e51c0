// The sessions that can be reached, for a command that is not inside one of them.

import { ApprovalClient } from "../../approval/socket/approval-client.ts";
import { followSessions, withSessions } from "../../control/control-client.ts";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { sessionNames } from "../../register/session-directory.ts";
import { stateToLook } from "../state-for.ts";

/** Calls `use` with those that run. @throws CliError `approvals-inside`, `sessions-unreachable` */
export async function withApprovals<Result>(
  io: Io,
  use: (sessions: readonly ApprovalClient[]) => Promise<Result>,
): Promise<Result> {
  return reaching(io, (state) =>
    withSessions(state, sessionNames(state), io.uid, (clients) =>
      use(clients.map((client) => new ApprovalClient(client))),
    ),
  );
}

/** Calls `follow` for each, those that begin later included. @throws as `withApprovals` */
export function followApprovals(io: Io, follow: (session: ApprovalClient) => Promise<void>): Promise<never> {
  return reaching(io, (state) =>
    followSessions(state, io.uid, (client) => follow(new ApprovalClient(client))),
  );
}

/** Where the variable does not say that we are inside, the kernel keeps us from the sessions' keys. */
function reaching<Result>(io: Io, use: (state: string) => Promise<Result>): Promise<Result> {
  if (io.env.NONO_CAP_FILE) throw new CliError({ code: "approvals-inside" });
  return use(stateToLook(io));
}
