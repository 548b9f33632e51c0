// Directories in which something is denied, and files that are saved by replacing them: no rule of the kernel covers
// what is made there, so the supervisor makes it.

import { existsSync, linkSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CanonicalPath } from "../src/files/canonical-path.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { type Asked, confine, unconfined } from "./support/confine.ts";
import { supervised, told } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

describe("a directory in which something is denied", () => {
  it("takes entries of every kind, and what lies below them", async () => {
    await using tree = await makeTree({ "w/secret": "s", "w/old/file": "o" });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], deny: [tree.at("w/secret")] };
    const script = [
      `chdir:${tree.at("w")}`,
      "open:new:w,creat:0644",
      "write:n",
      "open:new:r",
      "read",
      "mkdir:dir",
      "mkdir:dir/below",
      "open:dir/below/file:rw,creat:0600",
      "rename:dir/below/file:dir/moved",
      "rename:dir/moved:top",
      "link:top:dir/linked",
      "symlink:../new:dir/symbolic",
      "open:dir/symbolic:r",
      "read",
      "mknod:pipe",
      "rename:old:dir/old",
      "open:dir/old/file:r",
      "read",
      "mkdir:old",
      "open:old/again:w,creat:0600",
      "truncate:new:0",
      "exchange:new:top",
      "unlink:pipe",
      "unlink:dir/linked",
      "rmdir:dir/below",
    ];
    const outcome = await supervised(asked).run(acts.program, ...script);

    const failed = linesOf(outcome.stdout).filter((line) => /=[A-Z]/.test(line));
    expect(failed).toEqual([]);
    expect(outcome.events).toEqual([]);
    expect(linesOf(outcome.stdout).filter((line) => line.startsWith("text"))).toEqual([
      "text=n",
      "text=n",
      "text=o",
    ]);
    expect(readdirSync(tree.at("w")).sort()).toEqual(["dir", "new", "old", "secret", "top"]);
    expect(readdirSync(tree.at("w/dir")).sort()).toEqual(["old", "symbolic"]);

    const without = await confine(asked).run(acts.program, `open:${tree.at("w/another")}:w,creat:0644`);
    expect(linesOf(without.stdout)).toEqual(["open=EACCES"]);
  });

  it("keeps what is denied where it is, and out of reach", async () => {
    await using tree = await makeTree({ "w/secret": "s", "w/d/inner/secret": "s", "w/file": "f" });
    const asked = {
      readWrite: [tree.at("w")],
      read: [acts.directory],
      deny: [tree.at("w/secret"), tree.at("w/d/inner/secret"), tree.at("w/not-yet")],
    };
    const outcome = await supervised(asked).run(
      acts.program,
      `chdir:${tree.at("w")}`,
      "rename:secret:s",
      "link:secret:l",
      "exchange:secret:file",
      "rename:file:secret",
      "rename:d:e",
      "rename:d/inner:inner",
      "exchange:d:file",
      "unlink:secret",
      "open:not-yet:w,creat:0600",
      "mkdir:not-yet",
      "symlink:file:not-yet",
      "link:file:not-yet",
      "rename:file:not-yet",
      "truncate:secret:0",
      "symlink:secret:pointer",
      "open:pointer:r",
      "open:pointer:w",
      "open:./d/../secret:r",
    );

    expect(linesOf(outcome.stdout).slice(1)).toEqual([
      "rename=EACCES",
      "link=EXDEV",
      "exchange=EACCES",
      "rename=EACCES",
      "rename=EACCES",
      "rename=EACCES",
      "exchange=EACCES",
      "unlink=EACCES",
      "open=EACCES",
      "mkdir=EACCES",
      "symlink=EACCES",
      "link=EACCES",
      "rename=EACCES",
      "truncate=EACCES",
      "symlink=0",
      "open=EACCES",
      "open=EACCES",
      "open=EACCES",
    ]);
    expect(tree.read("w/secret")).toBe("s");
    expect(tree.read("w/d/inner/secret")).toBe("s");
    expect(existsSync(tree.at("w/not-yet"))).toBe(false);
    expect(told(outcome.events)).toContain(`denied rename ${tree.at("w/d")} ${tree.at("w/e")}`);
  });

  it("of which only writing is denied can be read natively, and moved no more than else", async () => {
    await using tree = await makeTree({ "w/.git/hooks/": "", "w/.git/config": "c", "w/file": "f" });
    const asked = {
      readWrite: [tree.at("w")],
      read: [acts.directory],
      denyWrite: [tree.at("w/.git/hooks"), tree.at("w/.git/config")],
    };
    const outcome = await supervised(asked).run(
      acts.program,
      `chdir:${tree.at("w/.git")}`,
      "open:config:r",
      "read",
      "open:config:w",
      "rename:config:c",
      "link:config:c",
      "open:hooks/pre-commit:w,creat:0755",
      "rename:hooks:h",
      "rename:../.git:../g",
      "open:config.lock:w,creat,excl:0600",
      "rename:config.lock:config",
      "unlink:config.lock",
      "open:index.lock:w,creat,excl:0600",
      "rename:index.lock:index",
    );

    expect(linesOf(outcome.stdout).slice(2)).toEqual([
      "text=c",
      "read=1",
      "open=EACCES",
      "rename=EACCES",
      "link=EXDEV",
      "open=EACCES",
      "rename=EACCES",
      "rename=EACCES",
      expect.stringMatching(/^open=\d+$/),
      "rename=EACCES",
      "unlink=0",
      expect.stringMatching(/^open=\d+$/),
      "rename=0",
    ]);
    expect(tree.read("w/.git/config")).toBe("c");
    expect(readdirSync(tree.at("w/.git")).sort()).toEqual(["config", "hooks", "index"]);
  });

  it("serves a file that somebody outside has replaced, and a directory that was made anew", async () => {
    await using tree = await makeTree({ "w/secret": "s", "w/file": "old", "w/dir/file": "d", "w/go": "" });
    const asked = { readWrite: [tree.at("w")], deny: [tree.at("w/secret")] };
    const script = [
      `cd ${tree.at("w")}; cat file dir/file`,
      "rm -r dir; mkdir dir; echo anew > dir/file; cat dir/file",
      "echo replaced > f; mv f file; cat file",
    ].join("\n");

    expect(await supervised(asked).run("/bin/sh", "-c", script)).toMatchObject({
      code: 0,
      stdout: "olddanew\nreplaced\n",
      stderr: "",
      events: [],
    });
  });

  it("gives what is moved no more rights than it had", async () => {
    await using tree = await makeTree({ "w/secret": "", "w/r/file": "x", "w/d/": "" });
    // what may only be written may not come to be readable by a new name
    const asked = {
      write: [tree.at("w")],
      readWrite: [tree.at("w/d")],
      read: [acts.directory],
      deny: [tree.at("w/secret")],
    };
    const outcome = await supervised(asked).run(
      acts.program,
      `rename:${tree.at("w/r/file")}:${tree.at("w/d/file")}`,
      `link:${tree.at("w/r/file")}:${tree.at("w/d/file")}`,
      `rename:${tree.at("w/r")}:${tree.at("w/d/r")}`,
    );

    expect(linesOf(outcome.stdout)).toEqual(["rename=EXDEV", "link=EXDEV", "rename=EXDEV"]);
  });
});

describe("a file that is granted alone", () => {
  it("is saved by temporary file, backup, lock and rename, again and again", async () => {
    await using tree = await makeTree({ "home/.app.json": "0", "home/other": "o" });
    const file = tree.at("home/.app.json");
    const asked: Asked = { set: (set) => set.allowFile(file, "read+write") };
    const script = [
      `cd ${tree.at("home")}; set -e`,
      "for i in 1 2 3; do mkdir .app.json.lock; cat .app.json; echo $i > .app.json.tmp.$i; cp .app.json .app.json.backup; mv .app.json.tmp.$i .app.json; rmdir .app.json.lock; done",
      "cat .app.json; rm .app.json.backup; touch .app.json; chmod 600 .app.json",
    ].join("\n");
    const outcome = await supervised(asked).run("/bin/sh", "-c", script);

    expect(outcome).toMatchObject({ code: 0, stdout: "01\n2\n3\n", stderr: "", events: [] });
    expect(readdirSync(tree.at("home")).sort()).toEqual([".app.json", "other"]);
    expect(await confine(asked).run("/bin/sh", "-c", script)).toMatchObject({ code: 1 });
  });

  it("opens nothing else in its directory, and nothing through a link in its place", async () => {
    await using tree = await makeTree({ "home/.app.json": "0", "home/secret": "s", "home/.ssh/id": "k" });
    const home = tree.at("home");
    const outcome = await supervised({
      read: [acts.directory],
      set: (set) => set.allowFile(tree.at("home/.app.json"), "read+write"),
    }).run(
      acts.program,
      `chdir:${home}`,
      "open:secret:r",
      "open:new:w,creat:0600",
      "rename:secret:.app.json.tmp",
      "link:secret:.app.json.tmp",
      "symlink:secret:.app.json.tmp",
      "rename:.ssh:.app.json.d",
      "mkdir:.app.json.lock",
      "open:.app.json.lock/below:w,creat:0600",
      "mkdir:.app.json.lock/below",
      "rename:.app.json:elsewhere",
      "rename:.app.json:.ssh/id",
      "unlink:secret",
      `open:${home}:r,dir`,
    );

    expect(linesOf(outcome.stdout).slice(1)).toEqual([
      "open=EACCES",
      "open=EACCES",
      "rename=EACCES",
      "link=EXDEV",
      "symlink=EACCES",
      "rename=EACCES",
      "mkdir=0",
      "open=EACCES",
      "mkdir=EACCES",
      "rename=EACCES",
      "rename=EACCES",
      "unlink=EACCES",
      "open=EACCES",
    ]);
    expect(tree.read("home/.ssh/id")).toBe("k");
  });

  it("gains nothing by a link or another name that somebody put in its place", async () => {
    await using tree = await makeTree({ "home/.app.json": "0", "home/secret": "s" });
    const box = supervised({
      read: [acts.directory],
      set: (set) => set.allowFile(tree.at("home/.app.json"), "read+write"),
    });
    symlinkSync("secret", tree.at("home/.app.json.tmp"));
    mkdirSync(tree.at("home/.app.json.dir"));
    const outcome = await box.run(
      acts.program,
      `open:${tree.at("home/.app.json.tmp")}:r`,
      `open:${tree.at("home/.app.json.tmp")}:w,trunc`,
      `chmod:${tree.at("home/.app.json.tmp")}:0666`,
      `rename:${tree.at("home/.app.json.tmp")}:${tree.at("home/.app.json")}`,
      `open:${tree.at("home/.app.json")}:r`,
      `open:${tree.at("home/.app.json.dir")}:r,dir`,
    );

    expect(linesOf(outcome.stdout)).toEqual([
      "open=EACCES",
      "open=EACCES",
      "chmod=EPERM",
      "rename=EACCES",
      expect.stringMatching(/^open=\d+$/),
      "open=EACCES",
    ]);
    expect(tree.read("home/secret")).toBe("s");
  });

  it("shares its further names with a profile's patterns, in one directory", async () => {
    await using tree = await makeTree({ "home/dir/": "" });
    const directory = tree.at("home") as CanonicalPath;
    const box = supervised(
      { read: [acts.directory] },
      { patterns: [{ directory, name: "save-?.tmp*", access: "read+write" }] },
    );
    const outcome = await box.run(
      acts.program,
      `chdir:${directory}`,
      "open:save-1.tmp:w,creat:0600",
      "open:save-12.tmp:w,creat:0600",
      "open:dir/save-1.tmp:w,creat:0600",
      "rename:save-1.tmp:save-2.tmp.old",
      "rename:save-2.tmp.old:other",
      "unlink:save-2.tmp.old",
    );

    expect(linesOf(outcome.stdout).slice(1)).toEqual([
      expect.stringMatching(/^open=\d+$/),
      "open=EACCES",
      "open=EACCES",
      "rename=0",
      "rename=EACCES",
      "unlink=0",
    ]);
  });
});

it("knows what is denied by another name that it had before, in the same directory", async () => {
  await using tree = await makeTree({ "w/secret": "s" });
  linkSync(tree.at("w/secret"), tree.at("w/alias"));
  const box = supervised({ readWrite: [tree.at("w")], read: [acts.directory], deny: [tree.at("w/secret")] });
  const outcome = await box.run(
    acts.program,
    `chdir:${tree.at("w")}`,
    "open:alias:r",
    "open:alias:w",
    "chmod:alias:0777",
    "rename:alias:other",
    "open:other:r",
  );

  expect(linesOf(outcome.stdout).slice(1)).toEqual([
    "open=EACCES",
    "open=EACCES",
    "chmod=EPERM",
    "rename=EACCES",
    "open=ENOENT",
  ]);
  expect(statSync(tree.at("w/secret")).mode & 0o777).not.toBe(0o777);
  expect(await unconfined("cat", tree.at("w/alias"))).toMatchObject({ stdout: "s" });
});
