import { expect, it } from "vitest";
import { LineInput } from "./line-input.ts";

const typed = (...chunks: string[]) => {
  const input = new LineInput();
  return chunks.map((chunk) => input.take(Buffer.from(chunk)));
};

it("gives a line when it is complete, and drops what follows", () => {
  expect(typed("1 ", "3\rall\r")).toEqual([
    { echo: "1 ", line: undefined },
    { echo: "3\r\n", line: "1 3" },
  ]);
});

it("erases, and never what is not there", () => {
  expect(typed("\u007f12\u007f\u007f\u007fy\n")).toEqual([{ echo: "12\b \b\b \by\r\n", line: "y" }]);
});

it("is given up with ^C, ^D and the end of the terminal", () => {
  for (const key of ["y\u0003", "y\u0004"]) expect(typed(key)).toEqual([{ echo: "y\r\n", line: null }]);
  expect(typed("")).toEqual([{ echo: "", line: null }]);
});

it("takes nothing out of sequences, and shows no control characters", () => {
  expect(typed("\u001b[200~y\r\u001b[201~", "\u0007\u009by\r")).toEqual([
    { echo: "", line: undefined },
    { echo: "y\r\n", line: "y" },
  ]);
});

it("stays short", () => {
  expect(typed("y".repeat(1000))[0]?.echo).toHaveLength(120);
});
