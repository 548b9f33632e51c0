import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Action, nameOf as answerName, returnValueOf } from "./action.ts";
import { assemble } from "./assemble.ts";
import { AUDIT_ARCH } from "./bpf.ts";
import { type FilterOptions, filtersOf, tablesOf } from "./filters.ts";
import type { Arch } from "./program.ts";
import { SYSCALLS, type Syscall } from "./syscalls.ts";
import type { FilterTable } from "./table.ts";
import { argumentsFor } from "./testing/argument-classes.ts";
import { evaluate, nameOf, rowsFor } from "./testing/evaluation.ts";
import { load, nativeCall } from "./testing/interpreter.ts";

const EVERY: readonly FilterOptions[] = (["x86_64", "aarch64"] as const).flatMap((arch) =>
  (["none", "tcp", "all"] as const).flatMap((network) =>
    [true, false].flatMap((unixSockets) =>
      [true, false].map((userNamespaces) => ({ arch, network, unixSockets, userNamespaces })),
    ),
  ),
);

/** Every different table of every option, with a title. */
const TABLES = new Map(
  EVERY.flatMap((options) =>
    tablesOf(options).map((table) => {
      const { userNamespaces, network, unixSockets } = options;
      const which = table.name === "baseline" ? { userNamespaces } : { network, unixSockets };
      return [`${table.name} ${table.arch} ${JSON.stringify(which)}`, table] as const;
    }),
  ),
);

describe.each([...TABLES])("%s", (_, table) => {
  const run = load(assemble(table));

  it("answers every number and class of arguments as its table says", () => {
    const x32 = Array.from({ length: 1024 }, (_, number) => 0x4000_0000 + number);
    const native = Array.from({ length: 1024 }, (_, number) => number);
    const edges = [0x3fff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
    for (const number of [...native, ...x32, ...edges]) {
      const name = nameOf(table, number);
      for (const args of argumentsFor(name === undefined ? [] : rowsFor(table, name))) {
        const call = nativeCall(table.arch, number, args);
        if (run(call).value !== returnValueOf(evaluate(table, call))) {
          expect.fail(
            `${name ?? number}(${args.map((arg) => `0x${arg.toString(16)}`)}) is answered otherwise`,
          );
        }
      }
    }
  });

  it("answers random arguments as its table says", () => {
    const anArgument = fc.oneof(fc.nat(300).map(BigInt), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
    const filtered = [...new Set(table.rows.flatMap((row) => row.calls))].filter(
      (c) => c in SYSCALLS[table.arch],
    );
    const aCall = fc
      .tuple(fc.constantFrom(...filtered), fc.array(anArgument, { minLength: 6, maxLength: 6 }))
      .map(([name, args]) => nativeCall(table.arch, SYSCALLS[table.arch][name as "read"], args));
    fc.assert(
      fc.property(aCall, (call) => {
        expect(run(call).value).toBe(returnValueOf(evaluate(table, call)));
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same answer whatever the high halves are", () => {
    for (const name of new Set(table.rows.flatMap((row) => row.calls))) {
      const number = (SYSCALLS[table.arch] as Partial<Record<Syscall, number>>)[name];
      if (number === undefined) continue;
      for (const args of argumentsFor(rowsFor(table, name))) {
        const low = run(
          nativeCall(
            table.arch,
            number,
            args.map((arg) => BigInt.asUintN(32, arg)),
          ),
        );
        const high = run(
          nativeCall(
            table.arch,
            number,
            args.map((arg) => arg | (0xdead_beefn << 32n)),
          ),
        );
        if (low.value !== high.value) expect.fail(`${name}(${args})`);
      }
    }
  });

  it("kills calls of other architectures", () => {
    const AUDIT_ARCH_I386 = 0x4000_0003;
    const AUDIT_ARCH_ARM = 0x4000_0028;
    const other = AUDIT_ARCH[table.arch === "x86_64" ? "aarch64" : "x86_64"];
    for (const audit of [AUDIT_ARCH_I386, AUDIT_ARCH_ARM, other, 0, 0xffff_ffff]) {
      for (let number = 0; number < 1024; number++) {
        expect(run({ audit, number, args: [] }).value).toBe(0x8000_0000);
      }
    }
  });

  it("leaves calls without a condition to the kernel's cache", () => {
    const conditional = new Set(
      table.rows.filter((row) => row.when !== undefined).flatMap((row) => row.calls),
    );
    for (const [name, number] of Object.entries<number>(SYSCALLS[table.arch])) {
      const { readArguments } = run(nativeCall(table.arch, number));
      expect(readArguments, name).toBe(conditional.has(name as Syscall));
    }
  });
});

/** What all filters of `options` together answer to call `name`, in the kernel's way. */
function answerOf(options: Partial<FilterOptions>) {
  const whole = {
    arch: "x86_64",
    userNamespaces: false,
    network: "all",
    unixSockets: true,
    ...options,
  } as const;
  const tables = tablesOf(whole);
  const filters = filtersOf(whole).map((filter) => load(filter.program));
  return (name: Syscall, ...args: readonly (number | bigint)[]): string => {
    const number = SYSCALLS[whole.arch][name as "read"];
    expect(number, `${name} on ${whole.arch}`).toBeDefined();
    const call = nativeCall(whole.arch, number, args.map(BigInt));
    const value = strictest(filters.map((run) => run(call).value));
    return answerName(
      tables.map((table) => evaluate(table, call)).find((one) => returnValueOf(one) === value) as Action,
    );
  };
}

/** SECCOMP_RET_ACTION_FULL ascends, as a signed number, from the strictest; of two alike the one installed last counts. */
function strictest(values: readonly number[]): number {
  const actionOf = (value: number) => (value & 0xffff_0000) | 0;
  return values.reduceRight((found, value) => (actionOf(value) < actionOf(found) ? value : found));
}

const ARCHITECTURES: readonly Arch[] = ["x86_64", "aarch64"];
const HIGH = 0xffff_ffff_0000_0000n;
const CLOEXEC = 0o2000000;

describe.each(ARCHITECTURES)("the baseline of %s", (arch) => {
  const answer = answerOf({ arch });

  it("allows what programs live on", () => {
    for (const name of [
      "read",
      "write",
      "openat",
      "openat2",
      "close",
      "mmap",
      "futex",
      "execve",
      "wait4",
    ] as const) {
      expect(answer(name), name).toBe("allow");
    }
    for (const name of [
      "ptrace",
      "seccomp",
      "landlock_restrict_self",
      "pidfd_getfd",
      "memfd_create",
    ] as const) {
      expect(answer(name), name).toBe("allow");
    }
    const TCGETS = 0x5401;
    expect(answer("ioctl", 0, TCGETS)).toBe("allow");
    const SIGCHLD = 17;
    expect(answer("clone", SIGCHLD)).toBe("allow");
    const threadFlags = 0x3d_0f00;
    expect(answer("clone", threadFlags)).toBe("allow");
  });

  it("sends libcs from clone3 and io_uring back to the older way", () => {
    expect(answer("clone3")).toBe("ENOSYS");
    expect(answer("io_uring_setup")).toBe("ENOSYS");
    expect(answer("open_tree_attr")).toBe("ENOSYS");
  });

  it("refuses to type into the terminal, also with bits that the kernel does not read (CVE-2019-10063)", () => {
    for (const command of [0x5412n, 0x541cn, HIGH | 0x5412n, (1n << 32n) | 0x541cn]) {
      expect(answer("ioctl", 0, command)).toBe("EPERM");
    }
    expect(answer("ioctl", 0, 0x5413)).toBe("allow"); // TIOCGWINSZ
  });

  it("refuses new namespaces in clone and unshare", () => {
    const namespaces = [
      0x2_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ];
    for (const flag of namespaces) {
      expect(answer("clone", flag | 17)).toBe("EPERM");
      expect(answer("unshare", flag)).toBe("EPERM");
      expect(answer("unshare", HIGH | BigInt(flag | 0x200))).toBe("EPERM");
    }
    const [CLONE_NEWTIME, CLONE_FS, CLONE_FILES] = [0x80, 0x200, 0x400];
    expect(answer("unshare", CLONE_NEWTIME)).toBe("EPERM");
    expect(answer("unshare", CLONE_FS | CLONE_FILES)).toBe("allow");
    expect(answer("setns")).toBe("EPERM");
    expect(answer("chroot")).toBe("EPERM");
  });

  it("allows new namespaces where they are asked for, and mounts still not", () => {
    const opened = answerOf({ arch, userNamespaces: true });

    expect(opened("unshare", 0x1000_0000)).toBe("allow");
    expect(opened("clone", 0x1000_0011)).toBe("allow");
    expect(opened("clone3")).toBe("allow");
    expect(opened("mount")).toBe("EPERM");
    expect(opened("fsopen")).toBe("ENOSYS");
  });

  it.each([
    [1, "allow"], // AF_UNIX
    [2, "allow"], // AF_INET
    [10, "allow"], // AF_INET6
    [16, "allow"], // AF_NETLINK, protocol route
    [0, "EAFNOSUPPORT"], // AF_UNSPEC
    [17, "EAFNOSUPPORT"], // AF_PACKET
    [38, "EAFNOSUPPORT"], // AF_ALG
    [40, "EAFNOSUPPORT"], // AF_VSOCK
    [255, "EAFNOSUPPORT"],
  ])("answers socket family %i with %s, whatever its high half", (family, expected) => {
    const SOCK_DGRAM = 2;
    expect(answer("socket", family, SOCK_DGRAM, 0)).toBe(expected);
    expect(answer("socket", HIGH | BigInt(family), SOCK_DGRAM, 0)).toBe(expected);
  });

  it("refuses raw and unusual internet sockets, and leaves netlink its SOCK_RAW", () => {
    const [STREAM, DGRAM, RAW, SEQPACKET, PACKET] = [1, 2, 3, 5, 10];
    for (const family of [2, 10]) {
      expect(answer("socket", family, RAW, 255)).toBe("EPERM");
      expect(answer("socket", family, RAW | CLOEXEC, 1)).toBe("EPERM");
      expect(answer("socket", family, PACKET, 0x0300)).toBe("EPERM");
      expect(answer("socket", family, SEQPACKET, 132)).toBe("ESOCKTNOSUPPORT");
      expect(answer("socket", family, STREAM, 132)).toBe("EPROTONOSUPPORT"); // SCTP
      expect(answer("socket", family, DGRAM, 115)).toBe("EPROTONOSUPPORT"); // L2TP
      expect(answer("socket", family, STREAM | CLOEXEC, 6)).toBe("allow");
      expect(answer("socket", family, DGRAM | CLOEXEC, 17)).toBe("allow");
      expect(answer("socket", family, STREAM, 262)).toBe("allow"); // MPTCP
    }
    expect(answer("socket", 16, RAW | CLOEXEC, 0)).toBe("allow");
    expect(answer("socket", 16, RAW, 9)).toBe("EPROTONOSUPPORT"); // audit
    expect(answer("socketpair", 1, STREAM, 0)).toBe("allow");
    expect(answer("socketpair", 30, STREAM, 0)).toBe("EAFNOSUPPORT"); // TIPC
  });

  it("makes no device nodes and no subvolumes, and shares contents", () => {
    const [FICLONE, SNAP_CREATE, SNAP_DESTROY] = [0x4004_9409, 0x5000_9401, HIGH | 0x5000_940fn];
    const commands = [FICLONE, SNAP_CREATE, SNAP_DESTROY];
    expect(commands.map((command) => answer("ioctl", 0, command))).toEqual(["allow", "ENOTTY", "ENOTTY"]);
    const [REGULAR, CHARACTER, BLOCK, FIFO] = [0o100644, 0o020600, 0o060600, 0o010600];
    expect([REGULAR, CHARACTER, BLOCK, FIFO].map((mode) => answer("mknodat", -100, 0, mode))).toEqual([
      "allow",
      "EPERM",
      "EPERM",
      "allow",
    ]);
  });

  it("asks for the personality and sets the usual ones only", () => {
    const [QUERY, ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC, MMAP_PAGE_ZERO] = [
      0xffff_ffff, 0x4_0000, 0x40_0000, 0x10_0000,
    ];
    expect([0, QUERY, ADDR_NO_RANDOMIZE].map((persona) => answer("personality", persona))).toEqual(
      Array(3).fill("allow"),
    );
    expect([READ_IMPLIES_EXEC, MMAP_PAGE_ZERO].map((persona) => answer("personality", persona))).toEqual(
      Array(2).fill("EPERM"),
    );
  });

  it("leaves other processes of the user alone, by what a number can tell", () => {
    const [PROCESS, GROUP, USER] = [0, 1, 2];
    expect([PROCESS, GROUP, USER].map((which) => answer("setpriority", which, 0))).toEqual([
      "allow",
      "EPERM",
      "EPERM",
    ]);
    expect(answer("ioprio_set", 2, 0)).toBe("EPERM"); // IOPRIO_WHO_PGRP
    expect(answer("prlimit64", 0)).toBe("allow");
    expect(answer("prlimit64", 1)).toBe("EPERM");
    for (const name of ["shmget", "shmat", "msgrcv", "semop", "semctl", "mq_unlink"] as const)
      expect(answer(name), name).toBe("ENOSYS");
  });

  it("leaves to a supervisor whose limits and which objects are meant, and to nobody where any may be", () => {
    for (const options of [{ supervisor: true }, { anyProcess: true }]) {
      const [baseline] = tablesOf({
        arch,
        userNamespaces: false,
        network: "all",
        unixSockets: true,
        ...options,
      });
      for (const name of ["shmat", "prlimit64"] as const) {
        const call = nativeCall(arch, SYSCALLS[arch][name], [1n]);
        expect(answerName(evaluate(baseline as FilterTable, call)), name).toBe("allow");
      }
    }
    expect(answerOf({ arch, anyProcess: true })("setpriority", 2, 0)).toBe("allow");
  });

  it("keeps the identity of a process where it is", () => {
    expect(answer("prctl", 35)).toBe("EPERM"); // PR_SET_MM
    expect(answer("prctl", HIGH | 35n)).toBe("EPERM");
    expect(answer("prctl", 38, 1)).toBe("allow"); // PR_SET_NO_NEW_PRIVS
  });
});

it("makes no device nodes by the older call either", () => {
  expect(answerOf({ arch: "x86_64" })("mknod", 0, 0o060600)).toBe("EPERM");
  expect(answerOf({ arch: "x86_64" })("mknod", 0, 0o010600)).toBe("allow");
});

describe.each(ARCHITECTURES)("the network filter of %s", (arch) => {
  const [UNIX, INET, INET6, NETLINK, VSOCK] = [1, 2, 10, 16, 40];
  const [STREAM, DGRAM] = [1, 2];

  it("allows unix sockets alone without a network", () => {
    const answer = answerOf({ arch, network: "none" });

    expect(answer("socket", UNIX, STREAM, 0)).toBe("allow");
    for (const family of [INET, INET6, NETLINK]) expect(answer("socket", family, STREAM, 0)).toBe("EACCES");
    expect(answer("socket", HIGH | BigInt(INET), DGRAM, 0)).toBe("EACCES");
    expect(answer("socketpair", UNIX, STREAM, 0)).toBe("allow");
  });

  it("allows pairs alone without network and unix sockets", () => {
    const answer = answerOf({ arch, network: "none", unixSockets: false });

    expect(answer("socket", UNIX, STREAM, 0)).toBe("EACCES");
    expect(answer("socket", INET, STREAM, 0)).toBe("EACCES");
    expect(answer("socketpair", UNIX, STREAM, 0)).toBe("allow");
  });

  it("allows TCP alone where Landlock judges ports", () => {
    const answer = answerOf({ arch, network: "tcp" });

    for (const family of [INET, INET6]) {
      expect(answer("socket", family, STREAM | CLOEXEC, 0)).toBe("allow");
      expect(answer("socket", family, STREAM, 6)).toBe("allow");
      expect(answer("socket", family, DGRAM, 0)).toBe("EACCES");
      expect(answer("socket", family, DGRAM, 17)).toBe("EACCES");
      expect(answer("socket", family, STREAM, 262)).toBe("EPROTONOSUPPORT");
    }
    expect(answer("socket", NETLINK, 3, 0)).toBe("allow");
    expect(answer("socket", UNIX, STREAM, 0)).toBe("allow");
    expect(answer("socket", VSOCK, STREAM, 0)).toBe("EACCES");
  });

  it("refuses TCP's ways to connect without connect, where Landlock judges ports", () => {
    const [MSG_FASTOPEN, MSG_NOSIGNAL, IPPROTO_TCP, TCP_NODELAY, TCP_FASTOPEN_CONNECT] = [
      0x2000_0000, 0x4000, 6, 1, 30,
    ];
    const tcp = answerOf({ arch, network: "tcp" });
    const everything = answerOf({ arch, network: "all" });

    expect(tcp("sendto", 3, 0, 0, MSG_FASTOPEN | MSG_NOSIGNAL)).toBe("EOPNOTSUPP");
    expect(tcp("sendto", 3, 0, 0, MSG_NOSIGNAL)).toBe("allow");
    expect(tcp("sendmsg", 3, 0, HIGH | BigInt(MSG_FASTOPEN))).toBe("EOPNOTSUPP");
    expect(tcp("sendmmsg", 3, 0, 1, MSG_FASTOPEN)).toBe("EOPNOTSUPP");
    expect(tcp("setsockopt", 3, IPPROTO_TCP, TCP_FASTOPEN_CONNECT)).toBe("ENOPROTOOPT");
    expect(tcp("setsockopt", 3, IPPROTO_TCP, TCP_NODELAY)).toBe("allow");
    expect(everything("sendto", 3, 0, 0, MSG_FASTOPEN)).toBe("allow");
  });

  it("refuses routes by way of another host, where the address is judged", () => {
    const tcp = answerOf({ arch, network: "tcp" });
    const [SOL_IP, SOL_IPV6, IP_TOS, IP_OPTIONS, IPV6_V6ONLY, IPV6_RTHDR, IPV6_2292PKTOPTIONS] = [
      0, 41, 1, 4, 26, 57, 6,
    ];

    expect(tcp("setsockopt", 3, SOL_IP, HIGH | BigInt(IP_OPTIONS))).toBe("EPERM");
    expect(tcp("setsockopt", 3, SOL_IPV6, IPV6_RTHDR)).toBe("EPERM");
    expect(tcp("setsockopt", 3, SOL_IPV6, IPV6_2292PKTOPTIONS)).toBe("EPERM");
    expect(tcp("setsockopt", 3, SOL_IP, IP_TOS)).toBe("allow");
    expect(tcp("setsockopt", 3, SOL_IPV6, IPV6_V6ONLY)).toBe("allow");
    expect(answerOf({ arch, network: "all" })("setsockopt", 3, SOL_IP, IP_OPTIONS)).toBe("allow");
  });

  it("is not there when everything is allowed", () => {
    const names = (options: Partial<FilterOptions>) =>
      filtersOf({ arch, userNamespaces: false, network: "all", unixSockets: true, ...options }).map(
        (f) => f.name,
      );

    expect(names({})).toEqual(["baseline"]);
    expect(names({ unixSockets: false })).toEqual(["baseline", "network"]);
    expect(names({ network: "tcp" })).toEqual(["baseline", "network"]);
  });
});
