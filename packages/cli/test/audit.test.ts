// Sessions keep a record: what is in it, and that what was changed in it shows.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const started = (world: World, script: string, ...options: string[]) =>
  world.nono("run", "--allow-cwd", ...options, "--", "sh", "-c", script);

async function listed(world: World) {
  return JSON.parse((await world.nono("audit", "list", "--json")).stdout);
}

async function shown(world: World, ...named: string[]) {
  return JSON.parse((await world.nono("audit", "show", ...named, "--json")).stdout);
}

const logs = (world: World) => world.at("home/.local/state/nono/audit/sessions");
const logOf = (world: World, id: string) => `${logs(world)}/${id}.jsonl`;

describe("a session", () => {
  it("has a record with the fields of the seed, and more", async () => {
    await using world = await makeWorld({ "project/a": "a\n" });
    await started(world, "echo done; echo b > b; exit 3", "--rollback");
    expect(await shown(world)).toMatchObject({
      command: ["sh", "-c", "echo done; echo b > b; exit 3"],
      started: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00$/),
      ended: expect.stringMatching(/\+00:00$/),
      exit_code: 3,
      session_id: expect.stringMatching(/^\d{8}-\d{6}-\d+$/),
      tracked_paths: [world.project],
      merkle_roots: [expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)],
      snapshots: [
        { number: 0, changes: [], file_count: 1, timestamp: expect.stringMatching(/^\d{10}$/) },
        { number: 1, changes: [{ path: `${world.project}/b`, kind: "added" }], file_count: 2 },
      ],
      state: "ended",
      signal: null,
      executable: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      profile: { name: "default" },
      cwd: world.project,
    });
  });

  it("is listed newest first, and what is refused in it is recorded", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    await started(world, "cat ~/.ssh/id");
    await started(world, "kill -9 $$");
    const [second, first, ...others] = await listed(world);
    expect(others).toEqual([]);
    expect(second).toMatchObject({ state: "ended", exit_code: null, signal: "SIGKILL" });
    const record = await shown(world, first.session_id);
    expect(record.events).toContainEqual(
      expect.objectContaining({
        kind: "denied",
        operation: "open",
        path: world.at("home/.ssh/id"),
        process: expect.objectContaining({ name: "cat" }),
      }),
    );
    const { stdout } = await world.nono("audit", "show", first.session_id);
    expect(stdout).toMatch(/denied +open \S+\/\.ssh\/id, by cat/);
  });

  it("has every command that was executed in it, and secrets in those are left out", async () => {
    await using world = await makeWorld();
    const script = "p=$(printf 'a\\377b'); /usr/bin/env --chdir=/ true \"$p\" --token=hunter2";
    await started(world, script);
    const { events, session_id: id } = await shown(world);
    const executed = events.filter(({ kind }: { kind: string }) => kind === "executed");
    expect(executed[0]).toMatchObject({ command: ["sh", "-c", expect.any(String)], cwd: world.project });
    const [env, last] = executed.slice(-2);
    expect(last).toMatchObject({
      path: fs.realpathSync("/usr/bin/true"),
      command: ["true", "a\udcffb", "--token=[redacted]"],
      cwd: "/",
      redacted: ["/command/2"],
      process: { pid: env.process.pid, parent: executed[0].process.pid },
    });
    expect(fs.readFileSync(logOf(world, id), "utf8")).not.toContain("hunter2");
    expect((await world.nono("audit", "show")).stdout).toMatch(/executed +.*true/);
  });

  it("keeps every byte of an argument", async () => {
    await using world = await makeWorld();
    await world.bare("bash", "-c", `exec "$0" run --allow-cwd -- true $'a\\xffb' 'c d'`, NONO);
    expect((await shown(world)).command).toEqual(["true", "a\udcffb", "c d"]);
    const [log = ""] = fs.readdirSync(logs(world));
    expect(fs.readFileSync(`${logs(world)}/${log}`, "utf8")).toContain('{"base64":"Yf9i"}');
  });

  it("has none with --no-audit, and says so", async () => {
    await using world = await makeWorld();
    expect((await started(world, "true", "--no-audit")).stderr).toContain("no record is kept");
    expect(await listed(world)).toEqual([]);
    expect(await world.nono("audit", "show")).toMatchObject({ code: 1 });
  });

  it("does not start where nothing can be recorded", async () => {
    await using world = await makeWorld({ "home/.local/state/nono/audit": "a file" });
    const { code, stderr, stdout } = await started(world, "echo started");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("--no-audit");
    expect((await started(world, "echo started", "--no-audit")).stdout).toBe("started\n");
  });

  it("is recorded without the secrets in it", async () => {
    await using world = await makeWorld();
    await world.nonoWith(
      { env: { GITHUB_TOKEN: "swordfish-1" } },
      ...["run", "--allow-cwd", "--allow-env", "GITHUB_TOKEN", "--"],
      ...["sh", "-c", ": $1 $2", "sh", "--password=hunter2", "x-swordfish-1"],
    );
    const record = await shown(world);
    expect(record.command).toEqual(["sh", "-c", ": $1 $2", "sh", "--password=[redacted]", "x-[redacted]"]);
    expect(record.redacted).toEqual(["/command/4", "/command/5"]);
    const [log = ""] = fs.readdirSync(logs(world));
    expect(fs.readFileSync(`${logs(world)}/${log}`, "utf8")).not.toMatch(/hunter2|swordfish/);
  });

  it("is recorded without what a profile calls a secret", async () => {
    await using world = await makeWorld({
      "home/.config/nono/profiles/mine.json": JSON.stringify({
        audit: { redact: ["--pin"], redact_patterns: ["EMP-[0-9]+"] },
      }),
    });
    await world.nono("run", "--profile", "mine", "--allow-cwd", "--", "true", "--pin", "1234", "x-EMP-77");
    expect(await shown(world)).toMatchObject({
      command: ["true", "--pin", "[redacted]", "x-[redacted]"],
      redacted: ["/command/2", "/command/3"],
    });
  });

  it("cannot be reached from inside", async () => {
    await using world = await makeWorld();
    const { stdout } = await started(world, `cat ${logs(world)}/*; nono audit list; echo $?`);
    expect(stdout).not.toContain("session");
    expect(await world.nonoWith({ env: { NONO_CAP_FILE: "/x" } }, "audit", "list")).toMatchObject({
      code: 1,
    });
  });
});

describe("a session whose command cannot be started", () => {
  it("is not told from one that was killed by its silence: the record says so", async () => {
    await using world = await makeWorld({
      "project/bad": "\x7fELF",
      "project/lost": "#!/no/such/interpreter\n",
    });
    for (const name of ["bad", "lost"]) fs.chmodSync(world.at(`project/${name}`), 0o755);
    const run = (...words: string[]) => world.nono("run", "--allow-cwd", ...words);
    expect(await run("--", "./bad")).toMatchObject({ code: 126 });
    const lost = await run("--", "./lost");
    expect([lost.code, lost.stderr]).toEqual([
      127,
      expect.stringMatching(
        /nono: cannot execute .\/lost: \/no\/such\/interpreter, which .* does not exist\n$/,
      ),
    ]);
    expect(await run("--rollback", "--rollback-max-files", "1", "--", "true")).toMatchObject({ code: 1 });
    expect(await listed(world)).toMatchObject(
      Array(3).fill({ state: "unstarted", ended: expect.any(String), exit_code: null, signal: null }),
    );
    expect(
      (await world.nono("audit", "list")).stdout.match(/its command could not be started/g),
    ).toHaveLength(3);
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
  });
});

describe("a session that is killed", () => {
  it("shows as interrupted, with all that happened, and later ones record on", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    const child = world.start("run", "--allow-cwd", "--", "sh", "-c", "cat ~/.ssh/id; touch ready; sleep 60");
    await until(() => fs.existsSync(`${world.project}/ready`));
    const [{ session_id: id, state }] = await listed(world);
    expect(state).toBe("running");
    await expect
      .poll(async () => (await shown(world)).events)
      .toContainEqual(expect.objectContaining({ kind: "denied" }));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    await started(world, "true");
    expect((await listed(world)).map((one: { state: string }) => one.state)).toEqual([
      "ended",
      "interrupted",
    ]);
    expect((await shown(world, id)).events).toContainEqual(expect.objectContaining({ kind: "denied" }));
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
  });
});

describe("nono audit verify", () => {
  it("finds what was changed, deleted and cut off", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    for (const script of ["cat ~/.ssh/id", "true", "true"]) await started(world, script);
    const [, , { session_id: id }] = await listed(world);
    const verify = (...args: string[]) => world.nono("audit", "verify", ...args);
    expect(await verify("--all")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("as they were written"),
    });
    const log = fs.readFileSync(logOf(world, id), "utf8");

    fs.writeFileSync(logOf(world, id), log.replace("/.ssh/id", "/.ssh/no"));
    expect(await verify(id)).toMatchObject({ code: 1, stdout: expect.stringContaining("does not continue") });
    const { valid, problems } = JSON.parse((await verify("--all", "--json")).stdout);
    expect([valid, problems[0].session_id]).toEqual([false, id]);

    fs.writeFileSync(logOf(world, id), `${log.split("\n").slice(0, 2).join("\n")}\n`);
    expect(await verify("--all")).toMatchObject({ code: 1 });
    fs.rmSync(logOf(world, id));
    expect(await verify("--all")).toMatchObject({ code: 1, stdout: expect.stringContaining("missing") });
    fs.writeFileSync(logOf(world, id), log);
    expect(await verify("--all")).toMatchObject({ code: 0 });
  });

  it.each([
    [
      "its first line",
      "0",
      (line: string) => line.replace('"command":[', '"command":{"x":[').replace("],", "]},"),
    ],
    ["its first line, which is none any more", "0", () => "{"],
    ["another line", "2", (line: string) => line.replace(/"command":\[.*?\]/, '"command":"\\u001b[2J"')],
  ])("is what to do about a record of which %s was altered, and the others are shown", async (...given) => {
    await using world = await makeWorld();
    for (const script of ["true", "true"]) await started(world, script);
    const [newest, { session_id: id }] = await listed(world);
    const lines = fs.readFileSync(logOf(world, id), "utf8").split("\n");
    const [, number, change] = given;
    lines[Number(number)] = change(lines[Number(number)] ?? "");
    fs.writeFileSync(logOf(world, id), lines.join("\n"));

    const list = await world.nono("audit", "list", "--json");
    const shownToo = await world.nono("audit", "show", id);
    const printed = [list, shownToo, await world.nono("logs", id)].map(
      ({ stdout, stderr }) => stdout + stderr,
    );
    expect(printed.join("\n")).not.toMatch(/[^\n -~]|undefined|not a function|not an object/);
    const ids = JSON.parse(list.stdout).map((one: { session_id: string }) => one.session_id);
    if (number === "0") {
      expect([ids, list.code, shownToo.code]).toEqual([[newest.session_id], 1, 1]);
      for (const { stderr } of [list, shownToo])
        expect(stderr).toMatch(/nono audit verify (--all )?says more/);
    } else {
      expect([ids, shownToo.code]).toEqual([[newest.session_id, id], 0]);
      expect(shownToo.stdout).toContain("executed  not as it was written");
    }
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 1 });
  });

  it("compares the first key with the one that is given", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    const { first_key } = JSON.parse((await world.nono("audit", "verify", "--json")).stdout);
    fs.writeFileSync(world.at("key"), `${first_key}\n`);
    expect(await world.nono("audit", "verify", "--public-key", world.at("key"))).toMatchObject({ code: 0 });
    fs.writeFileSync(world.at("key"), `${first_key}x\n`);
    expect(await world.nono("audit", "verify", "--public-key", world.at("key"))).toMatchObject({ code: 1 });
  });
});

describe("sessions at the same time", () => {
  it("are all recorded, and hold together", async () => {
    await using world = await makeWorld();
    await Promise.all(Array.from({ length: 6 }, () => started(world, "true")));
    expect(await listed(world)).toHaveLength(6);
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
  });
});
