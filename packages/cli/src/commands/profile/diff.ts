// nono profile diff: what one profile says and another does not.

import { show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { comparePolicies, type PolicyLine } from "../../policy/catalog/policy-lines.ts";
import { NO_FLAGS } from "../../policy/flags.ts";
import { policyOf } from "../../policy/policy-of.ts";
import { toJson } from "../../sandbox/document.ts";
import type { JSON_SECTIONS } from "./options.ts";
import { optionsFor } from "./place.ts";

export const diff: Action<FlagsOf<typeof JSON_SECTIONS>> = async (
  { json },
  { operands: [before, after], io },
) => {
  const options = optionsFor(io);
  const [from, to] = [
    await policyOf({ ...NO_FLAGS, profile: before }, options),
    await policyOf({ ...NO_FLAGS, profile: after }, options),
  ];
  const difference = comparePolicies(from.policy, to.policy);
  const lines = [...marked("-", difference.removed), ...marked("+", difference.added)];
  io.stdout.write(json ? toJson(difference) : lines.join(""));
  return lines.length === 0 ? ExitCode.ok : ExitCode.failed;
};

function marked(mark: string, lines: readonly PolicyLine[]): readonly string[] {
  return lines.map(({ what, subject, source }) => `${mark} ${what} ${show(subject)} (${show(source)})\n`);
}
