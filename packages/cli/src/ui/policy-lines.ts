// What a policy says, one line each, under a heading for each kind.

import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { PolicyLine } from "../policy/catalog/policy-lines.ts";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";

export function renderPolicyLines(
  lines: readonly PolicyLine[],
  paper: Pick<Output, "columns" | "colour">,
): string {
  const headings = [...new Set(lines.map(({ what }) => what))];
  return headings
    .flatMap((heading) => [
      bold(heading, paper),
      ...rows(
        lines
          .filter(({ what }) => what === heading)
          .map(({ subject, source }) => [show(subject), show(source)]),
        { ...paper, labelLimit: 40 },
      ),
    ])
    .map((line) => `${line}\n`)
    .join("");
}
