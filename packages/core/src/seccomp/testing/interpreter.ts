// The kernel's side of a seccomp program: what it refuses to load, and what it answers. Only tests use this.
// Source: kernel/seccomp.c (seccomp_check_filter, seccomp_is_const_allow), net/core/filter.c (bpf_check_classic).

import {
  AND,
  AUDIT_ARCH,
  DATA_SIZE,
  JUMP,
  JUMP_ANY_BIT,
  JUMP_AT_LEAST,
  JUMP_EQUAL,
  LOAD,
  lowHalf,
  MAX_INSTRUCTIONS,
  RETURN,
} from "../bpf.ts";
import type { Arch, Instruction } from "../program.ts";

/** A system call as a filter sees it. `args`: 64 bits each. */
export type Call = Readonly<{ audit: number; number: number; args: readonly bigint[] }>;

/** A call by the native ABI of `arch`. */
export function nativeCall(arch: Arch, number: number, args: readonly bigint[] = []): Call {
  return { audit: AUDIT_ARCH[arch], number, args };
}

/** `value`: what RET gave. `readArguments`: the kernel cannot answer this call from its cache. */
export type Run = Readonly<{ value: number; steps: number; readArguments: boolean }>;

/**
 * A program that the kernel would load, ready to run.
 *
 * @throws Error where the kernel would answer EINVAL
 */
export function load(program: readonly Instruction[]): (call: Call) => Run {
  validate(program);
  return (call) => run(program, dataOf(call));
}

function validate(program: readonly Instruction[]): void {
  const { length } = program;
  if (length === 0 || length > MAX_INSTRUCTIONS) throw new Error(`${length} instructions`);
  program.forEach((instruction, at) => {
    const flaw = flawOf(instruction, length - at - 1);
    if (flaw !== undefined) throw new Error(`instruction ${at} ${flaw}`);
  });
  if (program.at(-1)?.code !== RETURN) throw new Error("the last instruction is no return");
}

/** What the kernel would refuse about an instruction with `left` more behind it. */
function flawOf({ code, jt, jf, k }: Instruction, left: number): string | undefined {
  if (k !== k >>> 0 || jt !== (jt & 0xff) || jf !== (jf & 0xff)) return "does not fit struct sock_filter";
  switch (code) {
    case LOAD:
      return k % 4 === 0 && k < DATA_SIZE ? undefined : `loads at ${k}`;
    case JUMP:
      return k < left ? undefined : "jumps out of the program";
    case JUMP_EQUAL:
    case JUMP_AT_LEAST:
    case JUMP_ANY_BIT:
      return Math.max(jt, jf) < left ? undefined : "jumps out of the program";
    case AND:
    case RETURN:
      return undefined;
    default:
      return `has no operation ${code}`;
  }
}

/** `struct seccomp_data`, as words. */
function dataOf({ audit, number, args }: Call): Uint32Array {
  const words = new Uint32Array(DATA_SIZE / 4);
  words[0] = number;
  words[1] = audit;
  args.forEach((arg, i) => {
    words[lowHalf(i) / 4] = Number(arg & 0xffff_ffffn);
    words[lowHalf(i) / 4 + 1] = Number((arg >> 32n) & 0xffff_ffffn);
  });
  return words;
}

function run(program: readonly Instruction[], data: Uint32Array): Run {
  let accumulator = 0;
  let readArguments = false;
  let steps = 0;
  for (let at = 0; ; at++) {
    const { code, jt, jf, k } = program[at] as Instruction;
    steps++;
    switch (code) {
      case LOAD:
        accumulator = data[k / 4] as number;
        readArguments ||= k >= lowHalf(0);
        break;
      case AND:
        accumulator = (accumulator & k) >>> 0;
        break;
      case JUMP:
        at += k;
        break;
      case JUMP_EQUAL:
        at += accumulator === k ? jt : jf;
        break;
      case JUMP_AT_LEAST:
        at += accumulator >= k ? jt : jf;
        break;
      case JUMP_ANY_BIT:
        at += (accumulator & k) !== 0 ? jt : jf;
        break;
      case RETURN:
        return { value: k, steps, readArguments };
    }
  }
}
