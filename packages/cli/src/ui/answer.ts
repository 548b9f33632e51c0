// An answer of nono why, for people.

import type { Output } from "../io.ts";
import type { Answer } from "../sandbox/answer.ts";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";

export function renderAnswer(
  { status, question, because, change }: Answer,
  paper: Pick<Output, "columns" | "colour">,
): string {
  const lines = [
    `${bold(status, paper)}: ${question}`,
    ...rows([["because", because]], { ...paper, textColumn: 12 }),
  ];
  // Not wrapped: it is there to be copied.
  if (change !== null) lines.push(`  to allow  ${change}`);
  else if (status === "denied") lines.push("  to allow  no option can");
  return `${lines.join("\n")}\n`;
}
