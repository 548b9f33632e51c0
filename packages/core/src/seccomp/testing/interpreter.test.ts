import { describe, expect, it } from "vitest";
import { AUDIT_ARCH, JUMP, JUMP_EQUAL, LOAD, lowHalf, RETURN } from "../bpf.ts";
import type { Instruction } from "../program.ts";
import { load, nativeCall } from "./interpreter.ts";

const op = (code: number, k: number, jt = 0, jf = 0): Instruction => ({ code, jt, jf, k });
const end = op(RETURN, 7);

describe("the interpreter of the tests", () => {
  it.each<[string, Instruction[]]>([
    ["is empty", []],
    ["is too long", Array.from({ length: 4097 }, () => end)],
    ["does not end in a return", [op(LOAD, 0)]],
    ["jumps out of itself", [op(JUMP, 1), end]],
    ["branches out of itself", [op(JUMP_EQUAL, 0, 0, 1), end]],
    ["loads beyond seccomp_data", [op(LOAD, 64), end]],
    ["loads across words", [op(LOAD, 2), end]],
    ["has an operation that seccomp does not take", [op(0x28, 0), end]],
    ["has a jump longer than a byte", [op(JUMP_EQUAL, 0, 256, 0), ...Array.from({ length: 300 }, () => end)]],
    ["has a negative constant", [op(JUMP_EQUAL, -1), end]],
  ])("refuses a program that %s", (_, program) => {
    expect(() => load(program)).toThrow();
  });

  it("runs what the kernel runs, and counts it", () => {
    const run = load([op(LOAD, lowHalf(1)), op(JUMP_EQUAL, 5, 1, 0), op(RETURN, 1), end]);

    const high = 0xffff_0000_0000_0000n;
    expect(run(nativeCall("x86_64", 0, [0n, high | 5n]))).toEqual({
      value: 7,
      steps: 3,
      readArguments: true,
    });
    expect(run(nativeCall("x86_64", 0, [5n, 6n]))).toEqual({ value: 1, steps: 3, readArguments: true });
  });

  it("tells a program that looks at the number alone", () => {
    const run = load([op(LOAD, 4), op(JUMP_EQUAL, AUDIT_ARCH.aarch64, 0, 1), end, op(RETURN, 1)]);

    expect(run(nativeCall("aarch64", 3))).toEqual({ value: 7, steps: 3, readArguments: false });
    expect(run(nativeCall("x86_64", 3))).toEqual({ value: 1, steps: 3, readArguments: false });
  });
});
