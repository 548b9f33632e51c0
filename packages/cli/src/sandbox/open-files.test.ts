import { describe, expect, it } from "vitest";
import { inheritedOpenFiles, openFilesIn } from "./open-files.ts";

const line = (soft: string, hard: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max processes             7                    8                    processes \n` +
  `Max open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     \n`;

describe("openFilesIn", () => {
  it("reads what the kernel writes", () => {
    expect(openFilesIn(line("1024", "524288"))).toEqual({ soft: 1024, hard: 524288 });
    expect(openFilesIn(line("500", "unlimited"))).toEqual({ soft: 500, hard: undefined });
    expect(openFilesIn("")).toBeUndefined();
  });
});

describe("inheritedOpenFiles", () => {
  it("is never more than this process may have, and unknown where there is no parent to be seen", () => {
    const own = inheritedOpenFiles(process.pid);
    expect(own?.soft).toBeLessThanOrEqual(own?.hard ?? Number.POSITIVE_INFINITY);
    expect(inheritedOpenFiles(0x7fff_fffe)).toBeUndefined();
  });
});
