// A command under the profile that was learned from it is refused nothing, and does what it did.

import { once } from "node:events";
import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, until, type World } from "./support/world.ts";

type Files = Readonly<Record<string, string>>;
type Subject = Readonly<{ kind: string; path?: string; access?: string }>;

const PROFILES = "home/.config/nono/profiles";

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "")
    .split(":")
    .some((directory) => fs.existsSync(path.join(directory, program)));
}

function profileIn(world: World, name: string) {
  return JSON.parse(world.read(`${PROFILES}/${name}.json`));
}

/** A script under a profile: what it printed, and what it was refused. */
async function under(profile: string, world: World, script: string) {
  const args = ["run", "-s", "-p", profile, "--diagnostics-json", world.at("report.json")];
  const { code, stdout, stderr } = await world.nono(...args, "--", "sh", "-euc", script);
  const { denials } = JSON.parse(world.read("report.json")) as { denials: { subject: Subject }[] };
  return { code, stdout, stderr, refused: denials.map(({ subject }) => subject) };
}

/**
 * Learns from a script, and shows that it goes through under what was learned: for another user in another project,
 * where nothing of the first run is left.
 */
async function learnedFrom(script: string, files: Files) {
  await using first = await makeWorld(files);
  const learning = await first.nono("learn", "--permissive", "--save", "it", "--", "sh", "-euc", script);
  expect(learning.code, learning.stderr).toBe(0);
  expect(learning.stderr).toContain("nono: warning: PERMISSIVE: sh and all that it starts");

  await using second = await makeWorld({ ...files, [`${PROFILES}/`]: "" });
  const control = await under("default", second, script);
  expect(control.refused).not.toEqual([]);

  await using third = await makeWorld({
    ...files,
    [`${PROFILES}/it.json`]: first.read(`${PROFILES}/it.json`),
  });
  const { stderr, ...outcome } = await under("it", third, script);
  expect(outcome, stderr).toEqual({ code: 0, stdout: learning.stdout, refused: [] });
  return profileIn(first, "it");
}

describe("a second run, under what nono learn has learned, is refused nothing", () => {
  itWhere(isInstalled("git"), "git")("git", async () => {
    const identity = "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b";
    const dates = "GIT_AUTHOR_DATE=1700000000+0000 GIT_COMMITTER_DATE=1700000000+0000";
    const profile = await learnedFrom(
      `export ${identity} ${dates}
       git init -q -b main . && git add a && git commit -qm one && git worktree add -q side-tree -b side
       cd side-tree && echo two >> a && git commit -qam two && cd - >/dev/null && git merge -q side
       git gc -q && git log --oneline`,
      { "project/a": "one\n" },
    );
    expect(profile.workdir).toEqual({ access: "readwrite" });
  });

  itWhere(isInstalled("npm"), "npm")(
    "npm, with a local tarball and no network",
    async () => {
      const profile = await learnedFrom(
        `npm pack --silent ./dep >/dev/null
         npm install --offline --no-audit --no-fund --loglevel=error ./dep-1.0.0.tgz >/dev/null
         npm start --silent`,
        {
          "project/package.json":
            '{ "name": "work", "version": "1.0.0", "scripts": { "start": "node -p \\"require(\'dep\')\\"" } }',
          "project/dep/package.json": '{ "name": "dep", "version": "1.0.0", "main": "index.js" }',
          "project/dep/index.js": "module.exports = 42;\n",
        },
      );
      expect(profile.groups.include).toContain("node_cache");
      expect(profile.filesystem.create).toContain("~/.npm");
      expect(JSON.stringify(profile.filesystem)).not.toContain("npmrc");
    },
    120_000,
  );

  itWhere(isInstalled("python3"), "python3")("python3", async () => {
    const profile = await learnedFrom("python3 main.py", {
      "home/data/a": "1",
      "home/data/b": "2",
      "home/data/c": "3",
      "home/data/d": "4",
      "project/main.py": `
import json, multiprocessing, os, pathlib, sqlite3, tempfile
home = pathlib.Path.home()
def square(n): return n * n
if __name__ == "__main__":
    numbers = [int((home / "data" / name).read_text()) for name in "abcd"]
    (home / ".tool").mkdir(exist_ok=True)
    (home / ".tool" / "state.json").write_text(json.dumps(numbers))
    with tempfile.NamedTemporaryFile() as f: f.write(b"x")
    with sqlite3.connect("data.db") as db:
        db.execute("create table if not exists t(n)")
        db.execute("insert into t values (1)")
    print(sum(multiprocessing.Pool(2).map(square, numbers)))
`,
    });
    expect(profile).toMatchObject({
      groups: { include: ["shared_memory"] },
      filesystem: { read: expect.arrayContaining(["~/data"]), allow: ["~/.tool"], create: ["~/.tool"] },
      workdir: { access: "readwrite" },
    });
  });

  itWhere(isInstalled("gcc"), "gcc")("gcc", async () => {
    const profile = await learnedFrom(
      "gcc -O2 -I ~/include -c src/main.c src/twice.c -o out/main.o 2>/dev/null || " +
        "(cd out && gcc -O2 -I ~/include -c ../src/main.c ../src/twice.c && gcc -o main main.o twice.o && ./main)",
      {
        "home/include/twice.h": "int twice(int);\n",
        "project/src/main.c":
          '#include <stdio.h>\n#include "twice.h"\nint main(void) { printf("%d\\n", twice(21)); return 0; }\n',
        "project/src/twice.c": '#include "twice.h"\nint twice(int n) { return 2 * n; }\n',
        "project/out/": "",
      },
    );
    expect(profile.filesystem).toMatchObject({
      read_file: expect.arrayContaining(["~/include/twice.h", "$WORKDIR/src/main.c", "$WORKDIR/src/twice.c"]),
      allow: ["$WORKDIR/out"],
    });
    expect(profile.workdir).toBeUndefined();
  });
});

/** Each attack prints its letter when it succeeds. */
const ATTACKS = `
import os
home = os.environ["HOME"]
def attempt(letter, act):
    try: act()
    except OSError: return
    print(letter, end="")
attempt("K", lambda: open(home + "/.ssh/id").read())
attempt("P", lambda: open(home + "/.config/nono/profiles/p.json", "w"))
attempt("M", lambda: os.rename(home + "/.config", home + "/moved"))
attempt("L", lambda: os.link(home + "/.ssh/id", home + "/linked"))
attempt("S", lambda: os.symlink(home, home + "/.local"))
attempt("E", lambda: open("/proc/1/oom_score_adj", "w").write("0"))
attempt("r", lambda: open(home + "/other/file").read())
attempt("w", lambda: open(home + "/other/new", "w"))
attempt("m", lambda: os.rename(home + "/other/new", home + "/other/newer"))
`;

const ATTACKED = {
  "home/.ssh/id": "key",
  "home/.config/nono/profiles/": "",
  "home/other/file": "x",
  "project/attacks.py": ATTACKS,
};

describe("nono learn --permissive", () => {
  itWhere(isInstalled("python3"), "python3")(
    "opens nothing that is denied, and learns none of it",
    async () => {
      await using world = await makeWorld(ATTACKED);
      const args = ["learn", "--permissive", "--save", "it", "--", "/usr/bin/python3", "attacks.py"];
      const { stdout, stderr } = await world.nono(...args);
      expect(stdout, stderr).toBe("rwm");
      expect(stderr.replaceAll(/\s+/g, " ")).toContain(`group:deny_credentials denies ${world.home}/.ssh`); // it is wrapped
      expect(JSON.stringify(profileIn(world, "it"))).not.toMatch(/ssh|nono|moved|linked|local|proc/);
      expect(profileIn(world, "it").filesystem.allow).toEqual(["~/other"]);

      await using bare = await makeWorld(ATTACKED); // control
      expect((await bare.bare("/usr/bin/python3", "attacks.py")).stdout).toMatch(/^KPML?S?E?.*m$/);
    },
  );

  it("blocks commands that were not named, also as a copy; and learns those that were", async () => {
    await using world = await makeWorld({ "project/victim": "v", "home/bin2/": "" });
    fs.copyFileSync("/usr/bin/env", world.at("home/bin2/renamed"));
    fs.chmodSync(world.at("home/bin2/renamed"), 0o755);
    const script = "env rm victim; ~/bin2/renamed rm victim; test -e victim && echo kept";
    const first = await world.nono("learn", "--permissive", "--save", "a", "--", "sh", "-c", script);
    expect(first.stdout, first.stderr).toBe("kept\n");
    expect(profileIn(world, "a").commands).toBeUndefined();
    const named = ["learn", "--permissive", "--allow-command", "rm", "--save", "b", "--", "sh", "-c", script];
    expect((await world.nono(...named)).stdout).toBe("");
    expect(profileIn(world, "b").commands).toEqual({ allow: ["rm"] });
  });

  itWhere(isInstalled("python3"), "python3")("learns unix sockets", async () => {
    await using world = await makeWorld({});
    const daemon = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => daemon.listen(world.at("home/daemon"), resolve));
    const connect = `import socket; socket.socket(socket.AF_UNIX).connect("${world.home}/daemon")`;
    const args = ["--save", "it", "--", "/usr/bin/python3", "-c", connect];
    expect((await world.nono("learn", "--permissive", ...args)).code).toBe(0);
    expect(profileIn(world, "it").filesystem).toEqual({ unix_socket: ["~/daemon"] });
    const run = ["run", "-s", "-p", "it", "--", "/usr/bin/python3", "-c", connect];
    expect((await world.nono(...run)).code).toBe(0);
    daemon.close();
  });
});

describe("nono learn", () => {
  it("refuses what is not granted, and converges in a few runs", async () => {
    await using world = await makeWorld({
      "home/a": "a\n",
      "project/tool": "cat ~/a && mkdir -p ~/.tool && : > ~/.tool/x\n",
    });
    const learnOnce = () => world.nono("learn", "--save", "it", "--", "sh", "tool");
    const first = await learnOnce();
    expect(first).toMatchObject({ code: 2, stdout: "" });
    expect(first.stderr).toMatch(
      /1 thing was refused beyond default, .* learn again with --profile it until/,
    );
    const runs = [await learnOnce(), await learnOnce(), await learnOnce()];
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 0]);
    expect(runs[2]?.stdout).toBe("a\n");
    expect(runs[2]?.stderr).not.toContain("refused beyond");
    expect(profileIn(world, "it")).toMatchObject({
      extends: "default",
      filesystem: { read_file: ["~/a", "$WORKDIR/tool"], allow: ["~/.tool"], create: ["~/.tool"] },
    });
  });

  it("prints the profile where no place is named, and its exit code is the command's", async () => {
    await using world = await makeWorld({ "home/a": "a\n" });
    const { code, stdout } = await world.nono(
      "learn",
      "--permissive",
      "--",
      "sh",
      "-c",
      "cat ~/a >&2; exit 7",
    );
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toEqual({
      meta: { name: "learned", description: "what sh was seen to need" },
      extends: "default",
      filesystem: { read_file: ["~/a"] },
    });
  });

  it("has what the command line granted", async () => {
    await using world = await makeWorld({ "home/in/": "", "project/out/": "" });
    const flags = [
      "--allow-cwd/out",
      "--read",
      "../home/in",
      "--block-net",
      "--allow-env",
      "API_*",
      "-p",
      "node-dev",
    ];
    const { stdout } = await world.nono("learn", ...flags, "--", "true");
    expect(JSON.parse(stdout)).toMatchObject({
      extends: "node-dev",
      filesystem: { allow: ["$WORKDIR/out"], read: ["~/in"] },
      network: { block: true },
      environment: { allow_vars: ["API_*"] },
    });
  });

  it("follows no link that the command puts on the way to the profile", async () => {
    await using world = await makeWorld({ "project/out/": "", "elsewhere/": "", "home/data/x": "" });
    const learnWith = (script: string) =>
      world.nono(
        ...["learn", "--output", "out/p.json", "--allow-cwd", "--", "sh", "-c"],
        `${script}; cat ${world.at("home/data/x")}`,
      );
    const learned = (file: string) =>
      JSON.parse(fs.readFileSync(world.at(file), "utf8")).filesystem.read_file;

    const moved = await learnWith(`mv out kept; ln -s ${world.at("elsewhere")} out`);
    expect(moved.stderr).toContain("nono: wrote ");
    expect(fs.readdirSync(world.at("elsewhere"))).toEqual([]);
    expect(learned("project/kept/p.json")).toEqual(["~/data/x"]);

    fs.rmSync(world.at("project/out"));
    fs.mkdirSync(world.at("project/out"));
    await learnWith(`ln -s ${world.at("elsewhere/p.json")} out/p.json`);
    expect(fs.readdirSync(world.at("elsewhere"))).toEqual([]);
    expect(learned("project/out/p.json")).toEqual(["~/data/x"]);
    expect(await learnWith("true")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("exists already"),
    });
  });

  it("overwrites nothing, and adds only to the profile in use", async () => {
    await using world = await makeWorld({
      "out/mine.json": '{ "extends": "default" } // mine\n',
      [`${PROFILES}/other.json`]: "{}",
      "home/a": "",
    });
    const refused = async (...args: string[]) => {
      const { code, stderr } = await world.nono("learn", ...args, "--", "cat", `${world.home}/a`);
      expect(code).toBeGreaterThan(0);
      return stderr;
    };
    const file = world.at("out/mine.json");
    expect(await refused("--output", file)).toContain("it exists already");
    expect(await refused("--save", "other", "-p", "node-dev")).toContain("it exists already");
    expect(await refused("--save", "claude-code")).toContain("a name that no built-in profile has");
    expect(await refused("--save", "../x")).toContain("a name of letters");
    expect(await refused("--save", "x", "--output", "y")).toContain("exclude each other");
    expect(fs.readdirSync(world.at(PROFILES))).toEqual(["other.json"]);
    await world.nono("learn", "--output", file, "-p", file, "--", "cat", `${world.home}/a`);
    expect(world.read("out/mine.json")).toContain("// mine");
    expect(world.read("out/mine.json")).toContain('"~/a"');
  });

  it("writes no secret into a profile, and says what it left out", async () => {
    const token = `ghp_${"a1".repeat(18)}`;
    await using world = await makeWorld({
      [`home/in/${token}`]: "",
      "home/in/injected-hunter2": "",
      "home/in/credentials.json": "",
      "home/b": "",
    });
    const { code, stdout, stderr } = await world.nonoWith(
      {
        env: {
          SWORDFISH: "injected-hunter2",
          GOOGLE_APPLICATION_CREDENTIALS: `${world.home}/in/credentials.json`,
        },
      },
      ...["learn", "--permissive", "--secret-env", "env://SWORDFISH=MY_KEY"],
      ...["--allow-env", "GOOGLE_APPLICATION_CREDENTIALS"],
      ...["--", "sh", "-c", `cat ~/in/${token} "$HOME/in/$MY_KEY" "$GOOGLE_APPLICATION_CREDENTIALS" ~/b`],
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).filesystem).toEqual({ read_file: ["~/in/credentials.json", "~/b"] });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("~/in/[redacted] it looks like a secret, or holds one");
    expect(stdout + stderr).not.toMatch(/ghp_|injected-hunter2/);
    const flags = ["--allow-file", `../home/in/${token}`, "--allow-file", "../home/b"];
    const granted = await world.nono("learn", ...flags, "--", "true");
    expect(JSON.parse(granted.stdout).filesystem).toEqual({ allow_file: ["~/b"] });
  });

  it("is listed while it learns, and when it is ended it writes what it has seen", async () => {
    await using world = await makeWorld({ "home/a": "a\n" });
    const script = "cat ~/a; touch up; sleep 900";
    const learning = world.start("learn", "--permissive", "--save", "it", "--", "sh", "-c", script);
    const ended = once(learning, "exit");
    await until(() => fs.existsSync(world.at("project/up")));
    const [session] = JSON.parse((await world.nono("ps", "--json")).stdout);
    expect(session).toMatchObject({ state: "running", features: ["learn"], command: ["sh", "-c", script] });
    expect((await world.nono("inspect", session.session_id)).stdout).toContain("to learn what it needs");
    expect(await world.nono("stop", session.session_id)).toMatchObject({ code: 0 });
    expect(await ended).toEqual([143, null]);
    expect(profileIn(world, "it").filesystem.read_file).toEqual(["~/a"]);
    const [last] = JSON.parse((await world.nono("ps", "--all", "--json")).stdout);
    expect(last).toMatchObject({ state: "ended", signal: "SIGTERM" });
  });
});
