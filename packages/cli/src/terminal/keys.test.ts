import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyReader } from "./keys.ts";

const read = (...texts: string[]) => {
  const reader = new KeyReader();
  return texts.flatMap((text) => reader.read(Buffer.from(text)));
};
const character = (one: string) => ({ kind: "character", character: one });
const other = { kind: "other" };

describe("KeyReader", () => {
  it("reads characters and the keys that mean something", () => {
    expect(read("yS\r\n\u0003\u0004\t")).toEqual([
      character("y"),
      character("S"),
      { kind: "enter" },
      { kind: "enter" },
      { kind: "interrupt" },
      { kind: "end" },
      other,
    ]);
  });

  it.each([
    ["an arrow with Shift", "\u001b[1;2A"],
    ["a function key", "\u001bOP"],
    ["y with Alt", "\u001by"],
    ["a mouse report", "\u001b[<0;10;10M"],
    ["a report of the cursor", "\u001b[5;7R"],
    ["y in kitty's protocol", "\u001b[121u"],
    ["a colour that was asked for", "\u001b]11;rgb:0000/0000/0000\u001b\\"],
    ["an answer to a request for the version", "\u001bP>|xterm(1)\u001b\\"],
    ["something pasted", "\u001b[200~yes\r\u001b[201~"],
  ])("takes %s for one key without a meaning", (_, text) => {
    expect(read(`${text}n`)).toEqual([other, character("n")]);
  });

  it("reads keys that move, in every way that terminals have of saying them", () => {
    const move = (to: string) => ({ kind: "move", to });
    expect(read("\u001b[A\u001bOB\u001b[5~\u001b[H\u001b[4~")).toEqual(
      ["up", "down", "page-up", "first", "last"].map(move),
    );
  });

  it("knows a lone ESC once nothing follows it", () => {
    const reader = new KeyReader();
    expect(reader.read(Buffer.from("\u001b"))).toEqual([]);
    expect(reader.pause()).toEqual([{ kind: "escape" }]);
    expect(reader.pause()).toEqual([]);
    expect(reader.read(Buffer.from("q"))).toEqual([character("q")]);
  });

  it("takes characters of other scripts for keys without a meaning", () => {
    expect(read("é").every(({ kind }) => kind === "other")).toBe(true);
  });

  it("reads the same however the bytes come", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("y", "\u001b[A", "\r", "\u001b[200~y\u001b[201~", "\u001bOP"), {
          maxLength: 8,
        }),
        (keys) => {
          const text = keys.join("");
          expect(read(...text)).toEqual(read(text));
        },
      ),
    ));
});
