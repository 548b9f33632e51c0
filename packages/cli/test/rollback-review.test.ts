// What a session changed, looked at and taken back on a terminal.

import fs from "node:fs";
import { describe, expect } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { openShell } from "./support/on-tmux.ts";
import { makeWorld, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");

const FILES = { "project/a.txt": "a\n", "project/b.txt": "b\n", "project/d/c": "c\n" };

function session(world: World, script: string) {
  return world.nono("run", "--rollback", "--allow-cwd", "--no-guard", "--", "sh", "-c", script);
}

const left = (world: World) => fs.readdirSync(world.project).sort();

describe("nono rollback restore on a terminal", () => {
  itOnTerminal("lists what changed, shows each diff, and takes back what is picked", async () => {
    await using world = await makeWorld(FILES);
    await session(
      world,
      "echo x > a.txt; echo 'all: x' > Makefile; mkdir new; echo 1 > new/1; echo 2 > new/2",
    );
    await using tmux = await openShell(world);
    tmux.enter("nono rollback restore");
    const list = await tmux.shows("5 changes to take back; 1 runs later");
    expect(list.slice(2, 7)).toEqual([
      `> [ ]   ${world.project}/`,
      "  [ ] A   Makefile  runs later",
      "  [ ] M   a.txt",
      "  [ ] A   new/ + 2 changes in it",
      "",
    ]);
    tmux.press("Down", "Down", "Enter");
    expect((await tmux.shows("@@ -1 +1 @@")).slice(0, 5)).toEqual([
      `${world.project}/a.txt`,
      "lines 1 to 5 of 5",
      `M ${world.project}/a.txt`,
      "@@ -1 +1 @@",
      "-a",
    ]);
    tmux.type("q");
    await tmux.shows("to take back");
    tmux.press("Space", "Down", "Space");
    await tmux.shows("[x] A   new/");
    tmux.type("r");
    const plan = (await tmux.shows("do this?")).join("\n");
    expect(plan).toMatch(
      /remove {2}\S+\/new\/2\nremove {2}\S+\/new\/1\nremove {2}\S+\/new\nwrite {3}\S+\/a.txt\n/,
    );
    expect(left(world)).toContain("new");
    tmux.type("y");
    await tmux.shows("3 removed, 1 written; u undoes it");
    expect(left(world)).toEqual(["Makefile", "a.txt", "b.txt", "d"]);
    expect(world.read("project/a.txt")).toBe("a\n");
    tmux.type("q");
    await tmux.shows(/^nono: restored: 3 removed, 1 written\nnono: undo this: nono rollback restore/m);
    await tmux.showsNot("take back");
    const { restores } = JSON.parse((await world.nono("audit", "show", "--json")).stdout);
    expect(restores).toMatchObject([{ to: 0, force: false, conflicts: 0 }]);
  });

  itOnTerminal("has one key that takes back what runs later, and one that undoes it", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt; echo 'all: x' > Makefile; mkdir .git; echo '[core]' > .git/config");
    await using tmux = await openShell(world);
    tmux.enter("nono rollback restore");
    await tmux.shows("to take back");
    tmux.type("l");
    const list = await tmux.shows("what of it runs later, outside the sandbox");
    expect(list.join("\n")).not.toContain("M   a.txt");
    tmux.press("Down", "Down");
    await tmux.shows("runs later: make runs it");
    tmux.press("Enter");
    await tmux.shows("+all: x");
    tmux.type("r");
    await tmux.shows("1 removed; u undoes it");
    expect(left(world)).not.toContain("Makefile");
    tmux.type("u");
    await tmux.shows("undone: 1 written");
    expect(world.read("project/Makefile")).toBe("all: x\n");
    tmux.type("q");
    await tmux.shows("nono: nothing was restored");
  });

  itOnTerminal("leaves alone what was changed since, unless it is forced", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt; echo x > b.txt");
    fs.writeFileSync(world.at("project/a.txt"), "mine\n");
    fs.writeFileSync(world.at("project/also mine"), "mine\n");
    await using tmux = await openShell(world);
    tmux.enter("nono rollback restore");
    await tmux.shows("[!] M   a.txt");
    tmux.press("Down");
    await tmux.shows("changed since the session ended: left alone");
    tmux.press("Space", "r");
    await tmux.shows("it was changed since, and is left alone");
    tmux.type("a");
    tmux.type("r");
    expect((await tmux.shows("do this?")).join("\n")).not.toContain("a.txt");
    tmux.type("y");
    await tmux.shows("1 written");
    expect([world.read("project/a.txt"), world.read("project/b.txt")]).toEqual(["mine\n", "b\n"]);
    tmux.type("gf");
    await tmux.shows("do this, over what was changed since?");
    tmux.type("y");
    await tmux.shows("nothing is left to take back");
    expect([world.read("project/a.txt"), world.read("project/also mine")]).toEqual(["a\n", "mine\n"]);
    tmux.type("q");
    await tmux.shows("undo this: nono rollback restore");
    const [, undo = ""] = /undo this: nono (.*)/.exec(tmux.lines().join("")) ?? [];
    await world.nono(...undo.replace(/\$$/, "").trim().split(" "), "--yes");
    expect([world.read("project/a.txt"), world.read("project/b.txt")]).toEqual(["mine\n", "x\n"]);
  });

  itOnTerminal("writes nothing of a name or a content raw, and hides nothing behind the edge", async () => {
    await using world = await makeWorld(FILES);
    const wide = `x${" ".repeat(200)}evil`;
    const script = `printf '${wide}' > a.txt; printf '\\033]0;title\\007\\033[2Jb\\n' > b.txt; touch "$(printf 'n\\033[2J\\nm')"`;
    await session(world, script);
    await using tmux = await openShell(world, { columns: 80, rows: 24 });
    tmux.enter("nono rollback restore");
    await tmux.shows("n\\e[2J\\nm");
    tmux.press("Down", "Enter");
    await tmux.shows("evil");
    tmux.type("n");
    await tmux.shows("+\\e]0;title\\u{7}\\e[2Jb");
    expect(tmux.painted().replaceAll(/\u001b\[[0-9;]*m/g, "")).not.toMatch(/[^\P{Cc}\n]/u);
    tmux.type("qq");
    await tmux.shows("nothing was restored");
  });

  itOnTerminal("follows the size of the window, however small", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "for i in 1 2 3 4 5 6 7 8 9; do echo > file-$i; done; echo x > a.txt");
    await using tmux = await openShell(world, { columns: 80, rows: 24 });
    tmux.enter("nono rollback restore");
    await tmux.shows("file-9");
    tmux.resize({ columns: 40, rows: 12 });
    await tmux.shows(/^space pick {2}a all {2}enter diff$/m);
    tmux.press("End");
    await tmux.shows("> [ ] A   file-9");
    tmux.resize({ columns: 20, rows: 4 });
    await tmux.shows(/^> \[ \] A {3}file-9$/m);
    tmux.resize({ columns: 100, rows: 30 });
    await tmux.shows(/^space pick.*q quit$/m);
    expect(tmux.lines().join("\n")).toMatch(/A {3}file-1\n(.*\n)*> \[ \] A {3}file-9/);
    tmux.type("q");
    await tmux.shows("nothing was restored");
  });

  itOnTerminal("leaves the terminal as it was, however it is left", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await using tmux = await openShell(world);
    const opened = async (line = "nono rollback restore") => {
      tmux.enter(`stty -a > before; ${line}; echo "code $?"; stty -a > after`);
      await tmux.shows("to take back");
    };
    const isAsBefore = async (code: number) => {
      await tmux.shows(`code ${code}`);
      await tmux.shows(/^\$$/m);
      expect(world.read("project/after")).toBe(world.read("project/before"));
      await tmux.clear();
    };
    await opened();
    tmux.press("C-c");
    await isAsBefore(0);
    await opened();
    tmux.press("C-d");
    await isAsBefore(0);
    for (const [signal, code] of [
      ["TERM", 143],
      ["HUP", 129],
    ] as const) {
      await opened("sh -c 'echo $$ > pid; exec nono rollback restore'");
      process.kill(Number(world.read("project/pid")), `SIG${signal}`);
      await isAsBefore(code);
    }
    await opened();
    tmux.press("C-z");
    await tmux.shows("Stopped");
    await tmux.showsNot("to take back");
    tmux.enter("bg; echo in the background");
    await tmux.shows(/^in the background$/m);
    tmux.enter("until jobs | grep -q Stopped; do sleep 0.1; done; echo stopped again");
    await tmux.shows(/^stopped again$/m);
    tmux.enter("echo typed for the shell");
    await tmux.shows(/^typed for the shell$/m);
    tmux.enter("fg");
    await tmux.shows("to take back");
    tmux.type("q");
    await tmux.shows("nothing was restored");
    expect(world.read("project/a.txt")).toBe("x\n");
  });

  itOnTerminal("holds the session: nothing else restores it meanwhile", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await using tmux = await openShell(world);
    tmux.enter("nono rollback restore");
    await tmux.shows("1 change to take back");
    const other = await world.nono("rollback", "restore", "--all", "--yes");
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("in use") });
    expect(world.read("project/a.txt")).toBe("x\n");
    tmux.press("Down", "r");
    await tmux.shows("1 written");
    tmux.type("q");
    await tmux.shows("restored: 1 written");
  });

  itOnTerminal("asks line by line where there is no screen to draw on", async () => {
    await using world = await makeWorld(FILES);
    await session(world, "echo x > a.txt");
    await using tmux = await openShell(world);
    for (const line of ["TERM=dumb nono rollback restore", "nono rollback restore > out"]) {
      await tmux.clear();
      tmux.enter(line);
      await tmux.shows("do this? [y/N]");
      tmux.press("Enter");
      await tmux.shows(/do this\? \[y\/N\]\s*\n\$/);
    }
    expect(world.read("project/a.txt")).toBe("x\n");
  });
});

describe("the end of a run that changed something", () => {
  itOnTerminal("offers the review, and takes silence for a no", async () => {
    await using world = await makeWorld(FILES);
    await using tmux = await openShell(world);
    tmux.enter("nono run --rollback --allow-cwd -- sh -c 'echo x > a.txt; exit 3'; echo code $?");
    await tmux.shows("look at it, and take some of it back? [y/N]");
    tmux.press("Enter");
    await tmux.shows("code 3");
    await tmux.clear();
    tmux.enter("nono run --rollback --allow-cwd -- sh -c 'echo y > a.txt; exit 3'; echo code $?");
    await tmux.shows("take some of it back? [y/N]");
    tmux.enter("y");
    await tmux.shows("1 change to take back");
    tmux.press("Down", "r");
    await tmux.shows("1 written; u undoes it");
    expect(world.read("project/a.txt")).toBe("x\n");
    tmux.type("q");
    await tmux.shows(/restored: 1 written\n(.*\n)+code 3/);
  });

  itOnTerminal("offers nothing where nothing changed, or where it is not wanted", async () => {
    await using world = await makeWorld(FILES);
    await using tmux = await openShell(world);
    for (const [options, script] of [
      ["--rollback", "cat a.txt"],
      ["--rollback --no-rollback-prompt", "echo x >> a.txt"],
      ["--rollback --silent", "echo x >> a.txt"],
    ]) {
      await tmux.clear();
      tmux.enter(`nono run ${options} --allow-cwd -- sh -c '${script}'; echo code $?`);
      expect((await tmux.shows(/^code 0$/m)).join("\n")).not.toContain("[y/N]");
    }
  });
});
