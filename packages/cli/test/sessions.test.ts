// nono ps: which sessions there are, and where each of them stands.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { startSession } from "./support/sessions.ts";
import { makeWorld, until, type World } from "./support/world.ts";

type Listed = Readonly<Record<string, unknown>>;

async function listed(world: World, ...options: string[]): Promise<readonly Listed[]> {
  return JSON.parse((await world.nono("ps", "--json", ...options)).stdout);
}

describe("nono ps", () => {
  it("says nothing where there was no session yet", async () => {
    await using world = await makeWorld();
    expect(await world.nono("ps")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(await listed(world, "--all")).toEqual([]);
  });

  it("lists what runs, and with --all how the others ended, newest first", async () => {
    await using world = await makeWorld();
    await world.nono("run", "-s", "--no-audit", "--", "sh", "-c", "exit 3");
    await world.nono("run", "-s", "--rollback", "--allow-cwd", "--", "sh", "-c", "kill -TERM $$");
    await using session = await startSession(world, "sleep 1000", "--name", "web");
    expect(await listed(world)).toMatchObject([
      { session_id: session.id, name: "web", state: "running", exit_code: null, cwd: world.project },
    ]);
    expect(await listed(world, "--all")).toMatchObject([
      { session_id: session.id, state: "running", features: ["audit"], ended: null },
      { state: "ended", name: null, exit_code: null, signal: "SIGTERM", features: ["audit", "rollback"] },
      { state: "ended", exit_code: 3, signal: null, features: [], ended: expect.stringMatching(/Z$/) },
    ]);
    const table = (await world.nono("ps", "--all")).stdout.trimEnd().split("\n");
    expect(table.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ["ID", "NAME", "STATE"],
      [session.id, "web", "running"],
      [expect.any(String), "-", "SIGTERM"],
      [expect.any(String), "-", "exit 3"],
    ]);
  });

  it("cuts long commands to the width, and shows what is in them safely", async () => {
    await using world = await makeWorld();
    const hostile = ": '\u001b[2J\u202e\n"; // clears the screen, turns the line around, begins another
    await using session = await startSession(world, `sleep 1000; ${hostile}${"long ".repeat(100)}'`);
    for (const columns of ["80", "50"]) {
      const { stdout } = await world.nonoWith({ env: { COLUMNS: columns } }, "ps");
      const [, line = "", ...others] = stdout.trimEnd().split("\n");
      expect(others).toEqual([]);
      expect(line.startsWith(session.id)).toBe(true);
      expect(line.endsWith("…")).toBe(true);
      expect(line.length).toBeLessThanOrEqual(Number(columns));
      expect(stdout).not.toMatch(/[\u001b\u202e]/);
    }
  });

  it("keeps no secret of a command line", async () => {
    await using world = await makeWorld();
    const words = ["true", "--password", "hunter2", "of", "swordfish-1"];
    const options = ["-s", "--rollback", "--allow-cwd", "--allow-env", "GITHUB_TOKEN"];
    await world.nonoWith({ env: { GITHUB_TOKEN: "swordfish-1" } }, "run", ...options, "--", ...words);
    const [{ command } = {}] = await listed(world, "--all");
    expect(command).toEqual(["true", "--password", "[redacted]", "of", "[redacted]"]);
    const state = world.at("home/.local/state");
    const texts = fs
      .readdirSync(state, { recursive: true, encoding: "utf8" })
      .map((name) => `${state}/${name}`)
      .filter((file) => fs.statSync(file).isFile())
      .map((file) => fs.readFileSync(file, "latin1"));
    expect(texts.filter((text) => text.includes('"true"')).length).toBeGreaterThanOrEqual(3); // control
    expect(texts.filter((text) => /hunter2|swordfish/.test(text))).toEqual([]);
  });
});

describe("a supervisor that was killed", () => {
  it("is noticed, by its number and its start time", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, "sleep 1000", "--name", "web");
    session.nono.kill("SIGKILL");
    await session.ended;
    expect(await listed(world)).toEqual([]);
    expect(await listed(world, "--all")).toMatchObject([{ session_id: session.id, state: "interrupted" }]);

    // Its name is free, and a process that has its number now is not taken for it.
    await using next = await startSession(world, "sleep 1000", "--name", "web");
    const file = `${session.directory}/session.json`;
    const record = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(
      file,
      JSON.stringify({ ...record, supervisor: { ...record.supervisor, pid: next.nono.pid } }),
    );
    expect(await listed(world)).toMatchObject([{ session_id: next.id }]);
    // Control: it is the start time that tells.
    const { supervisor } = JSON.parse(fs.readFileSync(`${next.directory}/session.json`, "utf8"));
    fs.writeFileSync(file, JSON.stringify({ ...record, supervisor }));
    expect(await listed(world)).toHaveLength(2);
  });
});

describe("a name", () => {
  it("is of one living session only", async () => {
    await using world = await makeWorld();
    await using first = await startSession(world, "sleep 1000", "--name", "web");
    const second = await world.nono("run", "--allow-cwd", "--name", "web", "--", "sh", "-c", ": > started");
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toContain(`a session named web runs already, ${first.id}`);
    expect(fs.existsSync(world.at("project/started"))).toBe(false);
    first.nono.kill("SIGTERM");
    await first.ended;
    expect(await world.nono("run", "-s", "--name", "web", "--", "true")).toMatchObject({ code: 0 });
  });

  it("goes to one of many that want it at once", async () => {
    await using world = await makeWorld();
    const wait = "while [ ! -e over ]; do sleep 0.01; done";
    let done = 0;
    const starts = Array.from({ length: 5 }, () =>
      world.nono("run", "--allow-cwd", "--name", "web", "--", "sh", "-c", wait).finally(() => done++),
    );
    await until(() => done === 4);
    fs.writeFileSync(world.at("project/over"), "");
    expect((await Promise.all(starts)).map(({ code }) => code).sort()).toEqual([0, 1, 1, 1, 1]);
  });

  it.each(["2026", "a b", "-x", "", "a/b", "\u001b[2J", "x".repeat(64)])("is not %j", async (name) => {
    await using world = await makeWorld();
    const outcome = await world.nono("run", `--name=${name}`, "--", "true");
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).not.toMatch(/\u001b/);
  });
});
