// For each call, arguments of every class that a filter table could tell apart. Only tests use this.

import type { Predicate } from "../predicate.ts";
import type { Row } from "../table.ts";

/** Every combination of interesting values of the arguments that `rows` look at, with several high halves. */
export function argumentsFor(rows: readonly Row[]): readonly (readonly bigint[])[] {
  const lows = combinations([0, 1, 2, 3, 4, 5].map((argument) => [...lowHalves(rows, argument)]));
  const both = lows.flatMap((args) => HIGH_HALVES.map((high) => args.map((low) => (high << 32n) | low)));
  return [...both, ...whole(rows)];
}

/** Where the kernel reads an int, none of these may change an answer. */
const HIGH_HALVES = [0n, 1n, 0xffff_ffffn];

const EDGES = [0n, 0x7fff_ffffn, 0xffff_ffffn];

function lowHalves(rows: readonly Row[], argument: number): Set<bigint> {
  const tests = rows.flatMap((row) => (row.when === undefined ? [] : testsOf(row.when)));
  const found = tests.filter((test) => test.argument === argument).flatMap(valuesAround);
  return new Set(found.length === 0 ? [0n] : [...EDGES, ...found].map((value) => BigInt.asUintN(32, value)));
}

type Test = Extract<Predicate, { argument: number }>;

function testsOf(predicate: Predicate): readonly Test[] {
  switch (predicate.test) {
    case "all":
    case "any":
      return predicate.of.flatMap(testsOf);
    case "not":
      return testsOf(predicate.of);
    default:
      return [predicate];
  }
}

function valuesAround(test: Test): readonly bigint[] {
  switch (test.test) {
    case "in": {
      const values = test.values.map((one) => BigInt(one.value));
      const outside = ~BigInt(test.mask.value);
      return values.flatMap((value) => [value, value - 1n, value + 1n, value | outside]);
    }
    case "any-bit": {
      const mask = BigInt(test.mask.value);
      return [mask, ~mask, ...Array.from({ length: 32 }, (_, bit) => 1n << BigInt(bit))];
    }
    case "equals-64":
      return [test.value, test.value >> 32n];
  }
}

/** Values that fit comparisons of all 64 bits, which no combination of halves is sure to hit. */
function whole(rows: readonly Row[]): readonly (readonly bigint[])[] {
  const tests = rows.flatMap((row) => (row.when === undefined ? [] : testsOf(row.when)));
  return tests.flatMap((test) => {
    if (test.test !== "equals-64") return [];
    const around = [test.value, test.value ^ 1n, test.value ^ (1n << 32n), test.value ^ (1n << 63n)];
    return around.map((value) => Array.from({ length: 6 }, (_, i) => (i === test.argument ? value : 0n)));
  });
}

function combinations(choices: readonly (readonly bigint[])[]): readonly (readonly bigint[])[] {
  return choices.reduce<readonly (readonly bigint[])[]>(
    (before, values) => before.flatMap((start) => values.map((value) => [...start, value])),
    [[]],
  );
}
