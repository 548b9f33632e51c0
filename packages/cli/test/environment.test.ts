import path from "node:path";
import { expect, it } from "vitest";
import { makeWorld, NONO } from "./support/world.ts";

const RUNTIME = path.join(path.dirname(NONO), "nono-runtime");

const SECRETS = {
  GITHUB_TOKEN: "ghp_x",
  AWS_SECRET_ACCESS_KEY: "x",
  LD_PRELOAD: "/no/such.so",
  NODE_OPTIONS: "--no-warnings",
  BUN_OPTIONS: "",
  HARMLESS: "fine",
};

it("withholds secrets and loader variables, names them before the start, and passes the rest", async () => {
  await using world = await makeWorld();
  const { stdout, stderr } = await world.nonoWith({ env: SECRETS }, "run", "--", "env");
  const names = stdout.split("\n").map((line) => line.split("=")[0]);
  expect(names).toContain("HARMLESS");
  for (const name of Object.keys(SECRETS).filter((one) => one !== "HARMLESS"))
    expect(names).not.toContain(name);
  for (const name of ["GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "LD_PRELOAD", "NODE_OPTIONS"])
    expect(stderr.replace(/\s+/g, " ")).toMatch(new RegExp(`withheld [^:]*${name}`));
  expect(stderr).not.toContain("ghp_x");
});

it("passes a secret that is allowed by name or pattern, but nothing that loads code", async () => {
  await using world = await makeWorld();
  const allow = ["--allow-env", "GITHUB_TOKEN", "--allow-env", "AWS_*", "--allow-env", "LD_*"];
  const { stdout } = await world.nonoWith({ env: SECRETS }, "run", "-s", ...allow, "--", "env");
  expect(stdout).toContain("GITHUB_TOKEN=ghp_x\n");
  expect(stdout).toContain("AWS_SECRET_ACCESS_KEY=x\n");
  expect(stdout).not.toContain("LD_PRELOAD");
});

it("is not steered by what its runtime would obey", async () => {
  const ran = 'require("node:fs").writeFileSync("ran", "")';
  await using world = await makeWorld({ "project/preload.js": ran });
  for (const env of [
    { BUN_OPTIONS: "--preload=./preload.js" },
    { BUN_INSPECT_PRELOAD: "./preload.js" },
    { BUN_CONFIG_PRELOAD: "./preload.js" },
    { BUN_INSPECT: "127.0.0.1:0" },
    { BUN_BE_BUN: "1" },
  ]) {
    const { stdout, stderr } = await world.nonoWith({ env }, "--version");
    expect(stdout).toMatch(/^nono \d/);
    expect(stderr).toBe("");
    expect((await world.nonoWith({ env }, "run", "-s", "--read", ".", "--", "ls")).stdout).toBe(
      "preload.js\n",
    );
  }
});

it("is not steered by options of its runtime's engine, which can put other code in the place of nono's", async () => {
  await using world = await makeWorld({
    "project/overrides": "override %%%{ return 1; }%%% with %%%{ return 2; }%%%\n",
  });
  const [harmless, loading] = ["BUN_JSC_dumpOptions=1", "BUN_JSC_functionOverrides=overrides"];
  const started = await world.bare("env", harmless, loading, NONO, "--version");
  expect(started).toMatchObject({ code: 0, stderr: "" });

  // control: the runtime alone obeys them, but for the one that was taken out of it
  expect((await world.bare("env", harmless, RUNTIME, "--version")).stderr).toContain("dumpOptions=1");
  expect((await world.bare("env", loading, RUNTIME, "--version")).stderr).toContain("invalid");
});

it("keeps values that are not UTF-8, byte by byte", async () => {
  await using world = await makeWorld();
  const { NONO } = await import("./support/world.ts");
  const script = `ODD="$(printf 'a\\377b')" ${NONO} run -s -- sh -c 'printf %s "$ODD"' | od -An -tx1`;
  expect((await world.bare("sh", "-c", script)).stdout.trim()).toBe("61 ff 62");
});

it("loads nothing from the working directory", async () => {
  const preload = 'require("fs").writeFileSync("ran", "")';
  await using world = await makeWorld({
    "project/.env": "NONO_ALLOW=/\nHARMLESS=from-dot-env\n",
    "project/bunfig.toml": 'preload = ["./preload.js"]\n',
    "project/preload.js": preload,
    "project/package.json": '{ "name": "x", "scripts": {} }',
    "project/tsconfig.json": "{",
  });
  const { code, stdout } = await world.nono(
    "run",
    "-s",
    "--read",
    ".",
    "--",
    "sh",
    "-c",
    "ls; echo $HARMLESS",
  );
  expect(code).toBe(0);
  expect(stdout).toBe("bunfig.toml\npackage.json\npreload.js\ntsconfig.json\n\n");
});

it("leaves the number of open files where whoever started nono had it, not where its runtime put it", async () => {
  await using world = await makeWorld({});
  const script = 'ulimit -Sn 321; "$@"; ulimit -Hn';
  for (const command of ["run", "wrap"]) {
    const nono = [NONO, command, "-s", "--allow-cwd", "--", "sh", "-c", "ulimit -Sn; ulimit -Hn"];
    const { stdout } = await world.bare("sh", "-c", script, "sh", ...nono);
    const [soft, hard, own] = stdout.split("\n");
    expect([soft, hard]).toEqual(["321", own]);
  }
});
