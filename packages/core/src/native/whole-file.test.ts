import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { launcherPath } from "./locate.ts";
import { flawIn, flawOf } from "./whole-file.ts";

describe("a native file", () => {
  const file = fs.readFileSync(launcherPath());
  const header = () => Buffer.from(file.subarray(0, 64));

  it("that is whole has no flaw", () => {
    expect(flawOf(launcherPath())).toBeUndefined();
  });

  it("of which any end is missing is known", () => {
    for (const size of [0, 1, 63, 64, 1000, file.length >> 1, file.length - 1])
      expect(flawIn(header().subarray(0, size), size, process.arch)).toBeDefined();
  });

  it("of another kind or for another processor is known", () => {
    expect(flawIn(Buffer.from("#!/bin/sh\n".repeat(10)).subarray(0, 64), 100, "x64")).toContain(
      "no executable",
    );
    const other = process.arch === "x64" ? "arm64" : "x64";
    expect(flawIn(header(), file.length, other)).toContain("another processor");
    expect(flawIn(header(), file.length, "riscv64")).toBeUndefined();
  });
});
