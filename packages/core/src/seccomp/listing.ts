// Filters as text, for people: the table with its reasons, and the program that was made of it.

import { actionOfReturn, nameOf } from "./action.ts";
import {
  AND,
  ARCH,
  DATA_SIZE,
  JUMP,
  JUMP_ANY_BIT,
  JUMP_AT_LEAST,
  JUMP_EQUAL,
  LOAD,
  lowHalf,
  NUMBER,
  RETURN,
} from "./bpf.ts";
import type { Predicate } from "./predicate.ts";
import type { Instruction } from "./program.ts";
import { SYSCALLS } from "./syscalls.ts";
import type { FilterTable } from "./table.ts";

/** `table` as lines: each answer, the calls that get it and the reason; what the architecture lacks is left out. */
export function listTable(table: FilterTable): string {
  const rows = table.rows.flatMap((row) => {
    const calls = row.calls.filter((call) => call in SYSCALLS[table.arch]);
    if (calls.length === 0) return [];
    const condition = row.when === undefined ? "" : ` if ${describe(row.when)}`;
    return [entry(nameOf(row.answer), `${calls.join(", ")}${condition}`, row.why)];
  });
  return [
    `${table.name} ${table.arch}: the first that fits`,
    entry("kill", "every call of another architecture or ABI", "their numbers mean other calls"),
    entry(nameOf(table.unknown), "every number without a name in the table", "a call newer than the table"),
    ...rows,
    "  allow  everything else",
    "",
  ].join("\n");
}

function entry(answer: string, what: string, why: string): string {
  return `  ${answer}  ${what}\n      ${why}`;
}

/** `predicate` as a sentence's end; arguments are counted from 0, as in `struct seccomp_data`. */
function describe(predicate: Predicate): string {
  switch (predicate.test) {
    case "in": {
      const masked = predicate.mask.value === 0xffff_ffff ? "" : ` & ${predicate.mask.name}`;
      return `arg${predicate.argument}${masked} is ${predicate.values.map((one) => one.name).join(" or ")}`;
    }
    case "any-bit":
      return `arg${predicate.argument} has any of ${predicate.mask.name}`;
    case "equals-64":
      return `arg${predicate.argument} is 0x${predicate.value.toString(16)} in all 64 bits`;
    case "all":
      return `(${predicate.of.map(describe).join(", and ")})`;
    case "any":
      return `(${predicate.of.map(describe).join(", or ")})`;
    case "not":
      return `not (${describe(predicate.of)})`;
  }
}

/** `program` as lines: number, operation, where it goes. */
export function listProgram(program: readonly Instruction[]): string {
  return program.map((instruction, at) => `${pad(at)}: ${operation(instruction, at)}\n`).join("");
}

function pad(at: number): string {
  return String(at).padStart(4);
}

function operation({ code, jt, jf, k }: Instruction, at: number): string {
  const branch = (condition: string) => `if ${condition} goto ${at + 1 + jt} else ${at + 1 + jf}`;
  switch (code) {
    case LOAD:
      return `load ${field(k)}`;
    case AND:
      return `and ${hex(k)}`;
    case JUMP:
      return `goto ${at + 1 + k}`;
    case JUMP_EQUAL:
      return branch(`== ${hex(k)}`);
    case JUMP_AT_LEAST:
      return branch(`>= ${hex(k)}`);
    case JUMP_ANY_BIT:
      return branch(`& ${hex(k)}`);
    case RETURN:
      return `return ${answer(k)}`;
    default:
      return `unknown ${hex(code)} ${jt} ${jf} ${hex(k)}`;
  }
}

function answer(value: number): string {
  const action = actionOfReturn(value);
  return action === undefined ? hex(value) : nameOf(action);
}

function field(offset: number): string {
  if (offset === NUMBER) return "number";
  if (offset === ARCH) return "architecture";
  const argument = Math.floor((offset - lowHalf(0)) / 8);
  const half = offset === lowHalf(argument) ? "low" : "high";
  return offset < lowHalf(0) || offset >= DATA_SIZE ? `offset ${offset}` : `arg${argument} ${half}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
