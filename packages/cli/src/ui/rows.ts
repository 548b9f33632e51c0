// Two columns: labels, and text that wraps beside them.

import { widthOf } from "./style.ts";
import { wrap } from "./wrap.ts";

type Layout = Readonly<{
  columns: number;
  /** Columns before the label. */
  indent?: number;
  /** A label longer than this has a line of its own. */
  labelLimit?: number;
  /** Column of the texts; absent: just behind the longest label. */
  textColumn?: number;
}>;

/** Lines of a list of labels and texts, the texts below each other. */
export function rows(
  items: readonly (readonly [label: string, text: string])[],
  { columns, indent = 2, labelLimit = 26, textColumn }: Layout,
): string[] {
  const widths = items.map(([label]) => widthOf(label)).filter((width) => width <= labelLimit);
  const textAt = textColumn ?? indent + Math.max(0, ...widths) + 2;
  return items.flatMap(([label, text]) => {
    const lines = text === "" ? [""] : wrap(text, columns, textAt);
    const head = " ".repeat(indent) + label;
    const gap = textAt - indent - widthOf(label);
    if (text === "") return [head];
    if (label === "") return lines;
    return gap < 2
      ? [head, ...lines]
      : [head + " ".repeat(gap) + (lines[0] as string).slice(textAt), ...lines.slice(1)];
  });
}
