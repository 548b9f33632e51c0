// What a person can do about a keystore without an answer: in the words of the command line, which core does not know.

import { isAccountName, NonoError } from "nono-ts";
import { CliError } from "../error.ts";
import type { StoreFlags } from "./store-options.ts";

/** The error to throw instead; the same where there is nothing to add. */
export function withHint(error: unknown, { secretStore }: StoreFlags): unknown {
  if (!(error instanceof NonoError)) return error;
  const hint = hintFor(error.problem, secretStore === "file");
  if (hint === undefined) return error;
  return new CliError({ code: "secret-hint", message: error.message, hint }, { cause: error });
}

function hintFor(problem: NonoError["problem"], isFile: boolean): string | undefined {
  if (problem.code === "keystore-unavailable" && !isFile)
    return "where there is none, --secret-store file keeps secrets in an encrypted file";
  if (problem.code === "secret-missing" && isAccountName(problem.secret))
    return `nono secret set ${problem.secret} stores it`;
  return undefined;
}
