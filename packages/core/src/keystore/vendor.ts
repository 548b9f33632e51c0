// The command lines of password managers, and of the user's own choice: which program, with what, and which variables.

import { show } from "../text/show.ts";
import type { SecretReference } from "./reference.ts";

type ProgramReference = Extract<SecretReference, { scheme: "op" | "bw" | "cmd" }>;

export type Invocation = Readonly<{
  /** A name to look up, or a path. */
  program: string;
  args: readonly string[];
  /** Of the caller's variables, those that it gets: names, and beginnings of names. */
  variables: RegExp;
  /** The secret in what it prints. @throws RangeError where there is none */
  read: (output: Uint8Array) => Uint8Array;
}>;

/** Where a program's files are, and in which language it speaks. */
const SURROUNDINGS = "HOME|USER|LOGNAME|LANG|LC_\\w+|XDG_\\w+";
const withSurroundings = (own: string) => new RegExp(`^(?:${SURROUNDINGS}|${own})$`);

const asItIs = (output: Uint8Array) => output;

export function invocationOf(reference: ProgramReference): Invocation {
  switch (reference.scheme) {
    case "op":
      return {
        program: "op",
        args: ["read", "--no-newline", reference.uri],
        variables: withSurroundings("OP_\\w+"),
        read: asItIs,
      };
    case "bw":
      return bitwarden(reference);
    case "cmd":
      return {
        program: reference.program,
        args: reference.args,
        // GnuPG behind pass(1) and the like need their agent and their terminal.
        variables: withSurroundings(
          "GNUPGHOME|GPG_TTY|PASSWORD_STORE_\\w+|SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY",
        ),
        read: asItIs,
      };
  }
}

const BITWARDEN_FIELDS: readonly string[] = ["password", "username", "notes", "totp"];

function bitwarden({ item, field }: Extract<SecretReference, { scheme: "bw" }>): Invocation {
  const own = !BITWARDEN_FIELDS.includes(field);
  return {
    program: "bw",
    args: ["get", own ? "item" : field, item, "--raw", "--nointeraction"],
    variables: withSurroundings("BW_\\w+|BITWARDENCLI_\\w+"),
    read: own ? (output) => ownField(output, field) : asItIs,
  };
}

/** An item of Bitwarden is JSON: its own fields are a list of names and values. */
function ownField(output: Uint8Array, field: string): Uint8Array {
  const fields = fieldsOf(output);
  const found = (Array.isArray(fields) ? fields : []).find((one) => one?.name === field)?.value;
  if (typeof found !== "string") throw new RangeError(`the item has no field ${show(field)}`);
  return Buffer.from(found);
}

/** The parser's own words about what is no JSON repeat it. */
function fieldsOf(output: Uint8Array): unknown {
  try {
    return (JSON.parse(Buffer.from(output).toString()) as { fields?: unknown } | null)?.fields;
  } catch {
    return undefined;
  }
}
