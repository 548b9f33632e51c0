// A damaged or mixed set of files: one line that says what to do, and nothing is started.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeTree, type TestTree } from "../../core/test/support/tree.ts";
import { makeWorld, NONO, type Outcome, outcomeOf } from "./support/world.ts";

const DIST = path.dirname(NONO);
const NATIVE = fileURLToPath(new URL("../../native/", import.meta.url));
const HEADERS = fileURLToPath(new URL("../../../node_modules/node-api-headers/include", import.meta.url));

let tree: TestTree;
beforeAll(async () => {
  tree = await makeTree({ "installed/": "" });
});
afterAll(() => tree[Symbol.asyncDispose]());

const installed = (name: string) => tree.at("installed", name);

beforeEach(() => {
  for (const name of ["nono", "nono.node", "nono-launch"]) {
    fs.rmSync(installed(name), { force: true });
    fs.copyFileSync(path.join(DIST, name), installed(name));
  }
  fs.rmSync(installed("nono-runtime"), { force: true });
  const [from, to] = [path.join(DIST, "nono-runtime"), installed("nono-runtime")];
  try {
    fs.linkSync(from, to); // it is large
  } catch {
    fs.copyFileSync(from, to);
  }
});

/** The launcher, of sources that say they are of another version. */
function buildOtherLauncher(to: string): void {
  const sources = tree.at("sources");
  fs.cpSync(path.join(NATIVE, "include"), path.join(sources, "include"), { recursive: true });
  fs.cpSync(path.join(NATIVE, "src"), path.join(sources, "src"), { recursive: true });
  const header = path.join(sources, "include/plan.h");
  const text = fs.readFileSync(header, "utf8");
  const changed = text.replace(/(#define PLAN_VERSION) \d+u/, "$1 9999u");
  expect(changed).not.toBe(text);
  fs.writeFileSync(header, changed);
  const files = ["plan", "launch"]
    .map((room) => path.join(sources, "src", room))
    .flatMap((room) => fs.readdirSync(room).map((name) => path.join(room, name)))
    .filter((name) => name.endsWith(".c"));
  execFileSync("cc", ["-static", "-D_GNU_SOURCE", "-o", to, ...files]);
}

function planVersion(): number {
  const header = fs.readFileSync(path.join(NATIVE, "include/plan.h"), "utf8");
  return Number(/#define PLAN_VERSION (\d+)u/.exec(header)?.[1]);
}

/** An addon that only has a version. */
function buildOtherAddon(to: string, version: number): void {
  const source = `
    #include <node_api.h>
    NAPI_MODULE_INIT()
    {
      napi_value version;
      napi_create_uint32(env, ${version}, &version);
      napi_set_named_property(env, exports, "planVersion", version);
      return exports;
    }`;
  fs.writeFileSync(tree.at("addon.c"), source);
  execFileSync("cc", ["-shared", "-fPIC", `-I${HEADERS}`, "-o", to, tree.at("addon.c")]);
}

/** A program of a C library that no system has. */
function buildForeignRuntime(to: string): void {
  fs.rmSync(to);
  fs.writeFileSync(tree.at("foreign.c"), "int main(void) { return 0; }");
  execFileSync("cc", ["-Wl,--dynamic-linker=/lib/ld-none.so.1", "-o", to, tree.at("foreign.c")]);
}

/** Cuts, or makes closed, a copy: what it is a link to is the executable of all tests. */
function damageRuntime(damage: (file: string) => void): void {
  const copy = tree.at("copy");
  fs.copyFileSync(installed("nono-runtime"), copy, fs.constants.COPYFILE_FICLONE);
  fs.renameSync(copy, installed("nono-runtime"));
  damage(installed("nono-runtime"));
}

const cut = (name: string, length: number) => fs.truncateSync(installed(name), length);

/** Where a file says for which processor it is; 8 is MIPS. elf(5) */
const E_MACHINE = 18;

const DAMAGES: readonly (readonly [what: string, damage: () => void, line: RegExp])[] = [
  [
    "the executable was moved alone",
    () => remove("nono-runtime", "nono.node", "nono-launch"),
    /nono-runtime is missing in .*: install nono again, with all its files in one directory$/,
  ],
  [
    "the runtime was moved alone",
    () => remove("nono.node", "nono-launch"),
    /nono\.node is missing in .*: install nono again/,
  ],
  [
    "the runtime is cut off",
    () => damageRuntime((file) => fs.truncateSync(file, 1 << 20)),
    /nono-runtime cannot be used \(its end is missing\): install nono again$/,
  ],
  [
    "the runtime is empty",
    () => damageRuntime((file) => fs.truncateSync(file, 0)),
    /nono-runtime cannot be used \(it is no executable of Linux\): install nono again$/,
  ],
  [
    "the runtime is for another processor",
    () => damageRuntime((file) => overwrite(file, E_MACHINE, Buffer.from([8, 0]))),
    /nono-runtime cannot be used \(it is made for another processor\): install nono again$/,
  ],
  [
    "the runtime may not be executed",
    () => damageRuntime((file) => fs.chmodSync(file, 0o644)),
    /nono-runtime cannot be used \(it may not be executed\): install nono again$/,
  ],
  [
    "the runtime is for a C library that is not here",
    () => buildForeignRuntime(installed("nono-runtime")),
    /nono-runtime is for another C library than this system has: install nono for the other one, glibc/,
  ],
  ["the addon is missing", () => remove("nono.node"), /nono\.node is missing in .*: install nono again/],
  [
    "the launcher is missing",
    () => remove("nono-launch"),
    /nono-launch is missing in .*: install nono again/,
  ],
  ["the addon is empty", () => cut("nono.node", 0), /nono\.node cannot be used .*: install nono again/],
  ["the addon is cut off", () => cut("nono.node", 1000), /nono\.node cannot be used \(its end is missing\)/],
  [
    "the launcher is cut off",
    () => cut("nono-launch", 4096),
    /nono-launch cannot be used \(its end is missing\)/,
  ],
  [
    "the launcher is no executable",
    () => write("nono-launch", "#!/bin/sh\necho > started\n"),
    /nono-launch cannot be used \(it is no executable/,
  ],
  [
    "the addon is no library",
    () => write("nono.node", "x".repeat(200_000)),
    /nono\.node cannot be used \(it is no executable/,
  ],
  [
    "the launcher may not be executed",
    () => fs.chmodSync(installed("nono-launch"), 0o644),
    /nono-launch cannot be used \(it may not be executed\)/,
  ],
  [
    "the addon is for another library",
    () => fs.copyFileSync(installed("nono-launch"), installed("nono.node")),
    /nono\.node cannot be used \(.*\): install nono again/,
  ],
  [
    "the addon is of another version",
    () => buildOtherAddon(installed("nono.node"), 9999),
    /nono\.node is of another version than nono: install nono again, all its files of one version/,
  ],
  [
    "the addon lacks what this version needs",
    () => buildOtherAddon(installed("nono.node"), planVersion()),
    /nono\.node is of another version than nono: install nono again, all its files of one version/,
  ],
  [
    "the launcher is of another version",
    () => buildOtherLauncher(installed("nono-launch")),
    /nono-launch is of another version.*: install nono again, all its files of one version/,
  ],
];

function remove(...names: readonly string[]): void {
  for (const name of names) fs.rmSync(installed(name));
}

function write(name: string, text: string): void {
  fs.writeFileSync(installed(name), text);
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const descriptor = fs.openSync(file, "r+");
  fs.writeSync(descriptor, bytes, 0, bytes.length, at);
  fs.closeSync(descriptor);
}

describe("where", () => {
  it.each(DAMAGES)("%s", async (_what, damage, line) => {
    await using world = await makeWorld();
    damage();
    for (const verb of ["run", "wrap", "shell", "learn"]) {
      const start = verb === "shell" ? ["-c", "echo > started"] : ["sh", "-c", "echo > started"];
      const outcome = await outcomeOf(installed("nono"), [verb, "--allow-cwd", "--", ...start], {
        cwd: world.project,
        env: { ...world.env, SHELL: "/bin/sh" },
      });
      expectRefusal(outcome, line, verb);
      expect(fs.readdirSync(world.project)).toEqual([]);
    }
  });

  it("nothing is wrong, it starts: a control", async () => {
    await using world = await makeWorld();
    const options = { cwd: world.project, env: world.env };
    expect(await outcomeOf(installed("nono"), ["run", "-s", "--", "true"], options)).toMatchObject({
      code: 0,
    });
  });
});

function expectRefusal({ code, signal, stdout, stderr }: Outcome, line: RegExp, verb: string): void {
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  expect([signal, stdout], `${verb}: ${stderr}`).toEqual([null, ""]);
  expect([1, 126]).toContain(code);
  expect(last).toMatch(line);
  expect(last).toMatch(/^nono: /);
  expect(stderr).not.toMatch(/\n\s+at |panic|Bun/);
}
