import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineReader, lineOf } from "./lines.ts";
import { isMessage } from "./message.ts";

describe("lines", () => {
  it("carry any value, however their bytes are cut", () =>
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (values, size) => {
          const bytes = Buffer.concat(values.map(lineOf));
          const reader = new LineReader();
          const read: unknown[] = [];
          for (let at = 0; at < bytes.length; at += size)
            read.push(...reader.read(bytes.subarray(at, at + size)));
          expect(JSON.stringify(read)).toBe(JSON.stringify(values));
        },
      ),
    ));

  it("that are too long or no JSON are refused", () => {
    expect(() => new LineReader().read(Buffer.from("{\n"))).toThrow(SyntaxError);
    const reader = new LineReader();
    expect(() => {
      for (let sent = 0; sent < 40; sent++) reader.read(Buffer.alloc(1 << 20, 0x20));
    }).toThrow(RangeError);
  });
});

it("a message has a verb and a key", () => {
  expect(isMessage({ do: "stop", key: "k", force: true })).toBe(true);
  for (const value of [null, "stop", {}, { do: "stop" }, { key: "k" }, { do: 1, key: "k" }])
    expect(isMessage(value)).toBe(false);
});
