import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { SecretBytes, withoutLineBreak } from "./secret-bytes.ts";

const secret = (text: string) => new SecretBytes(Buffer.from(text), "it");

describe("SecretBytes", () => {
  it("shows itself nowhere by accident", () => {
    const it = secret("s3cret");
    const shown = [`${it}`, JSON.stringify({ it }), inspect({ it }), inspect(it, { showHidden: true })];
    for (const text of shown) {
      expect(text).toContain("[secret]");
      expect(text).not.toContain("s3cret");
    }
    expect(it.text()).toBe("s3cret");
  });

  it("is zeros after it was overwritten", () => {
    const it = secret("abc");
    it.wipe();
    expect([...it.bytes]).toEqual([0, 0, 0]);
  });

  it.each([
    ["", "it is empty"],
    ["a\0b", "it holds a NUL byte"],
    ["x".repeat((120 << 10) + 1), "it is longer than 122880 bytes"],
  ])("refuses what no variable can hold", (text, reason) => {
    const bytes = Buffer.from(text);
    expect(() => new SecretBytes(bytes, "it")).toThrow(reason);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

it.each([
  ["a\n", "a"],
  ["a\r\n", "a"],
  ["a\n\n", "a\n"],
  ["\n", ""],
  ["a", "a"],
  ["a\r", "a\r"],
  ["", ""],
])("withoutLineBreak takes one line break off %j", (text, expected) => {
  expect(Buffer.from(withoutLineBreak(Buffer.from(text))).toString()).toBe(expected);
});
