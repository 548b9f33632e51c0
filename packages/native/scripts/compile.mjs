// The one way in which this package calls the C compiler.

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** C11 with the GNU names of the kernel's interface; a warning is an error. */
export const FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-D_LARGEFILE64_SOURCE", "-Wall", "-Wextra", "-Werror"];

const HARDENED = ["-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"];
/** Without tables for unwinding, a tenth of the whole: nothing of ours throws, cancels a thread or walks up a stack. */
const SMALL = [
  ...["-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-s"],
  ...["-fno-asynchronous-unwind-tables", "-fno-unwind-tables"],
];

/**
 * What this package is for, and how each is linked.
 *
 * @type {readonly Readonly<{ output: string, folders: string[], isStatic: boolean, flags(headers: string): string[] }>[]}
 */
export const PRODUCTS = [
  {
    output: "nono-launch",
    folders: ["src/plan", "src/launch"],
    isStatic: true,
    flags: () => [...HARDENED, ...SMALL, "-static"],
  },
  {
    output: "nono",
    folders: ["src/front"],
    isStatic: true,
    flags: () => [...HARDENED, ...SMALL, "-static"],
  },
  {
    output: "nono.node",
    folders: ["src/plan", "src/addon", "src/supervise"],
    isStatic: false,
    flags: (headers) => [
      ...HARDENED,
      ...SMALL,
      "-shared",
      "-fPIC",
      "-fvisibility=hidden",
      "-Wl,-z,relro,-z,now",
      `-I${headers}`,
    ],
  },
];

/** Where the headers of Node-API lie; they come from npm. */
export const nodeApi = () => createRequire(import.meta.url)("node-api-headers").include_dir;

const MISSING = "nono: no C compiler: install one (Debian: apt install gcc libc6-dev) and run this again";

/**
 * Every C source directly in a folder of this package, sorted, so that the same sources give the same binary.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function sources(folder) {
  const names = readdirSync(`${root}${folder}`).filter((name) => name.endsWith(".c"));
  return names.sort().map((name) => `${root}${folder}/${name}`);
}

/**
 * The time of the newest of these files and of all files below these folders, in milliseconds.
 *
 * @param {readonly string[]} paths
 * @returns {number}
 */
export function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const stat = statSync(path);
      return stat.isDirectory() ? newest(readdirSync(path).map((name) => `${path}/${name}`)) : stat.mtimeMs;
    }),
  );
}

/**
 * Runs the compiler; ends this process with one line where there is none, and with its own words where it fails.
 *
 * @param {readonly string[]} args
 */
export function compile(args, compiler = process.env.CC ?? "cc") {
  const done = spawnSync(compiler, args, { cwd: root, encoding: "utf8" });
  if (done.status === 0) return;
  if (done.error !== undefined || !compilesAnything(compiler)) stop(MISSING);
  stop(done.stderr.trimEnd());
}

/**
 * False also where only libc's headers or its static library are missing.
 *
 * @param {string} compiler
 */
function compilesAnything(compiler) {
  const program = '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n';
  const args = ["-x", "c", "-", "-static", "-o", "/dev/null"];
  return spawnSync(compiler, args, { input: program }).status === 0;
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
