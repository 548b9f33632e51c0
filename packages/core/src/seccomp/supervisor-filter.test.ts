import { describe, expect, it } from "vitest";
import { allow, nameOf as answerName, errno, notify, returnValueOf } from "./action.ts";
import { assemble } from "./assemble.ts";
import { filtersOf } from "./filters.ts";
import { listTable } from "./listing.ts";
import type { Arch } from "./program.ts";
import { supervisorTable } from "./supervisor-filter.ts";
import { SYSCALLS, type Syscall } from "./syscalls.ts";
import { argumentsFor } from "./testing/argument-classes.ts";
import { evaluate, nameOf, rowsFor } from "./testing/evaluation.ts";
import { load, nativeCall } from "./testing/interpreter.ts";

const O_PATH = 0o10000000;

describe.each<Arch>(["x86_64", "aarch64"])("the filter of a supervisor on %s", (arch) => {
  const table = supervisorTable({ arch, network: "all", anyProcess: false });
  const run = load(assemble(table));
  const answer = (name: Syscall, ...args: number[]) =>
    answerName(evaluate(table, nativeCall(arch, SYSCALLS[arch][name as "read"], args.map(BigInt))));

  it("answers every number and class of arguments as its table says", () => {
    for (let number = 0; number < 600; number++) {
      const name = nameOf(table, number);
      for (const args of argumentsFor(name === undefined ? [] : rowsFor(table, name))) {
        const call = nativeCall(arch, number, args);
        if (run(call).value !== returnValueOf(evaluate(table, call)))
          expect.fail(`${name ?? number}(${args})`);
      }
    }
  });

  it("traps what changes or opens a path, and lets pass what only names one", () => {
    for (const name of ["openat2", "execve", "renameat2", "unlinkat", "fchmodat", "utimensat"] as const)
      expect(answer(name), name).toBe("notify");
    expect(answer("openat", 0, 0, 0)).toBe("notify");
    expect(answer("openat", 0, 0, O_PATH)).toBe("allow");
    for (const name of ["read", "write", "statx", "faccessat2", "readlinkat", "chdir", "close"] as const)
      expect(answer(name), name).toBe("allow");
  });

  it("traps every send that may have an address, whatever sockets there are", () => {
    expect(answer("sendto", 3, 0, 0, 0, 0, 0)).toBe("allow");
    expect(answer("sendto", 3, 0, 0, 0, 0x1000, 16)).toBe("notify");
    expect(answer("sendmsg")).toBe("notify");
    expect(answer("sendmmsg")).toBe("notify");
  });

  it("traps what reaches other processes by number, unless any is within reach", () => {
    for (const name of ["shmget", "shmat", "msgsnd", "semop"] as const)
      expect(answer(name), name).toBe("notify");
    expect(answer("sched_setaffinity", 0)).toBe("allow");
    expect(answer("sched_setaffinity", 7)).toBe("notify");
    expect(answer("setpriority", 0, 7)).toBe("notify");
    expect([answer("prlimit64", 7, 0, 0), answer("prlimit64", 7, 0, 1)]).toEqual(["allow", "notify"]);
    const calls = supervisorTable({ arch, network: "all", anyProcess: true }).rows.flatMap(
      (row) => row.calls,
    );
    expect(calls).not.toContain("shmget");
    expect(calls).not.toContain("setpriority");
  });

  it("traps sockets that are not granted, which no other filter answers then", () => {
    const [UNIX, INET, NETLINK, STREAM, DGRAM] = [1, 2, 16, 1, 2];
    for (const [network, kinds] of [
      [
        "none",
        [
          [INET, STREAM],
          [INET, DGRAM],
        ],
      ],
      ["tcp", [[INET, DGRAM]]],
    ] as const) {
      const all = filtersOf({ arch, userNamespaces: false, network, unixSockets: true, supervisor: true });
      const socket = (family: number, type: number) =>
        all.map(
          ({ program }) =>
            load(program)(nativeCall(arch, SYSCALLS[arch].socket, [family, type, 0].map(BigInt))).value,
        );
      for (const [family, type] of kinds)
        expect(Math.min(...socket(family, type))).toBe(returnValueOf(notify));
      expect(Math.min(...socket(UNIX, STREAM))).toBe(returnValueOf(allow));
      if (network === "none") expect(Math.min(...socket(NETLINK, 3))).toBe(returnValueOf(errno("EACCES")));
    }
  });

  it("is the only one with a listener, and the last", () => {
    const options = { arch, userNamespaces: false, network: "all", unixSockets: true } as const;
    expect(filtersOf(options).map((filter) => filter.listener)).not.toContain(true);
    const filters = filtersOf({ ...options, supervisor: true });
    expect(filters.map((filter) => filter.listener)).toEqual([...filters.slice(1).map(() => false), true]);
    expect(filters.at(-1)?.name).toBe("supervisor");
  });

  it("reads as its listing", async () => {
    await expect(listTable(table)).toMatchFileSnapshot(`golden/supervisor.${arch}.golden.txt`);
  });
});
