import { expect, it } from "vitest";
import { terminalName } from "./peer-process.ts";

it("names terminals by the numbers that proc_pid_stat(5) gives", () => {
  const packed = (major: number, minor: number) => (minor & 0xff) | (major << 8) | ((minor & 0xfff00) << 12);
  expect(terminalName(0)).toBeNull();
  expect(terminalName(packed(136, 3))).toBe("/dev/pts/3");
  expect(terminalName(packed(137, 1))).toBe("/dev/pts/257");
  expect(terminalName(packed(136, 300))).toBe("/dev/pts/300");
  expect(terminalName(packed(4, 1))).toBe("/dev/tty1");
  expect(terminalName(packed(4, 64))).toBe("/dev/ttyS0");
  expect(terminalName(packed(229, 0))).toBe("terminal 229:0");
  expect(terminalName(Number.NaN)).toBeNull();
});
