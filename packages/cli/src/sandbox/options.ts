// The options that say what a sandbox grants: the same for run, wrap, shell and why.

import type { FlagsOf } from "../args/command.ts";
import {
  AMOUNT,
  COMMAND,
  DIRECTORY,
  FILE,
  HOST,
  HOST_AND_PORT,
  MINUTES,
  NAME,
  oneOf,
  PATH,
  PATTERN,
  PORT,
  PROFILE,
  SECONDS,
  SESSION_NAME,
  SIZE,
} from "../args/operand.ts";
import { below, flag, many, one, type Values } from "../args/option.ts";
import { STORE_OPTIONS } from "../secret/store-options.ts";

const POLICY = {
  title: "Policy",
  options: {
    profile: one(PROFILE, "a built-in profile, one of yours, or a file", { short: "p", env: "NONO_PROFILE" }),
    workdir: one(DIRECTORY, "start in DIR, and let --allow-cwd and $WORKDIR mean it", {
      env: "NONO_WORKDIR",
    }),
  },
} as const;

const FILES = {
  title: "Files",
  options: {
    allow: many(DIRECTORY, "read and write all below DIR", { short: "a", env: "NONO_ALLOW" }),
    read: many(DIRECTORY, "read all below DIR", { short: "r", env: "NONO_READ" }),
    write: many(DIRECTORY, "write all below DIR", { short: "w", env: "NONO_WRITE" }),
    allowFile: many(FILE, "read and write FILE"),
    readFile: many(FILE, "read FILE"),
    writeFile: many(FILE, "write FILE"),
    allowCwd: below("SUBDIR", "read and write the working directory, or only SUBDIR in it", {
      env: "NONO_ALLOW_CWD",
    }),
    guard: flag("no writing to what runs later: git hooks, settings of agents and editors", {
      env: "NONO_GUARD",
      opposite: "noGuard",
    }),
    noGuard: flag("let it write what runs later, whatever the profile says", {
      env: "NONO_GUARD",
      opposite: "guard",
      negative: true,
    }),
    bypassProtection: many(PATH, "lift what denies PATH; it still needs a grant"),
  },
} as const;

const NETWORK = {
  title: "Network",
  options: {
    blockNet: flag("no sockets but granted unix sockets", { env: "NONO_BLOCK_NET" }),
    allowConnectPort: many(PORT, "connect to TCP PORT, and to no port that is not named"),
    allowConnect: many(
      HOST_AND_PORT,
      "connect to HOST by TCP, and to nothing that is not named; not by nono wrap",
    ),
    listenPort: many(PORT, "listen on TCP PORT, and on no port that is not named"),
    openPort: many(PORT, "both, as servers that are also called need it"),
    allowUnixSocket: many(PATH, "connect to the unix socket PATH"),
    allowUnixSocketBind: many(PATH, "connect to it, and create it"),
    allowUnixSocketDir: many(DIRECTORY, "connect to the sockets in DIR"),
    allowUnixSocketDirBind: many(DIRECTORY, "connect to them, and create more"),
    allowUnixSocketSubtree: many(DIRECTORY, "connect to the sockets in DIR and all below it"),
    allowUnixSocketSubtreeBind: many(DIRECTORY, "connect to them, and create more"),
  },
} as const;

const COMMANDS = {
  title: "Commands and variables",
  options: {
    allowCommand: many(COMMAND, "let a blocked command run"),
    blockCommand: many(COMMAND, "block one more command"),
    allowEnv: many(
      { ...NAME, label: "NAME", expected: "a variable's name, or a pattern as in AWS_*" },
      "pass a withheld variable on; NAME may be a pattern as in 'AWS_*'",
    ),
  },
} as const;

const SECRET_NAMES = {
  ...NAME,
  label: "NAME,...",
  expected: "names of secrets, separated by commas",
};

const SECRETS = {
  title: "Secrets",
  options: {
    secrets: many(SECRET_NAMES, "give it these secrets: openai_api_key as OPENAI_API_KEY"),
    envCredential: many(SECRET_NAMES, "the same"),
    secretEnv: many(
      { ...NAME, label: "REF=NAME", expected: "REF=NAME, a secret and the variable it goes into" },
      "give it the secret REF as the variable NAME",
    ),
    ...STORE_OPTIONS,
  },
} as const;

/** What a policy is made from beside its profile. */
export const SANDBOX_SECTIONS = [POLICY, FILES, NETWORK, COMMANDS, SECRETS] as const;

export type SandboxFlags = FlagsOf<typeof SANDBOX_SECTIONS>;

export const START = {
  title: "Start",
  options: {
    name: one(SESSION_NAME, "a name for the session, to find it by while it runs", { env: "NONO_NAME" }),
    dryRun: flag("show what would be enforced, and start nothing"),
    json: flag("with --dry-run: the plan as JSON on standard output"),
  },
} as const;

const DIAGNOSTICS = {
  title: "Reports",
  options: {
    noDiagnostics: flag("no report of what was refused", { env: "NONO_NO_DIAGNOSTICS" }),
    noSavePrompt: flag("no offer to save what was refused to a profile", { env: "NONO_NO_SAVE_PROMPT" }),
    diagnosticsJson: one(FILE, "write what was refused to FILE, as JSON", { env: "NONO_DIAGNOSTICS_JSON" }),
  },
} as const;

const APPROVALS = {
  title: "Questions",
  options: {
    supervised: flag("ask before denying what is not granted: here, or by nono approvals", {
      env: "NONO_SUPERVISED",
    }),
    approvalTimeout: one(SECONDS, "deny what nobody has answered after SECONDS; 60 when not given", {
      env: "NONO_APPROVAL_TIMEOUT",
    }),
  },
} as const;

const ROLLBACK = {
  title: "Undo",
  options: {
    rollback: flag("keep snapshots of what it may write, to undo it: see nono rollback", {
      env: "NONO_ROLLBACK",
      opposite: "noRollback",
    }),
    noRollback: flag("keep none, whatever the profile says", {
      env: "NONO_ROLLBACK",
      opposite: "rollback",
      negative: true,
    }),
    rollbackExclude: many(PATTERN, "leave out what PATTERN matches, as in .gitignore"),
    rollbackInclude: many(PATTERN, "keep it, although dependencies and the like are left out"),
    rollbackAll: flag("leave nothing out, dependencies and caches neither"),
    rollbackEvery: one(MINUTES, "a snapshot in between so often, when something changed"),
    rollbackEveryChanges: one(AMOUNT, "a snapshot in between when so many files changed"),
    rollbackMaxFiles: one(AMOUNT, "do not start with more to keep; 1000000 when not given"),
    rollbackMaxSize: one(SIZE, "do not start with more to keep; 4GB when not given"),
    noRollbackPrompt: flag("no offer at the end to look at what changed and to undo it", {
      env: "NONO_NO_ROLLBACK_PROMPT",
    }),
  },
} as const;

export type RollbackFlags = Values<(typeof ROLLBACK)["options"]>;

/** Nothing of nono is left behind `wrap`: the option is there to say so. */
const NO_ROLLBACK = {
  title: "Undo",
  options: {
    rollback: flag("refused: only nono run and nono shell can keep snapshots", {
      env: "NONO_ROLLBACK",
      opposite: "noRollback",
    }),
    noRollback: flag("keep no snapshots, whatever the profile says", {
      env: "NONO_ROLLBACK",
      opposite: "rollback",
      negative: true,
    }),
  },
} as const;

const AUDIT = {
  title: "Record",
  options: {
    noAudit: flag("keep no record of what happens: see nono audit", { env: "NONO_NO_AUDIT" }),
  },
} as const;

export const RUN_SECTIONS = [...SANDBOX_SECTIONS, ROLLBACK, AUDIT, APPROVALS, START, DIAGNOSTICS] as const;
export const WRAP_SECTIONS = [...SANDBOX_SECTIONS, NO_ROLLBACK, START] as const;

export type RunFlags = FlagsOf<typeof RUN_SECTIONS>;
export type StartFlags = FlagsOf<readonly [...typeof SANDBOX_SECTIONS, typeof START]>;

const QUESTION = {
  title: "Question",
  options: {
    path: one(PATH, "may PATH be used?"),
    op: one(oneOf("OP", "read", "write", "readwrite"), "in this way: read, write or readwrite"),
    host: one(HOST, "may HOST be reached?"),
    port: one(PORT, "on this port"),
    command: one(COMMAND, "may COMMAND be started?"),
    self: flag("ask about the sandbox that this process is in"),
    json: flag("answer as JSON"),
  },
} as const;

export const WHY_SECTIONS = [QUESTION, ...SANDBOX_SECTIONS] as const;
