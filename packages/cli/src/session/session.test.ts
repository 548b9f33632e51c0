import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { itAsRoot } from "../../../core/test/support/requires.ts";
import { identityOf, isGone } from "./process-identity.ts";
import { openSession } from "./session.ts";

const uid = process.getuid?.() as number;
let root: string;
beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "nono-session-")));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const open = (env: Record<string, string> = { TMPDIR: root }) => openSession({ env, uid, pid: process.pid });
const base = () => path.join(root, `nono-${uid}`);
const modeOf = (file: string) => fs.statSync(file).mode & 0o777;

describe("a session directory", () => {
  it("is the user's alone", () => {
    const session = open();
    expect([base(), session.tmp, path.dirname(session.tmp)].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
    expect(modeOf(session.capFile)).toBe(0o600);
    session.remove();
    expect(fs.readdirSync(base())).toEqual([]);
  });

  it("describes itself into the very file that was granted", () => {
    const session = open();
    const before = fs.statSync(session.capFile).ino;
    session.describe("{}\n");
    expect(fs.readFileSync(session.capFile, "utf8")).toBe("{}\n");
    expect(fs.statSync(session.capFile).ino).toBe(before);
    session.remove();
  });

  it("describes itself into no other file, whatever its name was made into", () => {
    const victim = path.join(root, "victim");
    fs.writeFileSync(victim, "precious");
    const session = open();
    fs.renameSync(session.capFile, `${session.capFile}.old`);
    fs.symlinkSync(victim, session.capFile);
    session.describe("{}");
    expect(fs.readFileSync(`${path.dirname(session.tmp)}/sandbox.json.old`, "utf8")).toBe("{}");
    session.remove();
    expect(fs.readFileSync(victim, "utf8")).toBe("precious");
  });

  it("is not made where others could have a hand in it", () => {
    const refused = expect.objectContaining({ code: "session-directory" });
    fs.mkdirSync(base());
    fs.chmodSync(base(), 0o777);
    expect(() => open()).toThrow(refused);
    fs.rmdirSync(base());
    fs.mkdirSync(path.join(root, "elsewhere"), { mode: 0o700 });
    fs.symlinkSync(path.join(root, "elsewhere"), base());
    expect(() => open()).toThrow(refused);
    expect(fs.readdirSync(path.join(root, "elsewhere"))).toEqual([]);
    expect(() => open({ TMPDIR: path.join(root, "missing") })).toThrow(refused);
  });

  itAsRoot("is not made in a directory of another user", () => {
    fs.mkdirSync(base(), { mode: 0o700 });
    fs.chownSync(base(), 65534, 65534);
    expect(() => open()).toThrow(expect.objectContaining({ code: "session-directory" }));
  });

  it("of a process that is gone is removed by the next start; others stay", () => {
    const [pid, start, namespace] = identityOf(process.pid).split("-");
    const gone = [`${pid}-1-${namespace}`, `4194305-1-${namespace}`, `4194305-1-${namespace}.7-0`];
    const alive = [
      `${process.ppid}-${identityOf(process.ppid).split("-")[1]}-${namespace}`,
      `${pid}-${start}-1`,
      "notes",
    ];
    for (const name of [...gone, ...alive])
      fs.mkdirSync(path.join(base(), name, "tmp/deep"), { recursive: true, mode: 0o700 });
    fs.chmodSync(base(), 0o700);
    const session = open();
    session.remove();
    expect(fs.readdirSync(base()).sort()).toEqual([...alive].sort());
  });
});

describe("removing", () => {
  it("follows no link, needs no permission and has no limit of depth", () => {
    const session = open();
    const kept = path.join(root, "kept");
    fs.mkdirSync(kept);
    fs.writeFileSync(path.join(kept, "file"), "");
    fs.symlinkSync(kept, path.join(session.tmp, "link"));
    fs.mkdirSync(path.join(session.tmp, "shut/inner"), { recursive: true });
    fs.writeFileSync(path.join(session.tmp, "shut/inner/file"), "");
    fs.writeFileSync(Buffer.concat([Buffer.from(`${session.tmp}/`), Buffer.from([0xff, 0x0a])]), "");
    fs.chmodSync(path.join(session.tmp, "shut/inner"), 0);
    fs.chmodSync(path.join(session.tmp, "shut"), 0);
    const here = process.cwd();
    process.chdir(session.tmp);
    for (let depth = 0; depth < 300; depth++) {
      fs.mkdirSync("d".repeat(200));
      process.chdir("d".repeat(200));
    }
    process.chdir(here);

    session.remove();
    expect(fs.readdirSync(base())).toEqual([]);
    expect(fs.readdirSync(kept)).toEqual(["file"]);
  });
});

it("knows a living process, and calls nothing gone that it cannot know", () => {
  expect(isGone(identityOf(process.pid))).toBe(false);
  expect(["", "x", "1", "1-2", "-1-2-3"].some(isGone)).toBe(false);
});
