import { describe, expect, it } from "vitest";
import { terminalAmong } from "./surroundings.ts";

describe("the terminal on macOS", () => {
  const numbers: Readonly<Record<string, number>> = { "/dev/ttys001": 1, "/dev/ttys002": 2, "1": 2, "2": 9 };
  const describe_ = (file: string | number) => {
    const rdev = numbers[String(file)];
    return rdev === undefined ? undefined : { rdev };
  };

  it("is the one with the number of a standard stream", () => {
    expect(terminalAmong(["/dev/ttys001", "/dev/ttys002"], describe_)).toBe("/dev/ttys002");
  });

  it("is none where no stream is one", () => {
    expect(terminalAmong(["/dev/ttys001"], describe_)).toBeUndefined();
  });
});
