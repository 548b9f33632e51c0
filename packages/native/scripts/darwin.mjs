// The C for macOS. It cannot be run elsewhere, but compiled and linked, for both of its architectures, so that it does not
// rot: `npm run build:darwin`. Apple's own signature is not needed; that of the linker is, and is checked.

import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FLAGS, nodeApi, root, sources } from "./compile.mjs";
import { problemsOf, readMachO, signatureProblems } from "./mach-o.mjs";
import { zigCc } from "./zig.mjs";

/** What Bun needs as well. */
const OLDEST = "13.0";

const HARDENED = ["-fstack-protector-strong"];
const SMALL = ["-Os", "-Wl,-dead_strip", "-s"];

/** What of Linux's C is no different on macOS. */
const SHARED = {
  plan: ["cursor", "decode"],
  launch: ["arguments", "descriptors", "session", "speak"],
  addon: [
    "apply",
    "execve",
    "file-batch",
    "file-restore",
    "file-read",
    "files",
    "job",
    "known-tree",
    "listing",
    "local-socket",
    "merkle",
    "row-index",
    "sha256",
    "start",
    "terminal",
    "value",
    "watch",
  ],
};

/**
 * @param {keyof typeof SHARED} part
 * @returns {readonly string[]}
 */
const shared = (part) => SHARED[part].map((name) => path.join(root, `src/${part}/${name}.c`));

/** @type {readonly Readonly<{ output: string, files(): readonly string[], flags(): readonly string[] }>[]} */
const PRODUCTS = [
  {
    output: "nono-launch",
    files: () => [
      ...shared("plan"),
      ...shared("launch"),
      ...sources("src/darwin/plan"),
      ...sources("src/darwin/launch"),
    ],
    flags: () => [],
  },
  {
    output: "nono.node",
    files: () => [
      ...shared("plan"),
      ...shared("addon"),
      ...sources("src/darwin/plan"),
      ...sources("src/darwin/addon"),
    ],
    // The functions of Node-API are those of the program that loads it.
    flags: () => [
      "-shared",
      "-fvisibility=hidden",
      "-Wl,-undefined,dynamic_lookup",
      `-I${path.relative(root, nodeApi())}`,
    ],
  },
];

/**
 * @param {"x64" | "arm64"} cpu
 * @param {string} directory absolute
 * @throws Error with the compiler's own words, or with what is wrong with what it made
 */
export function buildDarwin(cpu, directory) {
  const target = `${cpu === "x64" ? "x86_64" : "aarch64"}-macos.${OLDEST}`;
  for (const { output, files, flags } of PRODUCTS) {
    const file = path.join(directory, output);
    // Relative paths: what the compiler is called with must not depend on where the checkout lies.
    const relative = files().map((name) => path.relative(root, name));
    zigCc(target, [...FLAGS, ...HARDENED, ...SMALL, ...flags(), "-o", file, ...relative]);
    const kind = output.endsWith(".node") ? "library" : "program";
    const problems = problemsOf(readFileSync(file), { cpu, kind, oldest: OLDEST });
    if (problems.length > 0) throw new Error(`${output} for macOS on ${cpu}: ${problems.join("; ")}`);
  }
}

/**
 * A byte that was changed after signing has to be found, or the check would say nothing.
 *
 * @param {Buffer} bytes
 */
function proveCheck(bytes) {
  const at = bytes.length >> 1;
  bytes[at] = ~(bytes[at] ?? 0) & 0xff;
  if (signatureProblems(bytes, readMachO(bytes)).length === 0)
    throw new Error("a damaged page passes for a signed one");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const cpu of /** @type {const} */ (["x64", "arm64"])) {
    const directory = path.join(root, `dist/darwin-${cpu}`);
    mkdirSync(directory, { recursive: true });
    buildDarwin(cpu, directory);
    if (cpu === "arm64") proveCheck(readFileSync(path.join(directory, "nono-launch")));
    process.stdout.write(`macOS on ${cpu}: compiled, linked${cpu === "arm64" ? " and signed" : ""}\n`);
  }
}
