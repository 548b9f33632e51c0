import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { FS_RIGHTS, NET_RIGHTS, SCOPES } from "../src/landlock/rights-table.ts";
import { allow, type ErrnoName, errno, kill, notify, returnValueOf } from "../src/seccomp/action.ts";
import * as bpf from "../src/seccomp/bpf.ts";
import * as constants from "../src/seccomp/constants.ts";
import type { Arch } from "../src/seccomp/program.ts";
import { SYSCALLS } from "../src/seccomp/syscalls.ts";

// The C compiler compares what stands in our tables with the headers of this machine; what is newer than these passes.

/** Compiles `source`, which fails at the first assertion that does not hold. */
function compile(source: readonly string[]): void {
  const options = ["-fsyntax-only", "-w", "-x", "c", "-"];
  execFileSync("cc", options, { input: `${source.join("\n")}\n`, stdio: ["pipe", "pipe", "pipe"] });
}

const include = (...headers: readonly string[]) => headers.map((header) => `#include <${header}>`);
const assert = (expression: string, value: number | bigint | string) =>
  `_Static_assert((${expression}) == ${value}, "${expression.replaceAll('"', "")}");`;
const assertIfDefined = (macro: string, value: number | bigint | string) =>
  [`#ifdef ${macro}`, assert(macro, value), "#endif"].join("\n");

describe("our tables agree with the kernel's headers", () => {
  it("on the numbers of system calls", () => {
    const numbers = (arch: Arch) =>
      Object.entries<number>(SYSCALLS[arch]).map(([name, number]) => assertIfDefined(`__NR_${name}`, number));
    const arm64 = ["RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "TIME32_SYSCALLS", "SYS_CLONE3", "MEMFD_SECRET"];

    compile([
      ...arm64.map((want) => `#define __ARCH_WANT_${want}`),
      ...include("asm-generic/unistd.h"),
      ...numbers("aarch64"),
    ]);
    if (process.arch === "x64") compile([...include("asm/unistd_64.h"), ...numbers("x86_64")]);
  });

  it("on Landlock's rights", () => {
    const assertions = [
      ...FS_RIGHTS.map(({ name, bit }) => assertIfDefined(`LANDLOCK_ACCESS_FS_${name}`, bit)),
      ...NET_RIGHTS.map(({ name, bit }) => assertIfDefined(`LANDLOCK_ACCESS_NET_${name}`, bit)),
      ...SCOPES.map(({ name, bit }) => assertIfDefined(`LANDLOCK_SCOPE_${name}`, bit)),
    ];

    compile([...include("linux/landlock.h"), ...assertions]);
  });

  it("on what filters look for", () => {
    const { SOCK_TYPE_MASK, PERSONALITY_QUERY, SELF, SIGCANCEL, SIGSETXID, SIGSYNCCALL, ...others } =
      constants;
    const { IOC_TYPE_MASK, IOC_TYPE_BTRFS, EXT4_IOC_SETVERSION, F_SETDELEG, ...named } = others;
    const inNoHeader = [SOCK_TYPE_MASK, PERSONALITY_QUERY, SELF, SIGCANCEL, SIGSETXID, SIGSYNCCALL];
    expect(inNoHeader.map((constant) => constant.value)).toEqual([0xf, 0xffff_ffff, 0, 32, 33, 34]);
    const headers = [
      "sys/socket.h",
      "netinet/in.h",
      "netinet/tcp.h",
      "linux/netlink.h",
      "linux/sched.h",
      "linux/personality.h",
      "sys/stat.h",
      "linux/prctl.h",
      "asm/ioctls.h",
      "asm/termbits.h",
      "linux/kd.h",
      "linux/vt.h",
      "linux/fcntl.h",
      "linux/fs.h",
      "linux/fsverity.h",
      "linux/msdos_fs.h",
      "linux/fscrypt.h",
      "linux/btrfs.h",
      "sys/resource.h",
      "linux/ioprio.h",
      "signal.h",
    ];

    compile([
      ...include(...headers),
      ...Object.values(named).map(({ name, value }) => assert(name, value)),
      assert("_IOC_TYPEMASK << _IOC_TYPESHIFT", IOC_TYPE_MASK.value),
      assert("BTRFS_IOCTL_MAGIC << _IOC_TYPESHIFT", IOC_TYPE_BTRFS.value),
      assert("_IOW('f', 4, long)", EXT4_IOC_SETVERSION.value), // fs/ext4/ext4.h
      assertIfDefined("F_SETDELEG", F_SETDELEG.value), // Linux 6.19
    ]);
  });

  it("on programs, what they look at and what they answer", () => {
    const { LOAD, AND, JUMP, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN, AUDIT_ARCH } = bpf;
    const offset = (field: string) => `__builtin_offsetof(struct seccomp_data, ${field})`;

    compile([
      ...include("linux/audit.h", "linux/filter.h", "linux/seccomp.h"),
      assert("BPF_LD | BPF_W | BPF_ABS", LOAD),
      assert("BPF_ALU | BPF_AND | BPF_K", AND),
      assert("BPF_JMP | BPF_JA", JUMP),
      assert("BPF_JMP | BPF_JEQ | BPF_K", JUMP_EQUAL),
      assert("BPF_JMP | BPF_JGE | BPF_K", JUMP_AT_LEAST),
      assert("BPF_JMP | BPF_JSET | BPF_K", JUMP_ANY_BIT),
      assert("BPF_RET | BPF_K", RETURN),
      assert("BPF_MAXINSNS", bpf.MAX_INSTRUCTIONS),
      assert(offset("nr"), bpf.NUMBER),
      assert(offset("arch"), bpf.ARCH),
      assert(offset("args[0]"), bpf.lowHalf(0)),
      assert(offset("args[5]"), bpf.lowHalf(5)),
      assert("sizeof(struct seccomp_data)", bpf.DATA_SIZE),
      assert("AUDIT_ARCH_X86_64", AUDIT_ARCH.x86_64),
      assert("AUDIT_ARCH_AARCH64", AUDIT_ARCH.aarch64),
      assert("SECCOMP_RET_ALLOW", returnValueOf(allow)),
      assert("SECCOMP_RET_KILL_PROCESS", returnValueOf(kill)),
      assert("SECCOMP_RET_USER_NOTIF", returnValueOf(notify)),
      assert("SECCOMP_RET_ERRNO | 1", returnValueOf(errno("EPERM"))),
    ]);
  });

  it("on errors", () => {
    const names: ErrnoName[] = [
      "EPERM",
      "EACCES",
      "ENOTTY",
      "ENOSYS",
      "ENOPROTOOPT",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EOPNOTSUPP",
      "EAFNOSUPPORT",
    ];

    compile([
      ...include("errno.h"),
      ...names.map((name) => assert(name, returnValueOf(errno(name)) & 0xffff)),
    ]);
  });

  it("and this comparison fails where they do not (control)", () => {
    expect(() =>
      compile([...include("linux/landlock.h"), assert("LANDLOCK_ACCESS_FS_EXECUTE", 2)]),
    ).toThrow();
    expect(() =>
      compile([...include("linux/landlock.h"), assertIfDefined("LANDLOCK_ACCESS_FS_EXECUTE", 2)]),
    ).toThrow();
  });
});
