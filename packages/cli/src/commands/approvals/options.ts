// The options of the subcommands of nono approvals.

import { plain } from "../../args/command.ts";
import { flag } from "../../args/option.ts";

export const APPROVALS_LIST_SECTIONS = plain({ json: flag("answer as JSON: an array of requests") });

export const WATCH_SECTIONS = plain({ json: flag("write each request as JSON, one a line") });

export const ALLOW_SECTIONS = plain({
  session: flag("for the rest of the session, and not only once"),
  directory: flag("for all in its directory, for the rest of the session"),
  always: flag("for the session, and in a profile of yours that adds to the one in use"),
});

export const DENY_SECTIONS = plain({ session: flag("for the rest of the session") });
