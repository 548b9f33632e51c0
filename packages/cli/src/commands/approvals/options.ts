// The options of the subcommands of nono approvals.

import { flag } from "../../args/option.ts";

export const APPROVALS_LIST_SECTIONS = [
  { title: "Options", options: { json: flag("answer as JSON: an array of requests") } },
] as const;

export const WATCH_SECTIONS = [
  { title: "Options", options: { json: flag("write each request as JSON, one a line") } },
] as const;

export const ALLOW_SECTIONS = [
  {
    title: "Options",
    options: {
      session: flag("for the rest of the session, and not only once"),
      directory: flag("for all in its directory, for the rest of the session"),
      always: flag("for the session, and in a profile of yours that adds to the one in use"),
    },
  },
] as const;

export const DENY_SECTIONS = [
  { title: "Options", options: { session: flag("for the rest of the session") } },
] as const;
