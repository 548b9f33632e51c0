import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NonoError } from "../error.ts";
import { type Action, allow, errno, kill, notify, returnValueOf } from "./action.ts";
import { assemble } from "./assemble.ts";
import { RETURN } from "./bpf.ts";
import { all, any, type Constant, full64, low32, not, type Predicate } from "./predicate.ts";
import type { Arch } from "./program.ts";
import { SYSCALLS, type Syscall } from "./syscalls.ts";
import type { FilterTable, Row } from "./table.ts";
import { evaluate } from "./testing/evaluation.ts";
import { type Call, load, nativeCall } from "./testing/interpreter.ts";

const anArch = fc.constantFrom<Arch>("x86_64", "aarch64");
const anAction = fc.constantFrom<Action>(
  allow,
  kill,
  notify,
  errno("EPERM"),
  errno("ENOSYS"),
  errno("EACCES"),
);
const anArgument = fc.nat(5);

/** Few distinct numbers, so that conditions are met often. */
const aWord = fc.oneof(fc.nat(4), fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_ffff), fc.nat());
const aConstant = aWord.map((value): Constant => ({ name: String(value), value }));
const aValue = fc.tuple(aWord, aWord).map(([high, low]) => (BigInt(high) << 32n) | BigInt(low));

const { aPredicate } = fc.letrec<{ aPredicate: Predicate }>((tie) => ({
  aPredicate: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(anArgument, fc.array(aConstant, { maxLength: 5 })).map(([n, values]) => low32(n).in(...values)),
    fc.tuple(anArgument, aConstant, fc.array(aConstant, { maxLength: 5 })).map(([n, mask, values]) =>
      low32(n)
        .masked(mask)
        .in(...values),
    ),
    fc.tuple(anArgument, aConstant).map(([n, mask]) => low32(n).hasAny(mask)),
    fc.tuple(anArgument, aValue).map(([n, value]) => full64(n).is(value)),
    fc.array(tie("aPredicate"), { maxLength: 4 }).map((parts) => all(...parts)),
    fc.array(tie("aPredicate"), { maxLength: 4 }).map((parts) => any(...parts)),
    tie("aPredicate").map(not),
  ),
}));

const calls = Object.keys({ ...SYSCALLS.x86_64, ...SYSCALLS.aarch64 }) as Syscall[];
const aRow: fc.Arbitrary<Row> = fc
  .record({
    calls: fc.array(fc.oneof(fc.constantFrom<Syscall>("read", "ioctl", "socket"), fc.constantFrom(...calls))),
    when: fc.option(aPredicate, { nil: undefined }),
    answer: anAction,
  })
  .map(({ when, ...row }) => ({ ...row, ...(when && { when }), why: "" }));

const aTable: fc.Arbitrary<FilterTable> = fc.record({
  name: fc.constant("random"),
  arch: anArch,
  rows: fc.array(aRow, { maxLength: 40 }),
  unknown: anAction,
});

const aNumber = fc.oneof(
  fc
    .constantFrom<Syscall>("read", "ioctl", "socket")
    .chain((name) => fc.constantFrom(SYSCALLS.x86_64[name as "read"], SYSCALLS.aarch64[name as "read"])),
  fc.nat(600),
  fc.constantFrom(0x3fff_ffff, 0x4000_0000, 0x4000_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff),
);
const aCall: fc.Arbitrary<Call> = fc
  .tuple(anArch, aNumber, fc.array(aValue, { minLength: 6, maxLength: 6 }))
  .map(([arch, number, args]) => nativeCall(arch, number, args));

describe("an assembled program", () => {
  it("answers as its table does, for any table and any call", () => {
    fc.assert(
      fc.property(aTable, fc.array(aCall, { minLength: 50, maxLength: 50 }), (table, some) => {
        const run = load(assemble(table));
        for (const call of some) expect(run(call).value).toBe(returnValueOf(evaluate(table, call)));
      }),
      { numRuns: 300 },
    );
  });

  it("is right where conditional jumps do not reach", () => {
    const known = Object.entries(SYSCALLS.aarch64);
    const rows = known.map(
      ([name, number]): Row => ({
        calls: [name as Syscall],
        when: low32(0).in(...[1, 2, 3].map((n) => ({ name: "", value: 1000 * n + number }))),
        answer: number % 2 === 0 ? errno("EPERM") : notify,
        why: "",
      }),
    );
    const table: FilterTable = { name: "long", arch: "aarch64", rows, unknown: errno("ENOSYS") };
    const program = assemble(table);
    expect(program.length).toBeGreaterThan(4 * 255);

    const run = load(program);
    for (let number = 0; number < 600; number++) {
      for (const arg of [0, 1000 + number, 2000 + number, 3000 + number, 4000 + number]) {
        const call = nativeCall("aarch64", number, [BigInt(arg)]);
        expect(run(call).value).toBe(returnValueOf(evaluate(table, call)));
      }
    }
  });

  it("asks the supervisor with SECCOMP_RET_USER_NOTIF", () => {
    const rows: Row[] = [{ calls: ["connect"], answer: notify, why: "" }];
    const run = load(assemble({ name: "notify", arch: "x86_64", rows, unknown: allow }));

    expect(run(nativeCall("x86_64", SYSCALLS.x86_64.connect)).value).toBe(0x7fc0_0000);
    expect(run(nativeCall("x86_64", SYSCALLS.x86_64.bind)).value).toBe(0x7fff_0000);
  });

  it("compares all 64 bits where it is asked to", () => {
    const rows: Row[] = [{ calls: ["lseek"], when: full64(1).is(-1n), answer: errno("EPERM"), why: "" }];
    const run = load(assemble({ name: "full", arch: "x86_64", rows, unknown: allow }));
    const answer = (offset: bigint) => run(nativeCall("x86_64", SYSCALLS.x86_64.lseek, [0n, offset])).value;

    expect(answer(0xffff_ffff_ffff_ffffn)).toBe(0x0005_0001);
    expect(answer(0xffff_ffffn)).toBe(0x7fff_0000);
    expect(answer(0xffff_ffff_0000_0000n)).toBe(0x7fff_0000);
  });

  it("is refused when it is longer than the kernel takes", () => {
    const values = Array.from({ length: 4096 }, (_, value) => ({ name: "", value }));
    const rows: Row[] = [{ calls: ["read"], when: low32(0).in(...values), answer: kill, why: "" }];

    expect(() => assemble({ name: "huge", arch: "x86_64", rows, unknown: allow })).toThrow(NonoError);
    expect(() => assemble({ name: "huge", arch: "x86_64", rows, unknown: allow })).toThrow(
      /seccomp filter huge is 4\d\d\d long, more than the 4096/,
    );
  });

  it("holds one return for each answer while jumps reach it", () => {
    const rows: Row[] = [{ calls: ["mount", "reboot", "bpf"], answer: errno("EPERM"), why: "" }];
    const program = assemble({ name: "small", arch: "x86_64", rows, unknown: errno("ENOSYS") });
    const returns = program.filter(({ code }) => code === RETURN).map(({ k }) => k);

    expect(returns.length).toBe(new Set(returns).size);
  });
});
