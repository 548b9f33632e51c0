// Fuzzes the decoders of plans and of supervisors' tables: `npm run fuzz -w nono-native -- [seconds]`, 60 for both when nothing is
// said. Needs clang (Debian: apt install clang). What it finds interesting stays in dist/fuzz-*; an input that breaks a decoder is
// named and kept there too.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { compile, FLAGS, root, sources } from "./compile.mjs";

const seconds = Number(process.argv[2] ?? 60);
if (!Number.isInteger(seconds) || seconds < 1) {
  process.stderr.write("nono: fuzz takes a number of seconds\n");
  process.exit(2);
}
if (spawnSync("clang", ["--version"]).status !== 0) {
  process.stdout.write("fuzz: skipped: no clang here (Debian: apt install clang)\n");
  process.exit(0);
}

const FUZZER = ["-g", "-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"];
const LIMITS = ["-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"];

const targets = [
  { name: "decode", corpus: "corpus", parts: sources("src/plan") },
  {
    name: "table",
    corpus: "table-corpus",
    parts: [
      "plan/cursor",
      "plan/folding",
      "supervise/table",
      "supervise/decode-table",
      "supervise/spelling",
    ].map((part) => `${root}src/${part}.c`),
  },
];

for (const { name, corpus, parts } of targets) {
  const directory = `${root}dist/fuzz-${name}`;
  const target = `${directory}/${name}`;
  mkdirSync(`${directory}/corpus`, { recursive: true });
  compile([...FLAGS, ...FUZZER, "-o", target, `${root}fuzz/${name}.c`, ...parts], "clang");

  const time = `-max_total_time=${Math.max(1, Math.floor(seconds / targets.length))}`;
  const places = [`-artifact_prefix=${directory}/`, `${directory}/corpus`, `${root}fuzz/${corpus}`];
  const run = spawnSync(target, [time, ...LIMITS, ...places], { stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
