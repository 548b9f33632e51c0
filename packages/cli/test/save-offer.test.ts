// After an interactive run in which things were refused nono offers to grant them from now on. A person at a terminal
// is asked, by nobody else's text, and silence means no.

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const FILES = { "home/out/a": "a\n", "home/out/b": "b\n", "home/.ssh/id": "key" };
const OWN = "home/.config/nono/profiles/default-approved.json";
const READ_ALL = "cat ~/out/a ~/out/b ~/.ssh/id";

type Terminal = Readonly<{
  ended: Promise<number | null>;
  shown(): string;
  type(text: string): void;
  shows(text: string): Promise<void>;
}>;

/** A command line on a terminal of its own (script(1)). */
function onTerminal(world: World, line: string, env: Readonly<Record<string, string>> = {}): Terminal {
  const child: ChildProcess = spawn("script", ["-qec", line, "/dev/null"], {
    cwd: world.project,
    env: { ...world.env, TERM: "xterm", NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  child.stdout?.on("data", (chunk) => {
    shown += String(chunk);
  });
  return {
    ended: new Promise((resolve) => child.once("close", resolve)),
    shown: () => shown.replaceAll("\r\n", "\n"),
    type: (text) => void child.stdin?.write(text),
    shows: (text) => until(() => shown.includes(text)),
  };
}

/** `nono run` of a shell script, as a command line. */
function shell(script: string, ...flags: string[]): string {
  const words = [NONO, "run", ...flags, "--", "sh", "-c", script];
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

function ownProfile(world: World) {
  return JSON.parse(world.read(OWN));
}

describe("the offer to save what was refused", () => {
  it("writes what was chosen, after it was shown and confirmed; and that is enough", async () => {
    await using world = await makeWorld(FILES);
    const terminal = onTerminal(world, shell(READ_ALL));
    await terminal.shows("nono: which?");
    expect(terminal.shown()).toContain(`nono: a profile of yours, default-approved, could grant
  1  read ${world.home}/out/a
  2  read ${world.home}/out/b
`);
    terminal.type("2\r");
    await terminal.shows("[y/N]");
    expect(terminal.shown()).toContain(`nono: ${world.at(OWN)} (new, extends default)
  + filesystem.read_file: ~/out/b
`);
    expect(fs.existsSync(world.at(OWN))).toBe(false);
    terminal.type("y\r");
    expect(await terminal.ended).toBe(1);
    expect(ownProfile(world)).toMatchObject({ extends: "default", filesystem: { read_file: ["~/out/b"] } });
    expect(fs.statSync(world.at(OWN)).mode & 0o777).toBe(0o600);
    const second = await world.nono(
      "run",
      "-s",
      "-p",
      "default-approved",
      "--",
      "cat",
      `${world.home}/out/b`,
    );
    expect(second).toMatchObject({ code: 0, stdout: "b\n" });
  });

  it("is not of a path with a secret in it, and says so", async () => {
    const token = `ghp_${"a1".repeat(18)}`;
    await using world = await makeWorld({
      [`home/out/${token}`]: "",
      "home/out/injected-hunter2": "",
      "home/out/b": "b\n",
    });
    const flags = ["--secret-env", "env://SWORDFISH=MY_KEY"];
    const script = `cat ~/out/${token} "$HOME/out/$MY_KEY" ~/out/b`;
    const terminal = onTerminal(world, shell(script, ...flags), { SWORDFISH: "injected-hunter2" });
    await terminal.shows("nono: which?");
    expect(terminal.shown()).toContain(`nono: a profile of yours, default-approved, could grant
  1  read ${world.home}/out/b
  and not 2 more, in which there is, or seems to be, a secret
`);
    terminal.type("all\r");
    await terminal.shows("[y/N]");
    terminal.type("y\r");
    await terminal.ended;
    expect(ownProfile(world).filesystem).toEqual({ read_file: ["~/out/b"] });
    expect(world.read(OWN)).not.toMatch(/ghp_|hunter2|redacted/);
  });

  it("adds to the same profile the next time", async () => {
    await using world = await makeWorld(FILES);
    for (const [flags, answer] of [
      [[], "1"],
      [["-p", "default-approved"], "all"],
    ] as const) {
      const terminal = onTerminal(world, shell(READ_ALL, ...flags));
      await terminal.shows("nono: which?");
      terminal.type(`${answer}\r`);
      await terminal.shows("[y/N]");
      terminal.type("y\r");
      await terminal.ended;
    }
    expect(ownProfile(world).filesystem.read_file.toSorted()).toEqual(["~/out/a", "~/out/b"]);
  });

  it.each([
    ["\r", undefined],
    ["\u0004", undefined],
    ["\u0003", undefined],
    ["9\r", undefined],
    ["yes please\r", undefined],
    ["all\r", "\r"],
    ["all\r", "n\r"],
  ])("writes nothing after %j and %j", async (which, confirm) => {
    await using world = await makeWorld(FILES);
    const terminal = onTerminal(world, shell(READ_ALL));
    await terminal.shows("nono: which?");
    terminal.type(which);
    if (confirm !== undefined) {
      await terminal.shows("[y/N]");
      terminal.type(confirm);
    }
    expect(await terminal.ended).toBe(1);
    expect(fs.existsSync(world.at(OWN))).toBe(false);
    // Whoever meant something is told that it was not understood.
    const meant = ["9\r", "yes please\r"].includes(which);
    expect(terminal.shown().includes("is not among these: nothing was written\n")).toBe(meant);
  });

  it("is not answered by what was typed before it, with or without its end of line", async () => {
    await using world = await makeWorld(FILES);
    const terminal = onTerminal(
      world,
      shell(`${READ_ALL}; echo ready; while ! test -e go; do sleep 0.01; done`, "--allow-cwd"),
    );
    await terminal.shows("ready");
    terminal.type("all\ry\r");
    terminal.type("all");
    await terminal.shows("all\r\ny\r\nall"); // the terminal has it
    fs.writeFileSync(world.at("project/go"), "");
    await terminal.shows("nono: which?");
    terminal.type("\r");
    await terminal.ended;
    expect(fs.existsSync(world.at(OWN))).toBe(false);
  });

  it("shows names that a program has chosen without their control characters", async () => {
    await using world = await makeWorld({ "home/\u001b[2Jx": "x" });
    const named = onTerminal(world, shell('cat "$HOME/$(printf "\\033[2Jx")"'));
    await named.shows("nono: which?");
    named.type("1\r");
    await named.shows("[y/N]");
    named.type("\r");
    await named.ended;
    const offer = named.shown().slice(named.shown().indexOf("nono: a profile"));
    expect(offer).toContain("2Jx");
    expect(offer).not.toContain("\u001b[2J");
  });

  it.each([
    [["--no-save-prompt"], {}],
    [["--no-diagnostics"], {}],
    [["-s"], {}],
    [[], { NONO_NO_SAVE_PROMPT: "1" }],
  ])("is not made with %j and %j", async (flags, env) => {
    await using world = await makeWorld(FILES);
    const terminal = onTerminal(world, shell(READ_ALL, ...flags), env as Record<string, string>);
    expect(await terminal.ended).toBe(1);
    expect(terminal.shown()).not.toContain("which?");
  });

  it.each(["</dev/null", "2>log", "<log"])("is made to nobody with %s", async (redirection) => {
    await using world = await makeWorld({ ...FILES, "project/log": "all\ny\n" });
    const terminal = onTerminal(world, `${shell(READ_ALL)} ${redirection}`);
    expect(await terminal.ended).toBe(1);
    expect(terminal.shown()).not.toContain("which?");
    expect(fs.existsSync(world.at(OWN))).toBe(false);
  });

  it("is not made for what is denied, nor for blocked commands", async () => {
    await using world = await makeWorld(FILES);
    const terminal = onTerminal(world, shell("cat ~/.ssh/id; env rm x; ls ~/.config/nono"));
    await terminal.ended;
    expect(terminal.shown()).toContain("nono: refused");
    expect(terminal.shown()).not.toContain("which?");
  });
});
