// Writes fuzz/corpus: plans as the library makes them, and one by hand that uses every field; and fuzz/table-corpus: the tables of
// their supervisors. Run with Bun:
//
//   npx bun packages/native/scripts/corpus.mjs

import { mkdirSync, writeFileSync } from "node:fs";
import { AccessMode, CapabilitySet, compilePlan } from "../../core/src/index.ts";
import { encodePlan } from "../../core/src/plan/encode.ts";
import { encodeTable } from "../../core/src/supervisor/encode-table.ts";
import { encode, PlanFlag } from "../test/support/plan.ts";

const directory = new URL("../fuzz/corpus/", import.meta.url);

const idle = {
  guard: false,
  newSession: false,
  controllingTerminal: false,
  dieWithParent: false,
  parent: 0,
  secrets: [],
  session: "",
};
const command = { ...idle, path: "/usr/bin/env", argv: ["env", "-u", "X"], cwd: "/", descriptors: [] };
const inProcess = { ...idle, path: "", argv: [], cwd: "", descriptors: [] };

const reading = () => new CapabilitySet().allowPath("/usr", AccessMode.Read);
const environment = { PATH: "/usr/bin", LANG: "C" };

const plans = {
  reading: encodePlan(compilePlan(reading(), { environment }), command),
  offline: encodePlan(compilePlan(reading().blockNetwork(), { environment }), command),
  guarded: encodePlan(compilePlan(reading().allowPath("/tmp", AccessMode.ReadWrite), { environment }), {
    ...command,
    guard: true,
    dieWithParent: true,
    descriptors: [3, 5, 9],
  }),
  split: encodePlan(compilePlan(reading().denyPath("/usr/share/none"), { environment }), command),
  "in-process": encodePlan(compilePlan(reading(), { target: "process", environment: {} }), inProcess),
  seatbelt: encodePlan(compilePlan(reading(), { platform: "darwin", environment, commandPath: [] }), {
    ...command,
    guard: true,
    session: "corpus",
  }),
  empty: encode({}),
  whole: encode({
    flags: Object.values(PlanFlag).reduce((all, flag) => all | flag, 0) & ~PlanFlag.seatbelt,
    parent: 77,
    keepCapabilities: 1n << 40n,
    handledFs: 0xffffn,
    handledNet: 3n,
    scoped: 3n,
    restrictFlags: 2,
    cwd: "/home",
    path: "/bin/tool",
    argv: ["tool", "", "--flag"],
    environment: ["PATH=/bin", "EMPTY="],
    rules: [
      { path: "/", rights: 12n },
      { path: "/usr", rights: 1n << 40n, optional: true },
    ],
    splits: [{ path: "/etc", files: 4n, directories: 12n, optional: true, leftOut: ["shadow", "ssl"] }],
    ports: [{ port: 65535n, rights: 2n }],
    limits: [{ resource: 7, soft: 1n << 33n, hard: (1n << 64n) - 1n }],
    descriptors: [3, 9],
    filters: [{ program: [[6, 1, 2, 0x7fff0000]], listener: true }, { program: [[6, 0, 0, 0]] }],
  }),
};

mkdirSync(directory, { recursive: true });
for (const [name, bytes] of Object.entries(plans)) writeFileSync(new URL(name, directory), bytes);

const tables = new URL("../fuzz/table-corpus/", import.meta.url);
const limits = { waiting: 4096, deadline: 60_000 };
const supervised = (set) => compilePlan(set, { environment, supervisor: true }).supervision;

mkdirSync(tables, { recursive: true });
for (const [name, set] of Object.entries({
  reading: reading(),
  split: reading()
    .denyPath("/usr/share/none")
    .allowUnixSocket("/run/none", { scope: "directory", bind: true }),
  names: reading().allowFile("/etc/hostname", AccessMode.ReadWrite).blockCommand("true"),
}))
  writeFileSync(new URL(name, tables), encodeTable(supervised(set), limits));
