import { describe, expect, it } from "vitest";
import { allow, errno, kill } from "./action.ts";
import { tablesOf } from "./filters.ts";
import type { Arch } from "./program.ts";
import { SYSCALLS } from "./syscalls.ts";
import { rangesOf } from "./table.ts";

const ARCHITECTURES: readonly Arch[] = ["x86_64", "aarch64"];

describe.each(ARCHITECTURES)("the system calls of %s", (arch) => {
  it("ascend by number, none twice", () => {
    const numbers = Object.values<number>(SYSCALLS[arch]);

    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });
});

it.each([
  [
    "x86_64",
    { read: 0, clone: 56, openat: 257, seccomp: 317, clone3: 435, landlock_restrict_self: 446, mseal: 462 },
  ],
  [
    "aarch64",
    { read: 63, clone: 220, openat: 56, seccomp: 277, clone3: 435, landlock_restrict_self: 446, mmap: 222 },
  ],
] as const)("the numbers of %s are those of its kernel", (arch, numbers) => {
  expect(SYSCALLS[arch]).toMatchObject(numbers);
});

describe.each(ARCHITECTURES)("ranges on %s", (arch) => {
  const unknown = errno("ENOSYS");
  const ranges = rangesOf({ name: "empty", arch, rows: [], unknown });
  const at = (number: number) => ranges.findLast((range) => range.from <= number)?.decision;

  it("allow what the table knows and answer the rest as unknown", () => {
    expect(at(0)).toEqual(allow);
    expect(at(471)).toEqual(allow);
    expect(at(472)).toEqual(unknown);
    expect(at(400)).toEqual(unknown);
    expect(at(0x3fff_ffff)).toEqual(unknown);
    expect(at(0xffff_ffff)).toEqual(unknown);
  });

  it("kill x32, where that exists", () => {
    const foreign = arch === "x86_64" ? kill : unknown;

    expect(at(0x4000_0000)).toEqual(foreign);
    expect(at(0x4000_0208)).toEqual(foreign);
    expect(at(0xffff_fffe)).toEqual(foreign);
  });

  it("do not touch neighbours alike", () => {
    for (const table of tablesOf({ arch, userNamespaces: false, network: "tcp", unixSockets: false })) {
      const decisions = rangesOf(table).map((range) => range.decision);
      for (const [i, decision] of decisions.entries()) expect(decisions[i + 1]).not.toEqual(decision);
    }
  });
});

describe.each(ARCHITECTURES)("no row on %s is dead", (arch) => {
  it.each(["none", "tcp", "all"] as const)("with network %s", (network) => {
    for (const table of tablesOf({ arch, userNamespaces: false, network, unixSockets: false })) {
      for (const [i, row] of table.rows.entries()) {
        const earlier = table.rows.slice(0, i).filter((other) => other.when === undefined);
        for (const call of row.calls)
          expect(
            earlier.some((other) => other.calls.includes(call)),
            call,
          ).toBe(false);
      }
    }
  });
});
