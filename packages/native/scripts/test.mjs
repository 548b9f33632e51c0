// Builds the C tests with AddressSanitizer and UBSan and runs them; by root, a second time as an ordinary user. Prints TAP, then a
// line for each test that was skipped, then `N passed, N failed, N skipped`.

import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import { basename } from "node:path";
import { compile, FLAGS, newest, root, sources } from "./compile.mjs";

const SANITIZED = [...FLAGS, "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const WRAPPED = ["-Wl,--wrap=syscall"]; // see test/wrap.h
const ORDINARY = { uid: 65534, gid: 65534 };

const plan = sources("src/plan");
const launch = sources("src/launch");
const launchParts = launch.filter((path) => basename(path) !== "main.c");

const restrictParts = ["restrict", "restrict-thread", "rehearse", "threads", "broadcast"].map(
  (name) => `${root}src/addon/${name}.c`,
);

const supervise = sources("src/supervise").filter((path) => basename(path) !== "addon.c");
const shared = ["cursor", "folding"].map((name) => `${root}src/plan/${name}.c`);
const tableParts = [
  ...shared,
  ...["table", "decode-table", "listing", "spelling"].map((name) => `${root}src/supervise/${name}.c`),
];

const launcher = build("nono-launch", [...plan, ...launch]);
const programs = [
  build("decode", [`${root}test/decode.c`, ...plan]),
  build("guard", [`${root}test/guard.c`, ...plan, ...launchParts]),
  build("launch", [`${root}test/launch.c`]),
  build("steps", [`${root}test/steps.c`, ...plan], WRAPPED),
  build("supervise", [`${root}test/supervise.c`, ...shared, ...supervise], ["-pthread"]),
  build("table", [`${root}test/table.c`, ...tableParts]),
  build("threads", [`${root}test/threads.c`, ...plan, ...restrictParts], [...WRAPPED, "-pthread"]),
];

const counts = { passed: 0, failed: 0, skipped: [] };
for (const program of programs) run(program, launcher, {});
if (process.getuid() === 0) runAsOrdinaryUser();
for (const title of counts.skipped) process.stdout.write(`skipped: ${title}\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped\n`);
process.exit(counts.failed === 0 ? 0 : 1);

function build(name, files, flags = []) {
  const output = `${root}dist/test/${name}`;
  mkdirSync(`${root}dist/test`, { recursive: true });
  const inputs = [...files, ...["test", "include", "src", "scripts"].map((folder) => `${root}${folder}`)];
  if ((statSync(output, { throwIfNoEntry: false })?.mtimeMs ?? 0) < newest(inputs))
    compile([...SANITIZED, ...flags, "-o", output, ...files]);
  return output;
}

/** From copies, because the checkout may lie where only root can read. */
function runAsOrdinaryUser() {
  const directory = mkdtempSync(`${os.tmpdir()}/nono-native-`);
  const copy = (file) => {
    const to = `${directory}/${basename(file)}`;
    copyFileSync(file, to);
    return to;
  };
  try {
    chmodSync(directory, 0o755);
    const to = copy(launcher);
    for (const program of programs) run(copy(program), to, { ...ORDINARY, cwd: directory });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Counts lines of TAP; what was promised by `1..N` and did not come has failed. */
function run(program, launcher, identity) {
  const env = { ...process.env, NONO_LAUNCH: launcher };
  const done = spawnSync(program, { encoding: "utf8", env, ...identity });
  const who = identity.uid === undefined ? "" : " (as an ordinary user)";
  process.stdout.write(`# ${basename(program)}${who}\n${done.stdout}${done.stderr}`);
  const results = [...done.stdout.matchAll(/^ok \d+ - (.*?)( # SKIP .*)?$/gm)];
  const skipped = results.filter(([, , skip]) => skip !== undefined);
  const promised = Number(/^1\.\.(\d+)$/m.exec(done.stdout)?.[1] ?? 1);
  counts.passed += results.length - skipped.length;
  counts.failed += promised - results.length;
  counts.skipped.push(...skipped.map(([, title]) => `${title}${who}`));
}
