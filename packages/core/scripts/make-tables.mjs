// Writes the tables of what the kernel owns: Landlock's rights and the numbers of the system calls.
// Run it where newer kernel headers are installed: node packages/core/scripts/make-tables.mjs
//
// What the headers cannot say stands here with its source: the ABI that brought a right, which half of an access it
// belongs to, and whatever is newer than the headers. A right or a number that contradicts them stops the script.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const LANDLOCK_RST = "Documentation/userspace-api/landlock.rst of Linux 7.2";

/**
 * In the order of their bits. `file`: valid on an object that is no directory (ACCESS_FILE in security/landlock/fs.c).
 * `bit` only where the headers may be too old to have it.
 */
const FS_RIGHTS = [
  { name: "EXECUTE", abi: 1, half: "read", file: true },
  { name: "WRITE_FILE", abi: 1, half: "write", file: true },
  { name: "READ_FILE", abi: 1, half: "read", file: true },
  { name: "READ_DIR", abi: 1, half: "read", file: false },
  { name: "REMOVE_DIR", abi: 1, half: "write", file: false },
  { name: "REMOVE_FILE", abi: 1, half: "write", file: false },
  { name: "MAKE_CHAR", abi: 1, half: "write", file: false },
  { name: "MAKE_DIR", abi: 1, half: "write", file: false },
  { name: "MAKE_REG", abi: 1, half: "write", file: false },
  { name: "MAKE_SOCK", abi: 1, half: "write", file: false },
  { name: "MAKE_FIFO", abi: 1, half: "write", file: false },
  { name: "MAKE_BLOCK", abi: 1, half: "write", file: false },
  { name: "MAKE_SYM", abi: 1, half: "write", file: false },
  { name: "REFER", abi: 2, half: "write", file: false },
  { name: "TRUNCATE", abi: 3, half: "write", file: true, bit: 14 },
  { name: "IOCTL_DEV", abi: 5, half: "write", file: true, bit: 15 },
  { name: "RESOLVE_UNIX", abi: 9, half: "socket", file: true, bit: 16 },
];

const NET_RIGHTS = [
  { name: "BIND_TCP", abi: 4, bit: 0 },
  { name: "CONNECT_TCP", abi: 4, bit: 1 },
  { name: "BIND_UDP", abi: 10, bit: 2 },
  { name: "CONNECT_SEND_UDP", abi: 10, bit: 3 },
];

const SCOPES = [
  { name: "ABSTRACT_UNIX_SOCKET", abi: 6, bit: 0 },
  { name: "SIGNAL", abi: 6, bit: 1 },
];

/**
 * System calls that the headers may be too old to have, by number.
 * Source: scripts/syscall.tbl and arch/x86/entry/syscalls/syscall_64.tbl of Linux 7.1.
 */
const NEWER_EVERYWHERE = {
  cachestat: 451,
  fchmodat2: 452,
  map_shadow_stack: 453,
  futex_wake: 454,
  futex_wait: 455,
  futex_requeue: 456,
  statmount: 457,
  listmount: 458,
  lsm_get_self_attr: 459,
  lsm_set_self_attr: 460,
  lsm_list_modules: 461,
  mseal: 462,
  setxattrat: 463,
  getxattrat: 464,
  listxattrat: 465,
  removexattrat: 466,
  open_tree_attr: 467,
  file_getattr: 468,
  file_setattr: 469,
  listns: 470,
  rseq_slice_yield: 471,
};

const ARCHITECTURES = {
  x86_64: {
    source: "#include <asm/unistd_64.h>\n",
    newer: { uretprobe: 335, uprobe: 336, ...NEWER_EVERYWHERE },
  },
  aarch64: {
    // The generic table, with what arch/arm64/include/uapi/asm/unistd.h defines before it includes that.
    source: `${["RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "TIME32_SYSCALLS", "SYS_CLONE3", "MEMFD_SECRET"]
      .map((wanted) => `#define __ARCH_WANT_${wanted}\n`)
      .join("")}#include <asm-generic/unistd.h>\n`,
    newer: NEWER_EVERYWHERE,
  },
};

/** Macros of the form `__NR_…` that are no system call: the size of the table, and where architectures add theirs. */
const NO_SYSCALLS = new Set(["syscalls", "arch_specific_syscall"]);

/** Every macro after preprocessing `source`, by name. */
function macrosOf(source) {
  const text = execFileSync("cc", ["-E", "-dM", "-"], {
    input: source,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return new Map([...text.matchAll(/^#define (\w+) (.*)$/gm)].map(([, name, value]) => [name, value.trim()]));
}

function headerVersion() {
  const macros = macrosOf("#include <linux/version.h>\n");
  return ["MAJOR", "PATCHLEVEL", "SUBLEVEL"].map((part) => macros.get(`LINUX_VERSION_${part}`)).join(".");
}

/** `rights` with the bit that the headers have, or else their own. */
function withBits(rights, prefix, macros) {
  const inHeaders = [...macros.keys()].filter((name) => name.startsWith(prefix));
  const unknown = inHeaders.filter((name) => !rights.some((right) => prefix + right.name === name));
  if (unknown.length > 0)
    throw new Error(`the headers have rights that this script does not know: ${unknown}`);
  return rights.map((right) => {
    const shift = /^\(1ULL << (\d+)\)$/.exec(macros.get(prefix + right.name) ?? "")?.[1];
    const bit = shift === undefined ? right.bit : Number(shift);
    if (bit === undefined) throw new Error(`${prefix}${right.name} is not in the headers`);
    if (right.bit !== undefined && right.bit !== bit) throw new Error(`${prefix}${right.name} is bit ${bit}`);
    return { ...right, bit };
  });
}

function rightsTable(version) {
  const macros = macrosOf("#include <linux/landlock.h>\n");
  const rows = (rights, prefix, more) =>
    withBits(rights, prefix, macros)
      .map((r) => `  { name: "${r.name}", bit: 1n << ${r.bit}n, abi: ${r.abi}${more(r)} },\n`)
      .join("");
  const fsColumns = (r) => `, half: "${r.half}", file: ${r.file}`;
  return `// Made by scripts/make-tables.mjs from linux/landlock.h of Linux ${version}; what is newer is from
// ${LANDLOCK_RST}.

/**
 * A right on files. \`abi\`: the Landlock ABI that brought it. \`half\`: what an access mode calls it; connecting to a
 * unix socket is neither reading nor writing. \`file\`: valid on an object that is no directory.
 */
export const FS_RIGHTS = [
${rows(FS_RIGHTS, "LANDLOCK_ACCESS_FS_", fsColumns)}] as const;

/** A right on the ports of a protocol. */
export const NET_RIGHTS = [
${rows(NET_RIGHTS, "LANDLOCK_ACCESS_NET_", () => "")}] as const;

/** What a domain shuts off outside itself. */
export const SCOPES = [
${rows(SCOPES, "LANDLOCK_SCOPE_", () => "")}] as const;
`;
}

/** `[name, number]` by number. */
function syscallsOf({ source, newer }) {
  const macros = macrosOf(source);
  const numberOf = (value) => (/^\d+$/.test(value) ? Number(value) : numberOf(macros.get(value)));
  const table = new Map(Object.entries(newer));
  for (const [macro, value] of macros) {
    const name = /^__NR_(\w+)$/.exec(macro)?.[1];
    if (name === undefined || NO_SYSCALLS.has(name)) continue;
    const number = numberOf(value);
    if (table.has(name) && table.get(name) !== number) throw new Error(`${name} is ${number} in the headers`);
    table.set(name, number);
  }
  if (new Set(table.values()).size !== table.size) throw new Error("two system calls have one number");
  return [...table].sort(([, a], [, b]) => a - b);
}

/** `[first, last]` of each gapless run in `calls`, which ascend. */
function runsOf(calls) {
  const runs = [];
  for (const [, number] of calls) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

function syscallsTable(version) {
  const tables = Object.entries(ARCHITECTURES).map(([arch, sources]) => [arch, syscallsOf(sources)]);
  const numbers = tables.map(([arch, calls]) => {
    const rows = calls.map(([name, number]) => `    ${name}: ${number},\n`);
    return `  ${arch}: {\n${rows.join("")}  },\n`;
  });
  const runs = tables.map(([arch, calls]) => {
    const rows = runsOf(calls).map(([first, last]) => `    [${first}, ${last}],\n`);
    return `  ${arch}: [\n${rows.join("")}  ],\n`;
  });
  return `// Made by scripts/make-tables.mjs from asm/unistd_64.h and asm-generic/unistd.h of Linux ${version}; what is newer is
// from scripts/syscall.tbl of Linux 7.1.

import type { Arch } from "./program.ts";

/** Numbers of the system calls, by name. */
export const SYSCALLS = {
${numbers.join("")}} as const satisfies Record<Arch, Record<string, number>>;

/** Every system call of every architecture. */
export type Syscall = { [A in Arch]: keyof (typeof SYSCALLS)[A] }[Arch];

/** First and last of each run of numbers that all have a call: what lies between is free, or was never used. */
export const RUNS: Record<Arch, readonly (readonly [number, number])[]> = {
${runs.join("")}};
`;
}

const target = (path) => new URL(`../src/${path}`, import.meta.url);
const version = headerVersion();
writeFileSync(target("landlock/rights-table.ts"), rightsTable(version));
writeFileSync(target("seccomp/syscalls.ts"), syscallsTable(version));
