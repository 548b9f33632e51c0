// Surroundings that lack what nono keeps things in: one line that says what to do, and nothing is started.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { itAsRoot, itAsUser, itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, NONO, type Outcome, outcomeOf, type World } from "./support/world.ts";

const COMMAND = ["--", "sh", "-c", "echo started"];

const mounts = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/proc"]).status === 0;

/** A user whom no entry of the system names. */
const NAMELESS = ["-U", "--map-user=4100000"];

const nameless = spawnSync("unshare", [...NAMELESS, "true"]).status === 0;

const BUILT = fileURLToPath(new URL("../bin/nono.mjs", import.meta.url));

function expectRefusal(outcome: Outcome, line: RegExp): void {
  expect(outcome).toMatchObject({ code: 1, signal: null, stdout: "" });
  expect(outcome.stderr.trimEnd().split("\n").at(-1)).toMatch(line);
  expect(outcome.stderr).not.toMatch(/\n\s+at /);
}

const withHome = (world: World, home: string, ...args: string[]) =>
  world.nonoWith({ env: { HOME: home } }, ...args);

describe("a home directory", () => {
  it.each(["run", "wrap", "shell", "learn"])(
    "that does not exist is named, and not made: %s",
    async (verb) => {
      await using world = await makeWorld();
      const command = verb === "shell" ? ["--", "-c", "echo started"] : COMMAND;
      const outcome = await withHome(world, world.at("none"), verb, ...command);
      expectRefusal(
        outcome,
        /^nono: the home directory \S+\/none does not exist, .*: set HOME to another, or make it$/,
      );
      expect(fs.existsSync(world.at("none"))).toBe(false);
    },
  );

  it.each([
    ["ps"],
    ["profile", "list"],
    ["profile", "groups"],
    ["approvals", "list"],
    ["audit", "list"],
    ["audit", "verify", "--all"],
    ["audit", "cleanup"],
    ["prune"],
  ])("that does not exist holds nothing, and is not made, where somebody looks: %s %s", async (...words) => {
    await using world = await makeWorld();
    expect(await withHome(world, world.at("none"), ...words)).toEqual(await world.nono(...words));
    expect(fs.existsSync(world.at("none"))).toBe(false);
  });

  it.each([
    ["profile", "init", "mine"],
    ["setup", "--completion", "bash"],
    ["rollback", "list"],
  ])("that does not exist is not made for what would be written: %s %s", async (...words) => {
    await using world = await makeWorld();
    expectRefusal(await withHome(world, world.at("none"), ...words), /home directory \S+ does not exist/);
    expect(fs.existsSync(world.at("none"))).toBe(false);
  });

  it("that is no absolute path is named, even where it exists", async () => {
    await using world = await makeWorld({ "project/rel/": "" });
    for (const words of [
      ["run", ...COMMAND],
      ["rollback", "list"],
      ["audit", "list"],
    ])
      expectRefusal(
        await withHome(world, "rel", ...words),
        /^nono: there is no home directory to protect: HOME is rel, which is not an absolute path: set HOME to an absolute path$/,
      );
    expect(fs.readdirSync(world.at("project/rel"))).toEqual([]);
  });

  itWhere(nameless, "user namespaces")("that nothing names is said to be missing", async () => {
    await using world = await makeWorld();
    const { HOME: _, ...env } = world.env;
    for (const words of [
      ["run", ...COMMAND],
      ["rollback", "list"],
      ["audit", "list"],
    ])
      expectRefusal(
        await outcomeOf("unshare", [...NAMELESS, NONO, ...words], { cwd: "/", env }),
        /^nono: there is no home directory to protect: HOME is not set, and no entry of the user .* HOME to an absolute path$/,
      );
  });

  it("that is a file is named", async () => {
    await using world = await makeWorld({ file: "" });
    for (const home of [world.at("file"), world.at("file/below")])
      expectRefusal(await withHome(world, home, "run", ...COMMAND), /home directory \S+ is not a directory/);
  });

  it("that does not exist is none too few where the state has another place", async () => {
    await using world = await makeWorld();
    const env = { HOME: world.at("none"), XDG_STATE_HOME: world.at("state") };
    expect(await world.nonoWith({ env }, "run", ...COMMAND)).toMatchObject({ code: 0, stdout: "started\n" });
    expect(fs.existsSync(world.at("none"))).toBe(false);
  });

  itAsUser("that cannot be written says where the record could go", async () => {
    await using world = await makeWorld();
    fs.chmodSync(world.home, 0o555);
    try {
      const outcome = await world.nono("run", ...COMMAND);
      expectRefusal(
        outcome,
        /nono cannot hold the record of a session \(.*\): make it writable, or .*XDG_STATE_HOME$/,
      );
      const env = { XDG_STATE_HOME: world.at("state") };
      expect(await world.nonoWith({ env }, "run", ...COMMAND)).toMatchObject({
        code: 0,
        stdout: "started\n",
      });
    } finally {
      fs.chmodSync(world.home, 0o755);
    }
  });

  itWhere(mounts, "mounts of our own")("on a disk that is mounted for reading only says so", async () => {
    await using world = await makeWorld();
    const script = 'mount -t tmpfs -o ro none "$HOME" && exec "$0" "$@"';
    const words = ["-m", "sh", "-c", script, NONO, "run", ...COMMAND];
    const outcome = await outcomeOf("unshare", words, { cwd: world.project, env: world.env });
    expectRefusal(
      outcome,
      /cannot hold the record of a session \(.*read-only.*\): make it writable, or .*XDG_STATE_HOME$/i,
    );
  });
});

describe("a directory of nono's own", () => {
  const STATE = "home/.local/state/nono";
  const WORDS = [
    ...[["run", ...COMMAND], ["wrap", ...COMMAND], ["audit", "list"], ["rollback", "list"], ["ps"]],
    ["secret", "list", "--secret-store", "file"],
  ];

  it("that others may write holds nothing", async () => {
    await using world = await makeWorld({ [`${STATE}/`]: "" });
    expect(await world.nono("run", ...COMMAND)).toMatchObject({ code: 0 });
    fs.chmodSync(world.at(STATE), 0o777);
    for (const words of WORDS)
      expectRefusal(
        await world.nono(...words),
        /^nono: nothing is kept in \S+, because it can be written by everybody: chmod o-w \S+, or .*XDG_STATE_HOME$/,
      );
  });

  itAsRoot("that somebody else has made holds nothing", async () => {
    await using world = await makeWorld({ [`${STATE}/`]: "" });
    fs.chownSync(world.at(STATE), 4_100_000, 4_100_000);
    for (const words of WORDS)
      expectRefusal(await world.nono(...words), /nothing is kept in \S+, because it belongs to user 4100000/);
  });

  it("is out of reach as well where a part of it was moved away, and left as a link", async () => {
    await using world = await makeWorld({ [`${STATE}/`]: "", "disk/audit/": "" });
    const start = () => world.nono("run", "--allow", world.at("disk"), ...COMMAND);
    expect(await start()).toMatchObject({ code: 0, stdout: "started\n" });
    fs.rmSync(world.at(`${STATE}/audit`), { recursive: true });
    fs.symlinkSync(world.at("disk/audit"), world.at(`${STATE}/audit`));
    expectRefusal(await start(), /--allow \S+\/disk would reach \S+\/disk\/audit, which no grant may/);
  });

  it.each([
    ["profiles", "dotfiles"],
    ["profiles/mine.json", "dotfiles/mine.json"],
  ])("grants nothing that a command could write elsewhere, behind %s", async (link, target) => {
    await using world = await makeWorld({ "home/.config/nono/": "", "dotfiles/mine.json": "{}" });
    const start = (option: string) => world.nono("run", option, world.at("dotfiles"), ...COMMAND);
    expect(await start("--allow")).toMatchObject({ code: 0, stdout: "started\n" });
    fs.mkdirSync(path.dirname(world.at(`home/.config/nono/${link}`)), { recursive: true });
    fs.symlinkSync(world.at(target), world.at(`home/.config/nono/${link}`));
    expectRefusal(
      await start("--allow"),
      /--allow \S+ would let the command write \S+\/dotfiles\S*, which grants it its rights/,
    );
    expect(await start("--read")).toMatchObject({ code: 0, stdout: "started\n" });
  });
});

describe("without /proc", () => {
  const words = (...command: string[]) => [
    "-m",
    "sh",
    "-c",
    'mount -t tmpfs none /proc && exec "$0" "$@"',
    ...command,
  ];

  itWhere(mounts, "mounts of our own")("nothing is started, and it is said what to do", async () => {
    await using world = await makeWorld();
    const options = { cwd: world.project, env: world.env };
    for (const verb of ["run", "wrap"])
      for (const nono of [[NONO], [process.execPath, BUILT]]) {
        expectRefusal(
          await outcomeOf("unshare", words(...nono, verb, ...COMMAND), options),
          /^nono: \/proc is not mounted, .*: mount -t proc proc \/proc, or start the container with it$/,
        );
      }
  });
});

describe("a system that nono does not know", () => {
  it.each([
    ["platform", "freebsd", /freebsd/],
    ["arch", "s390x", /s390x/],
  ])("is named, and nothing is started: %s %s", async (property, value, line) => {
    await using world = await makeWorld();
    const pretend = `Object.defineProperty(process, "${property}", { value: "${value}" });`;
    const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
    for (const verb of ["run", "wrap"]) {
      const outcome = await world.bare(process.execPath, "--import", preload, BUILT, verb, ...COMMAND);
      expectRefusal(outcome, line);
    }
  });
});
