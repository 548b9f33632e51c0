// Classic BPF as seccomp accepts it: the operations that filters here are made of, and the data they look at.
// Source: linux/bpf_common.h, linux/seccomp.h, kernel/seccomp.c (seccomp_check_filter).

import type { Arch } from "./program.ts";

/** BPF_MAXINSNS. */
export const MAX_INSTRUCTIONS = 4096;

/** Farthest that a conditional jump reaches: `jt` and `jf` are bytes. */
export const MAX_BRANCH = 255;

/** `code` of an instruction. All take `k`. */
export const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS: A = data[k]
export const AND = 0x54; // BPF_ALU | BPF_AND | BPF_K: A &= k
export const JUMP = 0x05; // BPF_JMP | BPF_JA
export const JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K: A == k
export const JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K: A >= k, unsigned
export const JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K: A & k
export const RETURN = 0x06; // BPF_RET | BPF_K

/** Offsets in `struct seccomp_data`. */
export const NUMBER = 0;
export const ARCH = 4;
export const DATA_SIZE = 64;

/** Both architectures are little-endian, so the low half of an argument comes first. */
export function lowHalf(argument: number): number {
  return 16 + 8 * argument;
}

export function highHalf(argument: number): number {
  return lowHalf(argument) + 4;
}

/** AUDIT_ARCH_* of linux/audit.h. */
export const AUDIT_ARCH: Record<Arch, number> = { x86_64: 0xc000_003e, aarch64: 0xc000_00b7 };
