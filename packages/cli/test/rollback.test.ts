// Sessions with --rollback: what is kept of them, and how they are found again.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld, until, type World } from "./support/world.ts";

const FILES = { "project/a.txt": "a\n", "project/b.txt": "b\n", "project/d/c": "c\n" };

const session = (world: World, script: string) =>
  world.nono("run", "--rollback", "--allow-cwd", "--", "sh", "-c", script);

async function listed(world: World) {
  const { stdout } = await world.nono("rollback", "list", "--json");
  return JSON.parse(stdout);
}

describe("a session with --rollback", () => {
  it("is listed with what it changed, newest first", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await session(world, "mv d e");
    const [second, first, ...others] = await listed(world);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      session_id: expect.stringMatching(/^\d{8}-\d{6}-\d+$/),
      state: "ended",
      command: ["sh", "-c", "echo x > a.txt"],
      tracked_paths: [world.project],
      changes: { added: 0, modified: 1, deleted: 0 },
      snapshots: [
        { number: 0, kind: "baseline", file_count: 3 },
        { number: 1, kind: "final", file_count: 3 },
      ],
    });
    expect(second).toMatchObject({ changes: { added: 2, deleted: 2, modified: 0 } });
  });

  it("shows the tree of its changes", async () => {
    await using world = await makeWorld(FILES);
    const { stderr } = await session(
      world,
      "echo x > a.txt; mkdir -p x/y; echo n > x/y/n; ln -s a.txt l; mv d/c c",
    );
    expect(stderr).toMatch(/5 added, 1 modified, 1 deleted/);
    const { stdout } = await world.nono("rollback", "show");
    expect(stdout).toBe(
      [
        `  ${world.project}/`,
        "M   a.txt",
        "A   c",
        "D   d/c",
        "A   l -> a.txt",
        "A   x/",
        "A     y/",
        "A       n",
        "",
      ].join("\n"),
    );
  });
});

describe("a session's id", () => {
  it("may be its beginning, and is nothing else", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await session(world, "echo y > a.txt");
    const [{ session_id: id }] = await listed(world);
    const show = (named: string) => world.nono("rollback", "show", named);
    expect(await show(id)).toMatchObject({ code: 0, stdout: expect.stringContaining("M   a.txt") });
    expect(await show(id.slice(0, 4))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("several sessions"),
    });
    expect(await show("nothing")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no session nothing"),
    });
    expect(await show("")).toMatchObject({ code: 1, stderr: expect.stringContaining("is empty") });
  });
});

describe("an id that names no one session", () => {
  it.each([
    ["show"],
    ["show", "--json"],
    ["verify"],
    ["restore", "--all", "--yes"],
    ["restore", "--dry-run", "--json"],
  ])("is told by nono rollback %s, which then does nothing", async (command, ...options) => {
    await using world = await makeWorld(FILES);
    for (const script of ["echo x > a.txt", "echo y > a.txt"]) await session(world, script);
    const refusal = async (id: string) => {
      const { stdout, stderr, code } = await world.nono("rollback", command, id, ...options);
      expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
      return stderr.replaceAll(/\s+/g, " ");
    };
    expect(await refusal("")).toContain("the id of the session is empty");
    expect(await refusal("20")).toMatch(/20 begins the ids of several sessions: \d{8}-\S+, \d{8}-\S+/);
    expect(await refusal("nothing")).toContain("no session nothing with snapshots");
    expect(await refusal("20260101-000000-1")).toContain("no session 20260101-000000-1 with snapshots");
    expect(await refusal("\u001b[2J")).toContain("no session \\e[2J with snapshots");
    expect(world.read("project/a.txt")).toBe("y\n");
  });
});

describe("nono rollback show --diff", () => {
  it("shows text line by line, and nothing of it raw", async () => {
    await using world = await makeWorld(FILES);
    await session(
      world,
      "printf 'a\\n\\033[2Jb\\tc\\n' > a.txt; printf '\\0\\1' > b.txt; mv d/c $(printf 'd/\\033c')",
    );
    const { stdout } = await world.nono("rollback", "show", "--diff");
    expect(stdout).toContain("@@ -1 +1,2 @@\n a\n+\\e[2Jb\tc\n");
    expect(stdout).toMatch(/^\+ binary, 2 bytes, sha256 [0-9a-f]{64}$/m);
    expect(stdout).toContain("d/\\ec");
    expect(stdout).not.toContain("\u001b");
    const one = await world.nono("rollback", "show", "--diff", "d");
    expect(one.stdout).not.toContain("a.txt");
    expect(await world.nono("rollback", "show", "/etc")).toMatchObject({ code: 1, stdout: "" });
  });

  it("says of a file with holes that its digest is of the data alone", async () => {
    await using world = await makeWorld(FILES);
    await session(
      world,
      `python3 -c 'open("holes", "wb").truncate(8 << 20); open("whole", "wb").write(b"\\0")'`,
    );
    const { stdout } = await world.nono("rollback", "show", "--diff");
    expect(stdout).toMatch(/^\+ binary, 8388608 bytes, sha256 of its data without the holes [0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^\+ binary, 1 bytes, sha256 [0-9a-f]{64}$/m);
    const { changed } = JSON.parse((await world.nono("rollback", "show", "--json")).stdout);
    expect(changed.map(({ after }: { after: { holes: boolean } }) => after.holes)).toEqual([true, false]);
  });
});

describe("nono rollback restore", () => {
  it("takes all back, or what is named, and can be taken back itself", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt; mv d e; echo n > n");
    const left = () => fs.readdirSync(world.project).sort();
    expect(await world.nono("rollback", "restore", "a.txt", "--yes")).toMatchObject({ code: 0 });
    expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("a\n");
    expect(left()).toEqual(["a.txt", "b.txt", "e", "n"]);
    const { stderr, code } = await world.nono("rollback", "restore", "--all", "--yes");
    expect(code).toBe(0);
    expect(left()).toEqual(["a.txt", "b.txt", "d"]);
    const undo = /undo this: nono (.*)/.exec(stderr)?.[1]?.split(" ") ?? [];
    expect(await world.nono(...undo, "--yes")).toMatchObject({ code: 0 });
    expect(left()).toEqual(["a.txt", "b.txt", "e", "n"]);
  });

  it("leaves alone what was changed after the session, and says so", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt; echo x > b.txt");
    fs.writeFileSync(world.at("project/b.txt"), "mine");
    const { stderr, code } = await world.nono("rollback", "restore", "--all", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("b.txt: changed since the session ended");
    expect(fs.readFileSync(world.at("project/b.txt"), "utf8")).toBe("mine");
    expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("a\n");
    expect(await world.nono("rollback", "restore", "--all", "--yes", "--force")).toMatchObject({ code: 0 });
    expect(fs.readFileSync(world.at("project/b.txt"), "utf8")).toBe("b\n");
  });

  it("goes nowhere through links that the session put in the place of a directory and a file", async () => {
    await using world = await makeWorld({ ...FILES, "home/.ssh/c": "a key\n", "home/.ssh/keys": "keys\n" });
    const ssh = `${world.home}/.ssh`;
    await session(world, `mv d gone; ln -s ${ssh} d; ln -sf ${ssh}/keys a.txt; ln -s ${ssh} new`);
    // The control: names alone lead there.
    expect([world.read("project/d/c"), world.read("project/a.txt")]).toEqual(["a key\n", "keys\n"]);
    const { stdout } = await world.nono("rollback", "show", "--diff");
    expect(stdout).toContain(`+ link to ${ssh}`);
    expect(stdout).not.toContain("key\n");
    expect(await world.nono("rollback", "restore", "d", "--yes")).toMatchObject({ code: 0 });
    expect(await world.nono("rollback", "restore", "--all", "--yes", "--force")).toMatchObject({ code: 0 });
    expect([world.read("home/.ssh/c"), world.read("home/.ssh/keys")]).toEqual(["a key\n", "keys\n"]);
    expect(fs.readdirSync(ssh).sort()).toEqual(["c", "keys"]);
    expect(fs.lstatSync(world.at("project/d")).isDirectory()).toBe(true);
    expect([world.read("project/d/c"), world.read("project/a.txt")]).toEqual(["c\n", "a\n"]);
    expect(fs.existsSync(world.at("project/new"))).toBe(false);
  });

  it("does nothing without a word from a person", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    for (const args of [[], ["a.txt"], ["--all"]])
      expect(await world.nono("rollback", "restore", ...args)).toMatchObject({ code: 1 });
    const { stdout } = await world.nono("rollback", "restore", "--dry-run");
    expect(stdout).toContain(`write   ${world.at("project/a.txt")}`);
    expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("x\n");
  });
});

describe("a session whose nono was killed", () => {
  it("is finished by whoever looks next, and can be undone", async () => {
    await using world = await makeWorld(FILES);
    const nono = world.start(
      "run",
      "--rollback",
      "--allow-cwd",
      "--",
      "sh",
      "-c",
      "echo x > a.txt; sleep 60",
    );
    await until(() => fs.readFileSync(world.at("project/a.txt"), "utf8") === "x\n");
    expect((await world.nono("rollback", "restore", "--all", "--yes")).stderr).toContain("in use");
    nono.kill("SIGKILL");
    await new Promise((resolve) => nono.once("close", resolve));
    const { stdout, stderr } = await world.nono("rollback", "list", "--json");
    expect(stderr).toMatch(/ended without its last snapshot: it was taken now, as snapshot 1/);
    expect(JSON.parse(stdout)).toMatchObject([
      { state: "recovered", snapshots: [{}, { kind: "recovered" }] },
    ]);
    expect(await world.nono("rollback", "restore", "--all", "--yes")).toMatchObject({ code: 0 });
    expect(fs.readFileSync(world.at("project/a.txt"), "utf8")).toBe("a\n");
  });
});

describe("nono rollback verify and cleanup", () => {
  it("tell what is damaged, and remove what is old", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await session(world, "echo y > a.txt");
    expect(await world.nono("rollback", "verify")).toMatchObject({ code: 0 });
    expect((await world.nono("rollback", "cleanup", "--keep", "1")).stdout).toMatch(/^1 session removed/);
    expect(await listed(world)).toHaveLength(1);
    const sessions = world.at("home/.local/state/nono/snapshots/sessions");
    const [id] = fs.readdirSync(sessions);
    const file = `${sessions}/${id}/snapshot-1.json`;
    fs.chmodSync(file, 0o600);
    const other = (text: string, digit: string) => text + (digit === "0" ? "1" : "0");
    const tampered = fs
      .readFileSync(file, "utf8")
      .replace(/("merkleRoot":")(.)/, (_, text, digit) => other(text, digit));
    fs.writeFileSync(file, tampered);
    expect(await world.nono("rollback", "verify")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("DAMAGED"),
    });
  });
});

describe("snapshots that somebody wrote anew as a whole", () => {
  it("are found, because the record of the session has their roots", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await session(world, "echo y > a.txt");
    const state = world.at("home/.local/state/nono");
    const [first = "", second = ""] = fs.readdirSync(`${state}/snapshots/sessions`).sort();
    const verify = () => world.nono("rollback", "verify", first);
    expect((await verify()).stdout).toContain("all as they were taken\n  2 roots as recorded");
    const file = (id: string) => `${state}/snapshots/sessions/${id}/snapshot-1.json`;
    fs.rmSync(file(first));
    fs.copyFileSync(file(second), file(first));
    expect(await verify()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/DAMAGED\n.*its root is not the one that was recorded/),
    });
    // The control: by themselves they are in order.
    fs.renameSync(`${state}/audit`, `${state}/gone`);
    expect(await verify()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no record to compare them with"),
    });
  });
});

describe("nono rollback show --runs-later", () => {
  it("lists what runs outside of the sandbox later, and the end of a session says so", async () => {
    await using world = await makeWorld({ ...FILES, "project/.git/config": "[core]\n\tbare = false\n" });
    const script = "echo x > Makefile; printf '\\teditor = ./x\\033[2J\\n' >> .git/config; echo x > notes";
    const { stderr } = await world.nono(
      "run",
      "--rollback",
      "--allow-cwd",
      "--no-guard",
      "--",
      "sh",
      "-c",
      script,
    );
    expect(stderr).toMatch(
      /2 added, 1 modified; 2 of that run later, outside the sandbox\n {2}look: .*--runs-later\n/,
    );
    const { stdout } = await world.nono("rollback", "show", "--runs-later", "--diff");
    expect(stdout).toContain(
      "git runs programs that it names\n    + core.editor = ./x\\e[2J\n@@ -1,2 +1,3 @@\n",
    );
    expect(stdout).toContain("Makefile\n    make runs it\n@@ -0,0 +1 @@\n+x\n");
    expect(stdout).not.toContain("notes");
    const { changed } = JSON.parse((await world.nono("rollback", "show", "--json")).stdout);
    const later = changed.map((one: { path: string; runs_later: unknown }) => [
      one.path.split("/").at(-1),
      one.runs_later,
    ]);
    expect(later).toContainEqual(["Makefile", { why: "make runs it", details: [] }]);
    expect(later).toContainEqual(["notes", null]);
  });
});
