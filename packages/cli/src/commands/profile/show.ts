// nono profile show: what a profile comes to on this machine.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { policyLines } from "../../policy/catalog/policy-lines.ts";
import { NO_FLAGS } from "../../policy/flags.ts";
import { policyOf } from "../../policy/policy-of.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderPolicyLines } from "../../ui/policy-lines.ts";
import type { JSON_SECTIONS } from "./options.ts";
import { optionsFor } from "./place.ts";

export const show: Action<FlagsOf<typeof JSON_SECTIONS>> = async ({ json }, { operands: [profile], io }) => {
  const { policy } = await policyOf({ ...NO_FLAGS, profile }, optionsFor(io));
  io.stdout.write(json ? toJson(policy) : renderPolicyLines(policyLines(policy), io.stdout));
  return ExitCode.ok;
};
