// nono ps: which sessions there are.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { sessionsIn } from "../../register/registry.ts";
import { toJson } from "../../sandbox/document.ts";
import { writeList } from "../../ui/list.ts";
import { renderSessionTable } from "../../ui/sessions.ts";
import { sessionDocument } from "./document.ts";
import { registerFor } from "./open.ts";
import type { PS_SECTIONS } from "./options.ts";

const NONE_YET = "there is no session: nono run and nono shell begin one";
const NONE_RUNS = "no session runs: nono ps --all lists those that have ended, too";

export const ps: Action<FlagsOf<typeof PS_SECTIONS>> = async ({ all, json }, { io }) => {
  const sessions = sessionsIn(await registerFor(io)).filter(({ state }) => all || state === "running");
  if (json) io.stdout.write(toJson(sessions.map(sessionDocument)));
  else writeList(io, renderSessionTable(sessions, new Date(), io.stdout), all ? NONE_YET : NONE_RUNS);
  return ExitCode.ok;
};
