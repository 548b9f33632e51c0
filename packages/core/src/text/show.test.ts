import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { show } from "./show.ts";

describe("show", () => {
  it("leaves plain text as it is, in any script", () => {
    expect(show("/home/ana/Übung/文件.txt")).toBe("/home/ana/Übung/文件.txt");
  });

  it("makes control characters, escapes and separators visible", () => {
    expect(show("a\nb\r\t\u001b[31m\u0000\u007f\u0085\u2028")).toBe(
      "a\\nb\\r\\t\\e[31m\\0\\u{7f}\\u{85}\\u{2028}",
    );
  });

  it("makes marks visible that reorder or hide text", () => {
    expect(show("a\u202eb\u200bc\u2066d\ufeff")).toBe("a\\u{202e}b\\u{200b}c\\u{2066}d\\u{feff}");
  });

  it("makes visible what shows nothing, or looks like a space and is none", () => {
    for (const code of [
      0x34f, 0x115f, 0x1160, 0x17b4, 0x180b, 0x2800, 0x3164, 0xfe0f, 0xffa0, 0xe0041, 0xe0100,
    ])
      expect(show(`a${String.fromCodePoint(code)}b`)).toBe(`a\\u{${code.toString(16)}}b`);
    for (const code of [0xa0, 0x1680, 0x2003, 0x202f, 0x205f, 0x3000])
      expect(show(`a${String.fromCodePoint(code)}b c`)).toBe(`a\\u{${code.toString(16)}}b c`);
  });

  it("leaves marks on their letters, but neither at the beginning nor in piles", () => {
    expect(show("Café cafe\u0301 กำ हिन्दी שָׁלוֹם")).toBe("Café cafe\u0301 กำ हिन्दी שָׁלוֹם");
    expect(show("\u0336x")).toBe("\\u{336}x");
    expect(show(`a${"\u0336".repeat(6)}`)).toBe(`a${"\u0336".repeat(4)}\\u{336}\\u{336}`);
  });

  it("shows bytes that are not UTF-8 as bytes", () => {
    expect(show("a\udcffb")).toBe("a\\xffb");
  });

  it("cuts what is too long", () => {
    expect(show("abcdef", 4)).toBe("abc…");
  });

  it("never lets a character through that a terminal acts on", () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCharCode(code)) }),
        (text) => {
          expect(show(text)).not.toMatch(
            /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
          );
        },
      ),
    ));
});
