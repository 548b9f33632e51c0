// Modes, owners, times and extended attributes: Landlock has no rule for them, so the supervisor changes them, below a
// write grant and nowhere else.

import { type ChildProcess, type StdioOptions, spawn as spawnUnconfined } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, openSync, readFileSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { spawn, supervise } from "../src/index.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { confine, unconfined } from "./support/confine.ts";
import { supervised, told } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const uid = process.getuid?.() ?? 0;
const HOUR = 3_600_000;

/** Every call that changes attributes of a path. */
const onPath = (path: string) => [
  `chmod:${path}:0640`,
  `chown:${path}:${uid}`,
  `lchown:${path}:${uid}`,
  `utime:${path}`,
  `touch:${path}`,
  `lutime:${path}`,
  `setxattr:${path}`,
  `removexattr:${path}`,
];

describe("below a write grant", () => {
  it("attributes change, by path and by descriptor", async () => {
    await using tree = await makeTree({ "w/file": "f" });
    const box = supervised({ readWrite: [tree.at("w")], read: [acts.directory] });
    const outcome = await box.run(
      acts.program,
      ...onPath(tree.at("w/file")),
      ...onPath(tree.at("w")).filter((act) => !act.startsWith("chmod")),
      `open:${tree.at("w/file")}:r`,
      "fchmod:@:0604",
      `fchown:@:${uid}`,
      `fchownat:@:${uid}`,
      "futime:@",
      "fsetxattr:@",
    );

    expect(linesOf(outcome.stdout).filter((line) => /=[A-Z]/.test(line))).toEqual([]);
    expect(outcome.events).toEqual([]);
    expect(statSync(tree.at("w/file"))).toMatchObject({ mode: 0o100604, mtimeMs: 1_000_000 });
  });

  it("a link is not followed out of it", async () => {
    await using tree = await makeTree({ "w/file": "f", secret: "s" });
    chmodSync(tree.at("secret"), 0o600);
    symlinkSync("../secret", tree.at("w/link"));
    const link = tree.at("w/link");
    const outcome = await supervised({ readWrite: [tree.at("w")], read: [acts.directory] }).run(
      acts.program,
      `chmod:${link}:0666`,
      `fchmodat2:${link}:0666`,
      `utime:${link}`,
      `setxattr:${link}`,
      `lchown:${link}:${uid}`,
      `lutime:${link}`,
    );

    expect(linesOf(outcome.stdout)).toEqual([
      "chmod=EPERM",
      "fchmodat2=EOPNOTSUPP",
      "utime=EPERM",
      "setxattr=EPERM",
      "lchown=0",
      "lutime=0",
    ]);
    expect(statSync(tree.at("secret")).mode).toBe(0o100600);
  });
});

describe("outside the write grants", () => {
  it("nothing changes, and each attempt is known", async () => {
    await using tree = await makeTree({ secret: "s" });
    const acted = onPath(tree.at("secret"));
    const outcome = await supervised({ read: [tree.root, acts.directory] }).run(acts.program, ...acted);

    expect(linesOf(outcome.stdout)).toEqual(acted.map((act) => `${act.split(":")[0]}=EPERM`));
    expect(told(outcome.events)).toEqual(
      ["chmod", "chown", "chown", "utime", "utime", "utime", "xattr", "xattr"].map(
        (operation) => `denied ${operation} ${tree.at("secret")}`,
      ),
    );
    // without a supervisor the kernel lets every one of them through
    const without = await confine({ read: [tree.root, acts.directory] }).run(acts.program, ...acted);
    expect(linesOf(without.stdout)).toEqual(acted.map((act) => `${act.split(":")[0]}=0`));
  });

  it("a descriptor that may only be read changes nothing, one for writing does", async () => {
    await using tree = await makeTree({ secret: "s" });
    chmodSync(tree.at("secret"), 0o600);
    const acted = [
      `open:${tree.at("secret")}:r`,
      "fchmod:@:0644",
      "futime:@",
      "fsetxattr:@",
      `fchown:@:${uid}`,
    ];
    const asked = { read: [tree.root, acts.directory] };
    const outcome = await supervised(asked).run(
      acts.program,
      ...acted,
      "generation:@",
      `open:${tree.at("secret")}:path`,
      "fchmod:@:0644",
      `fchownat:@:${uid}`,
    );

    expect(linesOf(outcome.stdout).slice(1)).toEqual([
      "fchmod=EPERM",
      "futime=EPERM",
      "fsetxattr=EPERM",
      "fchown=EPERM",
      "generation=EPERM",
      expect.stringMatching(/^open=\d+$/),
      "fchmod=EBADF",
      "fchownat=EPERM",
    ]);
    expect(statSync(tree.at("secret")).mode).toBe(0o100600);
    expect(linesOf((await unconfined(acts.program, ...acted)).stdout).slice(1)).toEqual([
      "fchmod=0",
      "futime=0",
      "fsetxattr=0",
      "fchown=0",
    ]);

    const script = `exec 3>>${tree.at("secret")}; exec "$@" <&3`;
    const inherited = await unconfined("/bin/sh", "-c", script, "sh", acts.program, "fchmod:0:0604");
    expect(inherited.stdout).toBe("fchmod=0\n");
  });

  it("an inherited descriptor for writing makes nothing that runs as its owner, or is somebody else's", async () => {
    await using tree = await makeTree({ log: "" });
    chmodSync(tree.at("log"), 0o600);
    const { plan } = supervised({ read: [acts.directory] });
    const acted = ["fchmod:1:0640", "fchmod:1:04755", "fchmod:1:02755", `fchown:1:${uid}`];
    const run = async (start: (stdio: StdioOptions) => ChildProcess) => {
      const log = openSync(tree.at("log"), "a");
      const child = start(["ignore", log, "ignore"]);
      closeSync(log);
      await once(child, "close");
      const mode = statSync(tree.at("log")).mode & 0o7777;
      return [linesOf(readFileSync(tree.at("log"), "utf8")), mode];
    };
    const confined = (stdio: StdioOptions) => {
      const child = spawn(acts.program, acted, { plan, stdio });
      supervise(child);
      return child;
    };
    expect(await run(confined)).toEqual([
      ["fchmod=0", "fchmod=EPERM", "fchmod=EPERM", "fchown=EPERM"],
      0o640,
    ]);
    truncateSync(tree.at("log"));
    const [said, mode] = await run((stdio) => spawnUnconfined(acts.program, acted, { stdio })); // control
    expect([said, mode]).toEqual([["fchmod=0", "fchmod=0", "fchmod=0", "fchown=0"], 0o755]);
  });

  it("the errors are those of the call where there is nothing to change", async () => {
    await using tree = await makeTree({ "w/": "" });
    const outcome = await supervised({ readWrite: [tree.at("w")], read: [acts.directory] }).run(
      acts.program,
      `chmod:${tree.at("w/nothing")}:0600`,
      `chmod:${tree.at("w/nothing/below")}:0600`,
      "chmod::0600",
      "fchmod:77:0600",
      `removexattr:${tree.at("w")}`,
      "socket:unix",
      "fchmod:@:0600",
    );

    expect(linesOf(outcome.stdout)).toEqual([
      "chmod=ENOENT",
      "chmod=ENOENT",
      "chmod=ENOENT",
      "fchmod=EBADF",
      "removexattr=ENODATA",
      expect.stringMatching(/^socket=\d+$/),
      "fchmod=0",
    ]);
    expect(outcome.events).toEqual([]);
  });
});

it("times keep their nanoseconds and a time before 1970", async () => {
  await using tree = await makeTree({ "w/file": "f" });
  const box = supervised({ readWrite: [tree.at("w")] });
  const outcome = await box.run("touch", "-d", "@-7200.5", tree.at("w/file"));

  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  expect(statSync(tree.at("w/file")).mtimeMs).toBe(-2 * HOUR - 500);
});
