// The kinds of text that groups and profiles hold. Each message says what is expected, as `where: message`.

import { parseSecretReference } from "nono-ts";
import { z } from "zod";
import { HOST_EXPECTED, hostIn } from "../../text/host.ts";
import { SIZE_PATTERN } from "../../text/size.ts";
import { whyNoDestination } from "../environment/secret-destination.ts";
import { referencesIn, VARIABLE_NAMES } from "../variables.ts";

const KNOWN: ReadonlySet<string> = new Set(VARIABLE_NAMES);

function unknownVariable(text: string): string | undefined {
  return referencesIn(text).find((name) => !KNOWN.has(name));
}

function variablesKnown(text: string, context: z.core.ParsePayload<string>): void {
  const unknown = unknownVariable(text);
  if (unknown === undefined) return;
  const message =
    unknown === ""
      ? "a dollar that begins no variable is written $$"
      : `unknown variable $${unknown}: known are ${VARIABLE_NAMES.join(", ")}`;
  context.issues.push({ code: "custom", message, input: text });
}

/** Absolute, once its variables are replaced; without `..`, whose meaning depends on links. */
export const pathForm = z
  .string()
  .regex(/^(?:\/|~(?:\/|$)|\$[A-Z{])/, "expected an absolute path, or one that starts with ~ or a variable")
  .regex(
    /^(?!.*(?:^|\/)\.\.(?:\/|$))/s,
    "a path with .. means different things as links change: name its target",
  )
  .regex(/^[^\u0000]*$/, "a path cannot hold a NUL byte")
  .check((context) => variablesKnown(context.value, context))
  .describe("absolute path; may start with ~ and use variables such as $HOME or $XDG_CONFIG_HOME");

export const pathsForm = z.array(pathForm);

/** One directory, and a name in it of which at least the beginning is fixed. A wildcard never matches a slash. */
export const namePatternForm = pathForm
  .regex(/^[^*?]*\/[^/]*[*?][^/]*$/, "expected wildcards (* and ?) in the last component, and only there")
  .regex(/\/[^/*?]{3,}[^/]*$/, "expected at least three characters before the first wildcard")
  .describe("names in one directory, such as ~/.claude.json.tmp.*: wildcards in the last component only");

/** A name to look up, or one executable. */
const commandForm = z
  .string()
  .regex(
    /^(?:[^/\u0000-\u0020]+|\/[^\u0000]+)$/,
    "expected a command's name, or the absolute path of an executable",
  )
  .describe("name of a command, or absolute path of an executable");

export const commandsForm = z.array(commandForm);

export const variablePatternForm = z
  .string()
  .regex(/^[A-Za-z0-9_*]+$/, "expected the name of a variable, in which * stands for anything")
  .describe("name of a variable; * stands for anything");

/** Names of profiles and groups. */
export const nameForm = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "expected a name of letters, digits, dots, dashes and underscores")
  .max(64, "expected at most 64 characters");

/** A value that may use variables. */
export const valueForm = z
  .string()
  .regex(/^[^\u0000]*$/, "a value cannot hold a NUL byte")
  .check((context) => variablesKnown(context.value, context));

const PORT = "expected a port, from 1 to 65535";

export const portsForm = z.array(z.int(PORT).min(1, PORT).max(65_535, PORT));

/** Whatever it stands for: it is looked up at the start. */
const hostForm = z
  .string()
  .refine((text) => hostIn(text) !== undefined, `expected ${HOST_EXPECTED}`)
  .describe("HOST or HOST:PORT: a name, localhost, an IPv4 address, or an IPv6 address in brackets");

export const hostsForm = z.array(hostForm);

/** As in .gitignore: a name counts at every depth, a path from the tracked directory on. */
export const snapshotPatternForm = z
  .string()
  .regex(/^[^!\u0000][^\u0000]*$/, "expected a pattern as in *.log or data/raw/")
  .describe("names or paths as in .gitignore: *, ? and ** are wildcards");

/** In bytes. */
export const sizeForm = z
  .string()
  .regex(SIZE_PATTERN, "expected a size as in 500MB or 10GB")
  .describe("a size as in 500MB or 10GB");

/** What it would let happen, for a question and the report. */
const reasonForm = z.string().min(1, "expected why");

const guardedPathForm = z
  .string()
  .regex(
    /^(?!\.{0,2}(?:\/|$))(?!.*\/\.{0,2}(?:\/|$))[^\u0000]+$/s,
    "expected a path below a directory, without .",
  );

/** Paths below a directory, and why each is guarded. */
export const guardedForm = z.record(guardedPathForm, reasonForm);

/** Names of files, in which * and ? are wildcards, and what they hold. */
export const secretNamesForm = z.record(z.string().regex(/^[^/\u0000]+$/, "expected a name"), reasonForm);

/** A secret in the keystore by its name, or a reference to one elsewhere. */
export const secretReferenceForm = z
  .string()
  .check((context) => problemToIssue(context, whyNoReference(context.value)))
  .describe("name in the keystore, or keyring://, env://, file://, op://, bw:// or cmd:// reference");

export const secretVariableForm = z
  .string()
  .check((context) => {
    const why = whyNoDestination(context.value);
    problemToIssue(context, why && `no secret goes into that variable: ${why}`);
  })
  .describe("name of the variable");

function whyNoReference(text: string): string | undefined {
  try {
    parseSecretReference(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function problemToIssue(context: z.core.ParsePayload<string>, message: string | undefined): void {
  if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
}
