// A C compiler for every platform: `zig cc`, from PyPI's package ziglang, which brings the headers and libraries of all of
// them. It is installed once, into $XDG_CACHE_HOME/nono-build, and keeps there what it has compiled of each libc.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./compile.mjs";

/** https://pypi.org/project/ziglang/ */
const ZIG = "0.14.1";

/**
 * @param {string} target as zig names it
 * @param {readonly string[]} args
 * @throws Error with the compiler's own words, or where there is no compiler to be had
 */
export function zigCc(target, args) {
  const directory = path.join(cache(), "zig");
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: directory, ZIG_LOCAL_CACHE_DIR: directory };
  const done = spawnSync(compiler(), ["cc", "-target", target, ...args], {
    cwd: root,
    encoding: "utf8",
    env,
  });
  if (done.status !== 0)
    throw new Error(`zig cc for ${target} failed:\n${done.stderr ?? done.error?.message}`);
}

/** Put in place by one rename, so that a directory that is there is whole. */
function compiler() {
  const place = path.join(cache(), `ziglang-${ZIG}`);
  const executable = path.join(place, "ziglang/zig");
  if (existsSync(executable)) return executable;
  const fresh = `${place}.${process.pid}`;
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--target", fresh];
  mkdirSync(cache(), { recursive: true });
  const done = spawnSync("python3", [...pip, `ziglang==${ZIG}`], { encoding: "utf8" });
  if (done.status !== 0)
    throw new Error(`no compiler: pip install ziglang==${ZIG}: ${done.stderr ?? done.error?.message}`);
  if (existsSync(executable)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, place);
  return executable;
}

function cache() {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "nono-build");
}
