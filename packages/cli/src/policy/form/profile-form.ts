// What a profile may say: types, validation and JSON Schema of profile files come from here.

import { isLoaderVariable } from "nono-ts/internal";
import { z } from "zod";
import {
  commandsForm,
  hostsForm,
  nameForm,
  namePatternForm,
  pathForm,
  pathsForm,
  portsForm,
  secretReferenceForm,
  secretVariableForm,
  sizeForm,
  snapshotPatternForm,
  valueForm,
  variablePatternForm,
} from "./text-forms.ts";

const groupNames = z.array(nameForm);

/** A built-in profile or one of the user's by name, or a file: relative to this one, or absolute. */
const extendsForm = z.string().min(1, "expected the name of a profile, or the path of a file");

const meta = z.strictObject({
  name: nameForm.optional(),
  version: z.string().optional(),
  description: z.string().optional().describe("what it is for, in one line"),
  author: z.string().optional(),
});

const security = z.strictObject({
  groups: groupNames.optional().describe("groups by name; the same as groups.include"),
  user_namespaces: z
    .boolean()
    .optional()
    .describe("allows new user namespaces, for tools that bring a sandbox of their own"),
  capability_elevation: z
    .boolean()
    .optional()
    .describe("asks before denying what is not granted, as --supervised does"),
});

const groups = z.strictObject({
  include: groupNames.optional().describe("groups by name"),
  exclude: groupNames.optional().describe("groups that a profile it extends has, and it has not"),
});

const filesystem = z.strictObject({
  allow: pathsForm.optional().describe("directories to read and write, with all below them"),
  read: pathsForm.optional().describe("directories to read, list and execute"),
  write: pathsForm.optional().describe("directories to write, without reading them"),
  allow_file: pathsForm.optional().describe("files to read and write"),
  read_file: pathsForm.optional().describe("files to read"),
  write_file: pathsForm.optional().describe("files to write"),
  allow_pattern: z
    .array(namePatternForm)
    .optional()
    .describe("names in one directory that may be created, used and removed; needs a supervised run"),
  create: pathsForm
    .optional()
    .describe("directories to make before the start: a grant needs one that exists"),
  create_file: z
    .record(pathForm, z.string())
    .optional()
    .describe("files to make before the start when they are missing, and what is in them"),
  deny: pathsForm.optional().describe("files and directories that no grant covers"),
  bypass_protection: pathsForm.optional().describe("denials to lift, by the path that they name"),
  unix_socket: pathsForm.optional().describe("unix sockets to connect to"),
  unix_socket_bind: pathsForm.optional().describe("unix sockets to connect to and to create"),
  unix_socket_dir: pathsForm.optional().describe("directories in which sockets may be connected to"),
  unix_socket_dir_bind: pathsForm.optional().describe("directories in which sockets may also be created"),
  unix_socket_subtree: pathsForm
    .optional()
    .describe("directories at and below which sockets may be connected to"),
  unix_socket_subtree_bind: pathsForm
    .optional()
    .describe("directories at and below which they may also be created"),
});

const network = z.strictObject({
  block: z
    .boolean()
    .optional()
    .describe("no sockets but unix ones, apart from the ports and hosts named here"),
  connect_ports: portsForm.optional().describe("the only TCP ports that may be connected to"),
  allow_connect: hostsForm
    .optional()
    .describe("the only hosts that may be connected to by TCP; needs a supervised run"),
  listen_ports: portsForm.optional().describe("the only TCP ports that may be listened on"),
  open_ports: portsForm.optional().describe("both"),
});

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of a variable")
  .refine((name) => !isLoaderVariable(name), "a variable that loads code into programs cannot be set");

const environment = z.strictObject({
  allow_vars: z
    .array(variablePatternForm)
    .optional()
    .describe("variables that pass although they look like secrets"),
  deny_vars: z.array(variablePatternForm).optional().describe("variables that never pass"),
  set_vars: z
    .record(variableName, valueForm)
    .optional()
    .describe("variables with their values; $TMPDIR and such are replaced"),
});

const limit = z.union([z.int().min(0), z.literal("infinity")], 'expected a whole number, or "infinity"');

const limits = z.strictObject({
  as: limit.optional().describe("address space in bytes"),
  core: limit.optional().describe("core file in bytes"),
  cpu: limit.optional().describe("processor time in seconds"),
  data: limit.optional().describe("data segment in bytes"),
  fsize: limit.optional().describe("size of a file in bytes"),
  memlock: limit.optional().describe("locked memory in bytes"),
  nofile: limit.optional().describe("open files of a process"),
  nproc: limit.optional().describe("processes of the user"),
  rss: limit.optional().describe("resident memory in bytes"),
  stack: limit.optional().describe("stack in bytes"),
});

const count = z.int().min(1, "expected a whole number from 1 on");

const rollback = z.strictObject({
  enabled: z.boolean().optional().describe("keeps snapshots, as --rollback does"),
  exclude: z.array(snapshotPatternForm).optional().describe("what no snapshot keeps"),
  include: z
    .array(snapshotPatternForm)
    .optional()
    .describe("what they keep although it is left out otherwise"),
  everything: z.boolean().optional().describe("leaves nothing out, as --rollback-all does"),
  every_minutes: count.optional().describe("a snapshot in between so often, when something changed"),
  every_changes: count.optional().describe("a snapshot in between when so many files changed"),
  max_files: count.optional().describe("does not start where there is more to keep"),
  max_size: sizeForm.optional().describe("does not start where there is more to keep"),
});

/** As RegExp has it. */
const expressionForm = z.string().min(1).refine(isExpression, "expected a regular expression of JavaScript");

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

const audit = z.strictObject({
  redact: z
    .array(z.string().min(1))
    .optional()
    .describe("names of options and variables whose values are secrets, beside those that say so"),
  redact_patterns: z
    .array(expressionForm)
    .optional()
    .describe("regular expressions: what they find is a secret"),
});

export const profileForm = z.strictObject({
  $schema: z.string().optional(),
  meta: meta.optional().describe("about the profile"),
  extends: z
    .union([extendsForm, z.array(extendsForm)], "expected the name of a profile, or a list of them")
    .optional()
    .describe("profiles it adds to; `default` when absent, none with []"),
  security: security.optional(),
  groups: groups.optional(),
  filesystem: filesystem.optional(),
  network: network.optional(),
  workdir: z
    .strictObject({
      access: z
        .enum(["none", "read", "write", "readwrite"])
        .optional()
        .describe("what the working directory grants"),
    })
    .optional(),
  environment: environment.optional(),
  env_credentials: z
    .record(secretReferenceForm, secretVariableForm)
    .optional()
    .describe("secrets that the command gets, by name or reference, and the variable for each"),
  commands: z
    .strictObject({
      allow: commandsForm.optional().describe("commands that a group blocks, and run nevertheless"),
      deny: commandsForm.optional().describe("commands that do not run"),
    })
    .optional(),
  rollback: rollback.optional().describe("snapshots of what may be written, to undo it"),
  audit: audit.optional().describe("what the record of a session leaves out"),
  limits: limits.optional().describe("resource limits (getrlimit(2))"),
});

export type Profile = z.infer<typeof profileForm>;
