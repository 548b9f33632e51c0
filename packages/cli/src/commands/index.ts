// Every subcommand, in the order in which the help shows them.

import { type CommandGroup, defineCommand, type Entry, NO_OPERANDS } from "../args/command.ts";
import { LEARN_SECTIONS } from "../learn/options.ts";
import { RUN_SECTIONS, WHY_SECTIONS, WRAP_SECTIONS } from "../sandbox/options.ts";
import { APPROVALS_COMMANDS } from "./approvals/index.ts";
import { AUDIT_COMMANDS } from "./audit/index.ts";
import { PROFILE_COMMANDS } from "./profile/index.ts";
import { ROLLBACK_COMMANDS } from "./rollback/index.ts";
import { SECRET_COMMANDS } from "./secret/index.ts";
import { SESSION_COMMANDS } from "./sessions/index.ts";
import { SETUP_SECTIONS } from "./setup/options.ts";

const STARTED = {
  usage: "[--] COMMAND [ARGUMENT...]",
  min: 1,
  max: Infinity,
  passThrough: true,
  completion: "command",
} as const;

const run = defineCommand({
  name: "run",
  summary: "start a command in a sandbox, and end everything it started with it",
  description: [
    "Starts COMMAND so that the kernel refuses whatever the profile and the options below do not grant, to it and to " +
      "all that it starts. Without --profile the profile `default` grants what programs need to start.",
  ],
  examples: [
    "nono run --profile claude-code --allow-cwd -- claude",
    "nono run --read ./src --write ./output -- cargo build",
    "nono run --allow-cwd --block-net --dry-run -- make",
  ],
  operands: STARTED,
  sections: RUN_SECTIONS,
  load: async () => (await import("./run.ts")).run,
});

const wrap = defineCommand({
  name: "wrap",
  summary: "the same, but become the command: no process of ours remains",
  description: [
    "Takes the place of this process, so that pipes, job control and process ids are as without nono. What a " +
      "supervising process does is missing: what the command leaves behind is not ended with it, and its temporary " +
      "directory is removed by the next start.",
  ],
  examples: ["git log | nono wrap --allow-cwd -- python3 summarize.py | less"],
  operands: STARTED,
  sections: WRAP_SECTIONS,
  load: async () => (await import("./wrap.ts")).wrap,
});

const shell = defineCommand({
  name: "shell",
  summary: "start your shell in a sandbox",
  description: ["Starts $SHELL, or /bin/sh, as `nono run` would; arguments go to the shell."],
  examples: ["nono shell --allow-cwd", "nono shell --allow-cwd -- -c 'make && make test'"],
  operands: { usage: "[-- ARGUMENT...]", min: 0, max: Infinity, passThrough: true, completion: "none" },
  sections: RUN_SECTIONS,
  load: async () => (await import("./shell.ts")).shell,
});

const learn = defineCommand({
  name: "learn",
  summary: "start a command in a sandbox, and make the profile that it needs",
  description: [
    "Starts COMMAND as `nono run` would, notes what it is refused, and prints or writes the smallest profile that " +
      "covers it. What it does after a refusal shows in the next run: learn again under the profile until nothing " +
      "is refused, or let it go on with --permissive. What is denied is never learned.",
  ],
  examples: [
    "nono learn --save my-tool -- my-tool --check",
    "nono learn --permissive --output my-tool.json -- make",
  ],
  operands: STARTED,
  sections: LEARN_SECTIONS,
  load: async () => (await import("./learn.ts")).learn,
});

const why = defineCommand({
  name: "why",
  summary: "say whether something would be allowed, by which rule, and what would change it",
  description: [
    "Makes the plan that `nono run` would make of the same options and asks it. Give one of --path, --host and " +
      "--command. Exit code 0: allowed; 1: denied.",
  ],
  examples: [
    "nono why --path ~/.ssh/id_ed25519 --op read",
    "nono why --profile claude-code --allow-cwd --path ./src --op write",
    "nono why --host api.example.com --port 443 --block-net",
    "nono why --self --path /etc/shadow --op read",
  ],
  operands: { ...STARTED, usage: "[-- COMMAND [ARGUMENT...]]", min: 0 },
  sections: WHY_SECTIONS,
  load: async () => (await import("./why.ts")).why,
});

const setup = defineCommand({
  name: "setup",
  summary: "see what can be enforced here, and which agents can be started",
  description: [
    "Finds out by doing: starts small confined processes and looks at what the kernel refuses them. Lists every " +
      "protection, what enforces it, and what to do where one is missing; then the agents that are installed, with the " +
      "line that starts each.",
    "Nothing is written but what is asked for, each file is named before, and what is there already stays as it is.",
  ],
  examples: ["nono setup", "nono setup --check-only --json", "nono setup --completion bash"],
  operands: NO_OPERANDS,
  sections: SETUP_SECTIONS,
  load: async () => (await import("./setup/setup.ts")).setupFor(ENTRIES),
});

const profile: CommandGroup = {
  name: "profile",
  summary: "list, show, check and write profiles",
  commands: PROFILE_COMMANDS,
};

const approvals: CommandGroup = {
  name: "approvals",
  summary: "answer what supervised sessions ask for, from another terminal",
  commands: APPROVALS_COMMANDS,
};

const rollback: CommandGroup = {
  name: "rollback",
  summary: "look at what a session changed, and undo it",
  commands: ROLLBACK_COMMANDS,
};

const secret: CommandGroup = {
  name: "secret",
  summary: "store secrets that commands get as variables",
  commands: SECRET_COMMANDS,
};

const audit: CommandGroup = {
  name: "audit",
  summary: "look at what sessions did, and check that nobody changed the record",
  commands: AUDIT_COMMANDS,
};

const completion = defineCommand({
  name: "completion",
  summary: "print a completion script for a shell",
  description: ["Prints what the shell has to read once, for example from its start file."],
  examples: [
    "source <(nono completion bash)",
    "nono completion zsh > ~/.zfunc/_nono",
    "nono completion fish > ~/.config/fish/completions/nono.fish",
  ],
  operands: { usage: "bash|zsh|fish", min: 1, max: 1, completion: ["bash", "zsh", "fish"] },
  sections: [],
  load: async () => (await import("./completion.ts")).completionFor(ENTRIES),
});

const help = defineCommand({
  name: "help",
  summary: "print the help of a command",
  description: ["The same as --help behind that command."],
  examples: ["nono help run", "nono help profile show"],
  operands: { usage: "[COMMAND...]", min: 0, max: 2, completion: "none" },
  sections: [],
  load: async () => (await import("./help.ts")).helpFor(ENTRIES),
});

export const ENTRIES: readonly Entry[] = [
  run,
  wrap,
  shell,
  learn,
  why,
  setup,
  profile,
  ...SESSION_COMMANDS,
  approvals,
  secret,
  rollback,
  audit,
  completion,
  help,
];
