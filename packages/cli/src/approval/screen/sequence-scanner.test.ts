import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Sequence, SequenceScanner } from "./sequence-scanner.ts";

const ESC = "\u001b";

function scanned(...chunks: (string | Uint8Array)[]) {
  const scanner = new SequenceScanner();
  const found: Sequence[] = [];
  for (const chunk of chunks) scanner.scan(Buffer.from(chunk), (sequence) => found.push(sequence));
  return { found, open: scanner.open && Buffer.from(scanner.open).toString("latin1") };
}

describe("SequenceScanner", () => {
  it("finds every kind of sequence among text", () => {
    const text = `aä${ESC}[31;1mb${ESC}(0c${ESC}7${ESC}]2;title\u0007d${ESC}P1;2q..${ESC}\\e\u000ef\u000f\u009b?25lg`;
    expect(scanned(text).found).toEqual([
      { kind: "csi", text: "31;1m" },
      { kind: "escape", text: "(0" },
      { kind: "escape", text: "7" },
      { kind: "osc", text: "2;title" },
      { kind: "dcs", text: "1;2q.." },
      { kind: "shift-out", text: "" },
      { kind: "shift-in", text: "" },
      { kind: "csi", text: "?25l" },
    ]);
  });

  it("takes a character of text for one, though it begins as a control does", () => {
    expect(scanned("\u00a9 \u00b5").found).toEqual([]);
  });

  it("gives up a sequence where terminals do", () => {
    expect(scanned(`${ESC}[12\u0018m${ESC}[3${ESC}[4m${ESC}]0;x\u001ay`).found).toEqual([
      { kind: "csi", text: "4m" },
    ]);
    expect(scanned(`${ESC}]0;x${ESC}[1m`).found).toEqual([
      { kind: "osc", text: "0;x" },
      { kind: "csi", text: "1m" },
    ]);
  });

  it("keeps what is not complete, and forgets it when it is", () => {
    expect(scanned(`a${ESC}[3`).open).toBe(`${ESC}[3`);
    expect(scanned(`a${ESC}[3`, "1").open).toBe(`${ESC}[31`);
    expect(scanned(`a${ESC}[3`, "1m").open).toBe("");
    expect(scanned(Buffer.from("é").subarray(0, 1)).open).toBe("\u00c3");
    expect(scanned(Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)).open).toBe("");
    expect(scanned(`${ESC}]0;${"x".repeat(5000)}`).open).toBeUndefined();
  });

  it("finds the same wherever its input is cut", () => {
    const unit = fc.constantFrom(
      ESC,
      "[",
      "]",
      "P",
      "\\",
      "\u0007",
      "m",
      "1",
      ";",
      "?",
      "h",
      "(",
      "0",
      "a",
      "é",
      "漢",
      "\u009b",
      "\u000e",
    );
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 60 }),
        fc.array(fc.nat(80), { maxLength: 6 }),
        (text, cuts) => {
          const bytes = Buffer.from(text);
          const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
          const [whole, cut] = [scanned(bytes), scanned(...chunks)];
          expect(cut).toEqual(whole);
        },
      ),
    );
  });
});
