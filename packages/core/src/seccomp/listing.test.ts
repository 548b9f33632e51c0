import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allow, errno, notify } from "./action.ts";
import { assemble } from "./assemble.ts";
import { baselineTable } from "./baseline.ts";
import { listProgram, listTable } from "./listing.ts";
import { networkTable } from "./network.ts";
import { all, any, full64, low32, not } from "./predicate.ts";
import type { Arch } from "./program.ts";
import type { FilterTable } from "./table.ts";

// Golden files are what is reviewed when a filter changes. NONO_UPDATE_GOLDEN=1 writes them anew.

const ARCHITECTURES: readonly Arch[] = ["x86_64", "aarch64"];

const GOLDEN = ARCHITECTURES.flatMap((arch): [string, FilterTable | undefined][] => [
  [`baseline.${arch}`, baselineTable({ arch, userNamespaces: false })],
  [`baseline-judged.${arch}`, baselineTable({ arch, userNamespaces: false, processes: "judged" })],
  [`baseline-user-namespaces.${arch}`, baselineTable({ arch, userNamespaces: true })],
  [`network-none.${arch}`, networkTable({ arch, network: "none", unixSockets: true })],
  [`network-tcp.${arch}`, networkTable({ arch, network: "tcp", unixSockets: true })],
  [`network-tcp-no-unix-sockets.${arch}`, networkTable({ arch, network: "tcp", unixSockets: false })],
]);

describe("the filter", () => {
  it.each(GOLDEN)("%s is the one that was reviewed", (name, table) => {
    const file = new URL(`golden/${name}.golden.txt`, import.meta.url);
    const listing = table && `${listTable(table)}\n${listProgram(assemble(table))}`;
    if (process.env.NONO_UPDATE_GOLDEN !== undefined) {
      mkdirSync(new URL(".", file), { recursive: true });
      writeFileSync(file, listing ?? "");
    }

    expect(listing).toBe(readFileSync(file, "utf8"));
  });
});

it("lists every kind of condition", () => {
  const [one, two, flags] = [1, 2, 3].map((value) => ({ name: `N${value}`, value })) as [Named, Named, Named];
  const when = all(
    any(low32(0).in(one, two), low32(1).masked(flags).in(two)),
    not(low32(2).hasAny(flags)),
    full64(3).is(-1n),
  );
  const rows = [{ calls: ["read", "open"], when, answer: notify, why: "because" } as const];

  expect(listTable({ name: "test", arch: "aarch64", rows, unknown: allow })).toBe(`\
test aarch64: the first that fits
  kill  every call of another architecture or ABI
      their numbers mean other calls
  allow  every number without a name in the table
      a call newer than the table
  notify  read if ((arg0 is N1 or N2, or arg1 & N3 is N2), and not (arg2 has any of N3), and arg3 is 0xffffffffffffffff in all 64 bits)
      because
  allow  everything else
`);
});

type Named = { name: string; value: number };

it("lists every operation", () => {
  const [six, four, eight] = [6, 4, 8].map((value) => ({ name: "", value })) as [Named, Named, Named];
  const rows = [
    { calls: ["read"], when: low32(0).masked(six).in(four), answer: notify, why: "" },
    { calls: ["read"], when: full64(5).is(7n << 32n), answer: errno("EPERM"), why: "" },
    { calls: ["read"], when: low32(1).hasAny(eight), answer: errno("EPERM"), why: "" },
  ] as const;
  const program = assemble({ name: "test", arch: "x86_64", rows, unknown: allow });
  const strange = [
    { code: 0x05, jt: 0, jf: 0, k: 3 },
    { code: 0x1c, jt: 1, jf: 2, k: 3 },
    { code: 0x20, jt: 0, jf: 0, k: 8 },
    { code: 0x06, jt: 0, jf: 0, k: 0x7ffc_0000 },
  ];

  expect(listProgram([...program, ...strange])).toBe(`\
   0: load architecture
   1: if == 0xc000003e goto 2 else 17
   2: load number
   3: if >= 0x40000000 goto 16 else 4
   4: if >= 0x1 goto 18 else 5
   5: load arg0 low
   6: and 0x6
   7: if == 0x4 goto 8 else 9
   8: return notify
   9: load arg5 low
  10: if == 0x0 goto 11 else 13
  11: load arg5 high
  12: if == 0x7 goto 15 else 13
  13: load arg1 low
  14: if & 0x8 goto 15 else 18
  15: return EPERM
  16: if >= 0xffffffff goto 18 else 17
  17: return kill
  18: return allow
  19: goto 23
  20: unknown 0x1c 1 2 0x3
  21: load offset 8
  22: return 0x7ffc0000
`);
});
