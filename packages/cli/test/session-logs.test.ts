// nono inspect, logs and prune.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { startSession } from "./support/sessions.ts";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

async function json(world: World, ...args: string[]) {
  return JSON.parse((await world.nono(...args, "--json")).stdout);
}

/** What nono says on standard output, as it says it. */
function listening(world: World, ...args: string[]) {
  const nono = world.start(...args);
  let said = "";
  nono.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<number | null>((resolve) => nono.once("close", resolve));
  return { said: () => said, ended };
}

describe("nono inspect", () => {
  it("says what runs in a session, and where the rest is", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, "(sleep 999; :); :", "--name", "web", "--rollback");
    await expect
      .poll(async () => (await json(world, "inspect", "web")).processes)
      .toContainEqual(expect.objectContaining({ command: ["sleep", "999"] }));
    const document = await json(world, "inspect");
    expect(document).toMatchObject({
      session_id: session.id,
      state: "running",
      features: ["audit", "rollback"],
    });
    // The command itself, and not the guardian above it.
    expect(document.processes[0].command.slice(0, 2)).toEqual(["sh", "-c"]);
    const { stdout } = await world.nono("inspect", session.id.slice(0, -1));
    for (const text of [
      "sleep 999",
      `nono logs ${session.id}`,
      `nono rollback show ${session.id}`,
      "running for",
    ])
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(text);
    for (const line of stdout.split("\n"))
      expect(line.length <= 80 || !line.trim().includes(" ") || line.includes(world.project)).toBe(true);
  });

  it("says how one ended, and shows what processes call themselves safely", async () => {
    await using world = await makeWorld();
    const named = "exec -a $'\\e[2J\\u202e' sleep 999";
    await using session = await startSession(world, `bash -c "${named}"`);
    await expect
      .poll(async () =>
        (await json(world, "inspect")).processes.map(({ command }: { command: string[] }) => command[0]),
      )
      .toContain("\u001b[2J\u202e");
    expect((await world.nono("inspect")).stdout).not.toMatch(/[\u001b\u202e]/);
    await world.nono("stop", session.id);
    const { stdout } = await world.nono("inspect", session.id);
    expect(stdout).toMatch(/state +SIGTERM/);
    expect(stdout).toMatch(/snapshots +none are kept/);
    expect(await json(world, "inspect")).toMatchObject({
      state: "ended",
      processes: [],
      counts: { denied: 0 },
    });
  });
});

describe("nono logs", () => {
  it("writes what happened, and with --follow what happens, until the session has ended", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    const wait = "while [ ! -e go ]; do sleep 0.01; done";
    await using session = await startSession(
      world,
      `${wait}; cat ~/.ssh/id; ${wait.replace("go", "over")}`,
      "--name",
      "web",
    );
    const follower = listening(world, "logs", "web", "--follow");
    await until(() => follower.said().includes("start "));
    expect(follower.said()).not.toContain("denied");
    fs.writeFileSync(world.at("project/go"), "");
    await until(() => /denied +open \S+\/\.ssh\/id, by cat/.test(follower.said()));
    expect((await world.nono("logs", "web")).stdout).not.toMatch(/ end +exit/);
    fs.writeFileSync(world.at("project/over"), "");
    expect(await follower.ended).toBe(0);
    expect(await session.ended).toBe(0);
    expect(follower.said()).toMatch(/ end +exit code 0\n$/);
    expect((await world.nono("logs")).stdout).toBe(follower.said());
    const events = (await world.nono("logs", session.id, "--json")).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["start", "denied", "end"]));
    expect(events.length).toBe(follower.said().trimEnd().split("\n").length);
  });

  it("ends when nono is killed, and says that it was", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, "sleep 1000");
    const follower = world.nono("logs", "--follow");
    session.nono.kill("SIGKILL");
    expect(await follower).toMatchObject({ code: 0, stderr: `nono: ${session.id} is over: interrupted\n` });
  });

  it("ends when nobody reads it any more", async () => {
    await using world = await makeWorld();
    await using session = await startSession(world, "while :; do true; sleep 0.1; done");
    const piped = await world.bare(
      "bash",
      "-c",
      `${NONO} logs ${session.id} -f | head -1; echo "\${PIPESTATUS[0]}"`,
    );
    expect(piped).toMatchObject({ code: 0, stderr: "" });
    expect(piped.stdout).toMatch(/ start .*\n0\n$/);
  });

  it("says when nothing was recorded", async () => {
    await using world = await makeWorld();
    expect(await world.nono("logs")).toMatchObject({ code: 1 });
    await world.nono("run", "-s", "--no-audit", "--", "true");
    expect((await world.nono("logs")).stderr).toMatch(
      /^nono: \S+ has no record: it was started with --no-audit\n$/,
    );
    expect(await world.nono("logs", "9")).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("nono prune", () => {
  it("takes what has ended off the list; what runs, the record and the snapshots stay", async () => {
    await using world = await makeWorld();
    for (const script of ["exit 1", "exit 2", "exit 3"])
      await world.nono("run", "-s", "--rollback", "--allow-cwd", "--", "sh", "-c", script);
    await using killed = await startSession(world, "sleep 1000");
    killed.nono.kill("SIGKILL");
    await killed.ended;
    await using running = await startSession(world, "sleep 1000");
    const listed = async () =>
      (await json(world, "ps", "--all")).map((one: { session_id: string }) => one.session_id);
    const [, , third, second, first] = await listed();
    expect(await json(world, "prune", "--older-than", "1h")).toEqual({ removed: [], dry_run: false });
    expect(await json(world, "prune", "--keep", "2", "--dry-run")).toEqual({
      removed: [second, first],
      dry_run: true,
    });
    expect(await listed()).toHaveLength(5);
    expect((await world.nono("prune", "--keep", "2")).stdout).toBe(
      `2 sessions removed\n  ${second}\n  ${first}\n`,
    );
    expect(await listed()).toEqual([running.id, killed.id, third]);
    await world.nono("prune");
    expect(await listed()).toEqual([running.id]);
    expect(fs.existsSync(killed.directory)).toBe(false);
    expect(await world.nono("stop", running.id)).toMatchObject({ code: 0 });
    expect(await json(world, "audit", "list")).toHaveLength(5);
    expect(await json(world, "rollback", "list")).toHaveLength(3);
    expect((await world.nono("logs", first)).stdout).toMatch(/ end +exit code 1\n$/);
  });

  it("takes what was killed before it began, but not what may still begin", async () => {
    await using world = await makeWorld();
    const sessions = world.at("home/.local/state/nono/sessions");
    const [old, fresh, later] = ["20250101-000000-1", "20250101-000000-2", "20250101-000000-3"];
    for (const name of [old, fresh, later])
      fs.mkdirSync(`${sessions}/${name}`, { recursive: true, mode: 0o700 });
    fs.writeFileSync(`${sessions}/${later}/session.json`, '{"format":2}'); // of a later version of nono
    for (const name of [old, later]) fs.utimesSync(`${sessions}/${name}`, 0, 0);
    expect(await json(world, "prune")).toMatchObject({ removed: [old] });
    expect(fs.readdirSync(sessions)).toEqual([fresh, later]);
  });

  it("follows no link, and removes nothing but sessions", async () => {
    await using world = await makeWorld({ "precious/session.json": "{}" });
    const sessions = world.at("home/.local/state/nono/sessions");
    fs.mkdirSync(sessions, { recursive: true, mode: 0o700 });
    fs.symlinkSync(world.at("precious"), `${sessions}/20250101-000000-1`);
    fs.writeFileSync(`${sessions}/notes`, "");
    expect(await json(world, "prune")).toMatchObject({ removed: [] });
    expect(world.read("precious/session.json")).toBe("{}");
  });
});
