// A filter table read as plainly as possible: what its program has to answer. Only tests use this.

import { type Action, allow, kill } from "../action.ts";
import { AUDIT_ARCH } from "../bpf.ts";
import type { Predicate } from "../predicate.ts";
import type { Arch } from "../program.ts";
import { SYSCALLS, type Syscall } from "../syscalls.ts";
import type { FilterTable, Row } from "../table.ts";
import type { Call } from "./interpreter.ts";

/** The answer of `table` to `call`. */
export function evaluate(table: FilterTable, call: Call): Action {
  if (call.audit !== AUDIT_ARCH[table.arch]) return kill;
  if (table.arch === "x86_64" && call.number >= 0x4000_0000 && call.number !== 0xffff_ffff) return kill;
  const name = nameOf(table, call.number);
  if (name === undefined) return table.unknown;
  return (
    rowsFor(table, name).find((row) => row.when === undefined || holds(row.when, call.args))?.answer ?? allow
  );
}

/** The name of call `number`, `undefined` where the architecture has none. */
export function nameOf({ arch }: FilterTable, number: number): Syscall | undefined {
  return NAMES[arch].get(number);
}

const NAMES = { x86_64: namesOf("x86_64"), aarch64: namesOf("aarch64") };

function namesOf(arch: Arch): ReadonlyMap<number, Syscall> {
  const numbers = Object.entries<number>(SYSCALLS[arch]);
  return new Map(numbers.map(([name, number]) => [number, name as Syscall]));
}

export function rowsFor(table: FilterTable, name: Syscall): readonly Row[] {
  return table.rows.filter((row) => row.calls.includes(name));
}

function holds(predicate: Predicate, args: readonly bigint[]): boolean {
  switch (predicate.test) {
    case "in": {
      const low = low32(args, predicate.argument) & BigInt(predicate.mask.value);
      return predicate.values.some((one) => BigInt(one.value) === low);
    }
    case "any-bit":
      return (low32(args, predicate.argument) & BigInt(predicate.mask.value)) !== 0n;
    case "equals-64":
      return BigInt.asUintN(64, args[predicate.argument] ?? 0n) === predicate.value;
    case "all":
      return predicate.of.every((part) => holds(part, args));
    case "any":
      return predicate.of.some((part) => holds(part, args));
    case "not":
      return !holds(predicate.of, args);
  }
}

function low32(args: readonly bigint[], argument: number): bigint {
  return BigInt.asUintN(32, args[argument] ?? 0n);
}
