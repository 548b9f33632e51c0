// What was recorded can be shown to others: anchors, proofs, cleanups that leave a trace, restores that are recorded, too.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeWorld, type World } from "./support/world.ts";

const started = (world: World, script: string, ...options: string[]) =>
  world.nono("--silent", "run", "--allow-cwd", ...options, "--", "sh", "-c", script);

async function idsOf(world: World): Promise<readonly string[]> {
  const { stdout } = await world.nono("audit", "list", "--json");
  return JSON.parse(stdout).map(({ session_id }: { session_id: string }) => session_id);
}

const said = (text: string) => text.replaceAll(/\s+/g, " ");
const logOf = (world: World, id: string) => world.at(`home/.local/state/nono/audit/sessions/${id}.jsonl`);

describe("nono audit anchor", () => {
  it("keeps what vouches for all sessions in a file, by a command, and on standard output", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    await started(world, "true");
    const file = world.at("anchors.jsonl");
    const script = `cat >> '${world.at("piped")}'`;
    expect(await world.nono("audit", "anchor", "--file", file, "--", "sh", "-c", script)).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("1 checkpoint kept by 2 places"),
    });
    fs.writeFileSync(world.at("printed"), (await world.nono("audit", "anchor")).stdout);
    await started(world, "true");
    await world.nono("audit", "anchor", "--file", file);
    expect(fs.readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);
    for (const name of ["anchors.jsonl", "piped", "printed"]) {
      const verified = await world.nono("audit", "verify", "--all", "--anchor", world.at(name), "--json");
      const { valid, sessions } = JSON.parse(verified.stdout);
      expect([name, valid]).toEqual([name, true]);
      expect(sessions.at(-1)).toMatchObject({ lines: sessions.at(-1).anchored_lines });
    }
  });

  it("is what shows that the whole record was written anew", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    const file = world.at("anchors.jsonl");
    await world.nono("audit", "anchor", "--file", file);
    fs.rmSync(world.at("home/.local/state/nono/audit"), { recursive: true });
    await started(world, "true");
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
    expect(await world.nono("audit", "verify", "--all", "--anchor", file)).toMatchObject({ code: 1 });
    const other = await world.nono("audit", "anchor", "--file", file);
    expect([other.code, said(other.stderr)]).toEqual([1, expect.stringContaining("of other records")]);
    expect(fs.readFileSync(file, "utf8").trim().split("\n")).toHaveLength(1);
  });

  it("adds a git note, and runs nothing that the repository brings along", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", world.project, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
        env: { ...world.env, HOME: world.at("home"), PATH: process.env.PATH },
      }).toString();
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "x");
    git("config", "user.name", "a");
    git("config", "user.email", "a@b");
    const trap = world.at("project/trap");
    fs.writeFileSync(trap, `#!/bin/sh\ntouch '${world.at("sprung")}'\n`, { mode: 0o755 });
    fs.copyFileSync(trap, world.at("project/.git/hooks/reference-transaction"));
    git("config", "core.fsmonitor", trap);
    expect(await world.nono("audit", "anchor", "--git-note", world.project)).toMatchObject({ code: 0 });
    expect(fs.existsSync(world.at("sprung"))).toBe(false);
    git("notes", "add", "-m", "control");
    expect(fs.existsSync(world.at("sprung"))).toBe(true);
    fs.rmSync(world.at("project/.git/hooks/reference-transaction"));
    fs.writeFileSync(world.at("note"), git("notes", "--ref=nono-audit", "show"));
    expect(await world.nono("audit", "verify", "--anchor", world.at("note"))).toMatchObject({ code: 0 });
  });

  it("writes the note into the repository only, whatever the links in it lead to", async () => {
    await using world = await makeWorld({ "home/.bashrc": "# mine\n" });
    await started(world, "true");
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", world.project, ...args], {
        env: { ...world.env, HOME: world.at("home"), PATH: process.env.PATH },
      });
    git("init", "-q");
    git("config", "user.name", `$(touch '${world.at("sprung")}')`);
    git("config", "user.email", "a@b");
    git("commit", "-q", "--allow-empty", "-m", "x");
    const log = world.at("project/.git/logs/refs/notes/nono-audit");
    fs.mkdirSync(world.at("project/.git/logs/refs/notes"));
    fs.symlinkSync(world.at("home/.bashrc"), log);
    const refused = await world.nono("audit", "anchor", "--git-note", world.project);
    expect([refused.code, said(refused.stderr)]).toEqual([1, expect.stringContaining("are not kept by")]);
    expect(fs.readFileSync(world.at("home/.bashrc"), "utf8")).toBe("# mine\n");
    git("notes", "--ref=nono-audit", "add", "-m", "control");
    expect(fs.readFileSync(world.at("home/.bashrc"), "utf8")).toContain("touch");

    fs.mkdirSync(world.at("project/linked"));
    fs.writeFileSync(world.at("project/linked/.git"), `gitdir: ${world.at("home")}\n`);
    const elsewhere = await world.nono("audit", "anchor", "--git-note", world.at("project/linked"));
    expect([elsewhere.code, said(elsewhere.stderr)]).toEqual([1, expect.stringContaining("leads elsewhere")]);
  });

  it("says when nobody keeps it, and when there is nothing to keep", async () => {
    await using world = await makeWorld();
    expect(await world.nono("audit", "anchor")).toMatchObject({ code: 1, stdout: "" });
    await started(world, "true");
    const failed = await world.nono("audit", "anchor", "--", "sh", "-c", "echo no room >&2; exit 3");
    expect([failed.code, said(failed.stderr)]).toEqual([1, expect.stringContaining("sh: no room")]);
    expect(await world.nono("audit", "anchor", "--file", "/dev/full")).toMatchObject({ code: 1 });
    const [id = ""] = await idsOf(world);
    fs.writeFileSync(logOf(world, id), fs.readFileSync(logOf(world, id), "utf8").replace("true", "tree"));
    expect(await world.nono("audit", "anchor", "--file", world.at("a"))).toMatchObject({ code: 1 });
    expect(fs.existsSync(world.at("a"))).toBe(false);
  });
});

describe("a proof", () => {
  it("is checked without the record, and leads back to what was anchored", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    await world.nono("audit", "anchor", "--file", world.at("anchors"));
    const [id = ""] = await idsOf(world);
    const inclusion = await world.nono("audit", "prove", id, "2");
    const continued = await world.nono("audit", "prove", "--since", world.at("anchors"));
    fs.writeFileSync(world.at("proofs"), inclusion.stdout + continued.stdout);
    fs.rmSync(world.at("home/.local/state/nono/audit"), { recursive: true });

    const check = (...args: string[]) => world.nono("audit", "check-proof", ...args);
    const checked = await check("--anchor", world.at("anchors"), world.at("proofs"), "--json");
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.stdout)).toMatchObject([
      { valid: true, kind: "inclusion", session_id: id, event: { n: 2 } },
      { valid: true, kind: "consistency", event: null },
    ]);
    expect(await check(world.at("proofs"))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("if this is its key"),
    });
    fs.writeFileSync(world.at("changed"), inclusion.stdout.replace('"index": 2', '"index": 3'));
    expect(await check(world.at("changed"))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("not proven"),
    });
    expect(await check(world.at("anchors"))).toMatchObject({ code: 1 });
    expect(await check(world.at("nothing"))).toMatchObject({ code: 1 });
  });

  it("leads from one anchor back to a session long before it", async () => {
    await using world = await makeWorld();
    for (let session = 0; session < 4; session++) await started(world, "true");
    const [newest = "", , , oldest = ""] = await idsOf(world);
    const anchors = world.at("anchors");
    await world.nono("audit", "anchor", "--file", anchors);
    const prove = (...args: string[]) => world.nono("audit", "prove", ...args, "--since", anchors);
    const checkedAs = async (input: string) => {
      const { code, stdout } = await world.nonoWith(
        { input },
        ...["audit", "check-proof", "--json", "--anchor", anchors, "-"],
      );
      return { code, kinds: JSON.parse(stdout).map(({ kind }: { kind: string }) => kind) };
    };
    const first = await prove(oldest, "2");
    expect(await checkedAs(first.stdout)).toEqual({ code: 0, kinds: ["inclusion", "history"] });
    const alone = (await world.nono("audit", "prove", oldest, "2")).stdout;
    expect(first.stdout.slice(alone.length)).not.toMatch(/"(command|cwd|host)/); // what the sessions did
    expect(await checkedAs(alone)).toMatchObject({ code: 1 });
    for (const field of ["link", "begun", "number", "sealed", "next"]) {
      const history = first.stdout.slice(alone.length).replace(`"${field}"`, '"other"');
      expect(await checkedAs(alone + history)).toMatchObject({ code: 1 });
    }
    expect(await checkedAs((await prove(newest, "2")).stdout)).toEqual({
      code: 0,
      kinds: ["inclusion", "consistency"],
    });

    await started(world, "true");
    const [later = ""] = await idsOf(world);
    expect(await prove(later, "2")).toMatchObject({ code: 1, stdout: "" });
    const out = await world.nono("audit", "cleanup", "--keep", "2", "--json");
    expect(JSON.parse(out.stdout).removed).toContain(oldest);
    expect(await checkedAs(first.stdout)).toMatchObject({ code: 0 });
  });

  it.each([
    "",
    "\0",
    "{",
    "[]",
    "null",
    "7",
    '{"format":1}',
    '{"format":1,"kind":"history","steps":[{}]}',
    '{"format":1,"kind":"inclusion","session":{"toString":1,"valueOf":1}}',
    "x".repeat(1 << 20),
  ])("is not %.60j", async (input) => {
    await using world = await makeWorld();
    const { code, stdout, stderr } = await world.nonoWith({ input }, "audit", "check-proof", "-");
    expect([code, stdout + stderr]).toEqual([
      1,
      expect.stringMatching(/is no proof|holds no proof|a step of it is none/),
    ]);
  });

  it("and what it leads back to cannot both come from standard input", async () => {
    await using world = await makeWorld();
    expect(await world.nono("audit", "check-proof", "--anchor", "-", "-")).toMatchObject({ code: 2 });
  });

  it("by a key of somebody else does not lead back to what was anchored", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    await world.nono("audit", "anchor", "--file", world.at("anchors"));
    fs.rmSync(world.at("home/.local/state/nono/audit"), { recursive: true });
    await started(world, "true");
    const [id = ""] = await idsOf(world);
    fs.writeFileSync(world.at("proof"), (await world.nono("audit", "prove", id, "2")).stdout);
    expect(await world.nono("audit", "check-proof", world.at("proof"))).toMatchObject({ code: 0 });
    expect(
      await world.nono("audit", "check-proof", world.at("proof"), "--anchor", world.at("anchors")),
    ).toMatchObject({ code: 1 });
  });

  it("of what is not there is none", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    const [id = ""] = await idsOf(world);
    expect(await world.nono("audit", "prove", id, "999")).toMatchObject({ code: 1, stdout: "" });
    expect(await world.nono("audit", "prove", id, "first")).toMatchObject({ code: 2 });
    expect(await world.nono("audit", "prove", "1")).toMatchObject({ code: 0 });
    expect(await world.nono("audit", "prove")).toMatchObject({ code: 2 });
    expect(await world.nono("audit", "prove", "--since", logOf(world, id))).toMatchObject({ code: 1 });
  });
});

describe("nono audit cleanup", () => {
  it("removes old records, and what stays can be verified against what was anchored before", async () => {
    await using world = await makeWorld();
    for (const script of ["true", "true", "true"]) await started(world, script);
    await world.nono("audit", "anchor", "--file", world.at("anchors"));
    const [newest, , oldest] = await idsOf(world);
    const dry = await world.nono("audit", "cleanup", "--keep", "1", "--dry-run");
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining(`would remove ${oldest}`) });
    expect(await idsOf(world)).toHaveLength(3);
    const { stdout } = await world.nono("audit", "cleanup", "--keep", "1", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ in_use: [], damaged: [], dry_run: false });
    expect(await idsOf(world)).toEqual([newest]);
    await started(world, "true");
    expect(await world.nono("audit", "verify", "--all", "--anchor", world.at("anchors"))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 sessions cleaned up"),
    });
    expect((await world.nono("audit", "cleanup")).stdout).toBe("nothing to remove\n");
  });
});

describe("a restore", () => {
  it("is recorded, and shown with the session that it takes back", async () => {
    await using world = await makeWorld({ "project/a": "before\n" });
    await started(world, "echo after > a; echo new > b", "--rollback");
    const [id = ""] = await idsOf(world);
    expect(await world.nono("rollback", "restore", id, "--all", "--yes")).toMatchObject({ code: 0 });
    expect(fs.readFileSync(world.at("project/a"), "utf8")).toBe("before\n");
    const { restores } = JSON.parse((await world.nono("audit", "show", id, "--json")).stdout);
    expect(restores).toMatchObject([{ to: 0, paths: null, force: false, conflicts: 0 }]);
    expect(restores[0].steps).toEqual(
      expect.arrayContaining([
        { step: "remove", path: world.at("project/b") },
        { step: "write", path: world.at("project/a") },
      ]),
    );
    expect((await world.nono("audit", "show", id)).stdout).toMatch(/restored +to snapshot 0: \d paths/);
    expect(await idsOf(world)).toEqual([id]);
    expect(await world.nono("audit", "verify", "--all")).toMatchObject({ code: 0 });
  });
});
