// A release for arm64 at work, on an emulated machine with a kernel of its own: a directory that `npm run release` made, its
// archive, what Landlock bounds there, and every system call that the baseline refuses. Takes minutes; not part of CI.
//
//   npm run emulate -- DIR        needs Debian's qemu-system-arm and cpio, and dpkg and apt

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { zigCc } from "../../packages/native/scripts/zig.mjs";
import { VERSION } from "../release/version.mjs";
import { fail, root } from "../step.mjs";
import { debian } from "./debian.mjs";
import { refusedCalls } from "./refused-calls.mjs";

const release = path.resolve(process.argv[2] ?? fail("usage: npm run emulate -- DIR"));
const archive = path.join(release, `nono-${VERSION}-linux-arm64-gnu.tar.gz`);
if (!fs.existsSync(archive)) fail(`${archive} is missing: npm run release -- --dry-run --output ${release}`);

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "nono-build/arm64");
const work = fs.mkdtempSync(path.join(os.tmpdir(), "nono-emulate-"));
let failures = 0;
try {
  const calls = await refusedCalls("aarch64");
  const kernel = makeSystem(calls);
  const said = await boot(kernel);
  proof("every system call of the baseline is refused with the error of its table", () => {
    const inside = answersOf(said, "inside");
    const outside = answersOf(said, "outside");
    const wrong = calls.filter(({ error }, i) => inside[i] !== error);
    if (wrong.length > 0) throw new Error(wrong.map(({ name }) => name).join(" "));
    const shut = calls.filter(({ error }, i) => outside[i] !== error);
    if (shut.length < 10) throw new Error(`only ${shut.length} of them would have been open`);
  });
  if (!said.includes("== done")) throw new Error("the emulated system ended too early");
} finally {
  fs.rmSync(work, { recursive: true });
}
process.exitCode = failures === 0 ? 0 : 1;

/** @param {readonly { number: number }[]} calls */
function makeSystem(calls) {
  const system = path.join(work, "system");
  const at = (/** @type {string} */ name) => path.join(system, name);
  const packages = debian("arm64", cache);
  const kernel = path.join(work, "kernel");
  packages.unpack([packages.dependencyOf("linux-image-arm64")], kernel);
  packages.unpack(["busybox-static", "libc6"], system);
  for (const directory of ["bin", "etc", "probe", "opt", "proc", "sys", "dev"])
    fs.mkdirSync(at(directory), { recursive: true });
  if (!fs.existsSync(at("bin/busybox"))) fs.copyFileSync(at("usr/bin/busybox"), at("bin/busybox"));
  if (!fs.existsSync(at("lib"))) fs.symlinkSync("usr/lib", at("lib"));
  fs.writeFileSync(
    at("etc/passwd"),
    "root:x:0:0::/data/home:/bin/sh\nuser:x:1000:1000::/data/home:/bin/sh\n",
  );
  fs.writeFileSync(at("etc/group"), "root:x:0:\nuser:x:1000:\n");
  execFileSync("tar", ["-xzf", archive, "-C", at("opt")]);
  fs.renameSync(at(`opt/nono-${VERSION}-linux-arm64-gnu`), at("opt/nono"));
  const probe = path.join(root, "packages/core/test/support/syscall-probe.c");
  zigCc("aarch64-linux-musl", ["-static", "-O1", "-o", at("probe/syscall-probe"), probe]);
  fs.writeFileSync(at("probe/numbers"), calls.map(({ number }) => number).join(" "));
  fs.copyFileSync(path.join(root, "scripts/emulate/guest.sh"), at("init"));
  fs.chmodSync(at("init"), 0o755);
  execFileSync("sh", ["-c", "find . | cpio --quiet -o -H newc -R 0:0 > ../initramfs"], { cwd: system });
  const [image] = fs.readdirSync(path.join(kernel, "boot")).filter((name) => name.startsWith("vmlinuz-"));
  return path.join(kernel, "boot", String(image));
}

/** @param {string} kernel @returns {Promise<readonly string[]>} the lines of the console */
async function boot(kernel) {
  const machine = ["-machine", "virt", "-cpu", "max", "-smp", "2", "-m", "2048", "-nographic", "-no-reboot"];
  const append = "console=ttyAMA0 quiet panic=-1 rdinit=/init";
  const files = ["-kernel", kernel, "-initrd", path.join(work, "initramfs"), "-append", append];
  const emulator = spawn("qemu-system-aarch64", [...machine, ...files, "-net", "none"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = [];
  for await (const line of createInterface({ input: emulator.stdout })) {
    lines.push(line.trimEnd());
    if (line.startsWith("== NOT ok")) failures += 1;
    if (!line.startsWith("== probe")) console.log(line.replace(/^== /, ""));
  }
  return lines;
}

/** @param {readonly string[]} lines @param {string} where */
function answersOf(lines, where) {
  const line = lines.find((one) => one.startsWith(`== probe ${where} `)) ?? "";
  return [...line.matchAll(/ok|(?:errno|signal) \d+/g)].map(([answer]) => answer);
}

/** @param {string} title @param {() => void} prove */
function proof(title, prove) {
  try {
    prove();
    console.log(`ok ${title}`);
  } catch (error) {
    failures += 1;
    console.log(`NOT ok ${title}\n   | ${/** @type {Error} */ (error).message}`);
  }
}
