// The options of nono learn.

import { FILE, NAME } from "../args/operand.ts";
import { flag, one } from "../args/option.ts";
import { SANDBOX_SECTIONS } from "../sandbox/options.ts";

const LEARNING = {
  title: "Learning",
  options: {
    permissive: flag(
      "let through what is not granted, but for what is denied: only for a command that you trust",
    ),
    save: one(NAME, "write the profile to your profiles as NAME, or add to it"),
    output: one(FILE, "write the profile to FILE"),
  },
} as const;

export const LEARN_SECTIONS = [LEARNING, ...SANDBOX_SECTIONS] as const;
