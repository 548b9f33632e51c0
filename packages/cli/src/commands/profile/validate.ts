// nono profile validate: everything that is wrong with profile files.

import { readFileSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { validateProfiles } from "../../policy/catalog/validate.ts";
import { profileFile } from "../../policy/config-files.ts";
import { messageOf, PolicyError, type PolicyProblem } from "../../policy/error.ts";
import { loadGroups } from "../../policy/group/catalog.ts";
import { parseReference } from "../../policy/profile/reference.ts";
import { toJson } from "../../sandbox/document.ts";
import { say } from "../../ui/message.ts";
import type { JSON_SECTIONS } from "./options.ts";
import { placeFor } from "./place.ts";

export const validate: Action<FlagsOf<typeof JSON_SECTIONS>> = async ({ json }, { operands, io }) => {
  const place = placeFor(io);
  const { catalog } = await loadGroups(place);
  const problems: PolicyProblem[] = [];
  for (const operand of operands) {
    const named = parseReference(operand).kind === "name";
    const file = named ? profileFile(place.directory, operand) : resolvePath(io.cwd(), operand);
    problems.push(...(await validateProfiles(read(file), file, catalog, place)));
  }
  if (json) io.stdout.write(toJson(problems.map((problem) => ({ ...problem, message: messageOf(problem) }))));
  else for (const problem of problems) say(io, messageOf(problem));
  return problems.length === 0 ? ExitCode.ok : ExitCode.failed;
};

function read(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(bytesOf(file)));
  } catch (error) {
    const reason =
      error instanceof TypeError ? "it is not UTF-8" : String((error as NodeJS.ErrnoException).code);
    throw new PolicyError({ code: "config-unreadable", file, reason }, { cause: error });
  }
}
