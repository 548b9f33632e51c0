import { chmodSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTree, type Tree } from "../../test/policy/fixtures.ts";
import { readTrustedFile, refuseInWorkdir } from "./trusted-file.ts";

const uid = process.getuid?.() ?? 0;

describe("readTrustedFile", () => {
  it("reads a file that is the user's own, also through links", () => {
    using tree = makeTree({ "config/a.json": "{}", "link.json": "-> config/a.json" });
    expect(readTrustedFile(tree.at("config/a.json"), uid)).toEqual({
      path: tree.at("config/a.json"),
      text: "{}",
    });
    expect(readTrustedFile(tree.at("link.json"), uid)).toEqual({
      path: tree.at("config/a.json"),
      text: "{}",
    });
  });

  it("knows a file that is not there from one that cannot be read", () => {
    using tree = makeTree({ "dangling.json": "-> nowhere", file: "", "directory.json/": "" });
    expect(readTrustedFile(tree.at("none.json"), uid)).toBeUndefined();
    expect(readTrustedFile(tree.at("none/none.json"), uid)).toBeUndefined();
    expect(() => readTrustedFile(tree.at("dangling.json"), uid)).toThrow(
      /dangling\.json cannot be read: ENOENT$/,
    );
    expect(() => readTrustedFile(tree.at("directory.json"), uid)).toThrow(
      /cannot be read: it is not a regular file$/,
    );
  });

  it("refuses what another user, a group or everybody could have written", () => {
    using tree = makeTree({ "a.json": "{}" });
    const file = tree.at("a.json");
    chmodSync(file, 0o602);
    expect(() => readTrustedFile(file, uid)).toThrow(
      `${file} is not read, because it can be written by everybody: chmod o-w ${file}`,
    );
    chmodSync(file, 0o600);
    // The same file as somebody else sees it; root's own files are trusted by all.
    const other = () => readTrustedFile(file, uid + 1);
    if (uid !== 0)
      expect(other).toThrow(`is not read, because it belongs to user ${uid}: it must be yours or root's`);
    else expect(other).not.toThrow();
  });

  it("refuses a file below a directory that others can write: they could put another in its place", () => {
    using tree = makeTree({ "open/sub/a.json": "{}" });
    chmodSync(tree.at("open"), 0o777);
    expect(() => readTrustedFile(tree.at("open/sub/a.json"), uid)).toThrow(
      `${tree.at("open/sub/a.json")} is not read, because ${tree.at("open")} can be written by everybody: chmod o-w ${tree.at("open")}`,
    );
    chmodSync(tree.at("open"), 0o1777); // sticky: what is in it stays its owner's
    expect(readTrustedFile(tree.at("open/sub/a.json"), uid)?.text).toBe("{}");
  });

  it("refuses what is no text, or too much of it", () => {
    using tree = makeTree({ "long.json": " ".repeat((1 << 20) + 1) });
    expect(() => readTrustedFile(tree.at("long.json"), uid)).toThrow(
      /long\.json cannot be read: it is longer than 1 MiB$/,
    );
    writeFileSync(tree.at("latin1.json"), Buffer.from([0x22, 0xe4, 0x22]));
    expect(() => readTrustedFile(tree.at("latin1.json"), uid)).toThrow(
      /latin1\.json cannot be read: it is not UTF-8$/,
    );
  });
});

describe("refuseInWorkdir", () => {
  /** What is said when nono is started in `workdir` and the file stands at `name`. */
  function refusal(
    tree: Tree,
    name: string,
    workdir: string,
    config = "home/.config/nono",
  ): string | undefined {
    const file = readTrustedFile(tree.at(name), uid);
    if (file === undefined) throw new Error(`no ${name}`);
    const place = { directory: tree.at(config), home: tree.at("home"), workdir: tree.at(workdir), uid };
    try {
      refuseInWorkdir(file, place);
      return undefined;
    } catch (error) {
      return (error as Error).message.replaceAll(`${tree.root}/`, "");
    }
  }

  it("refuses a file below the working directory, under whatever name", () => {
    using tree = makeTree({ "project/p.json": "{}", "link.json": "-> project/p.json", "other/p.json": "{}" });
    for (const name of ["project/p.json", "link.json"])
      expect(refusal(tree, name, "project"), name).toBe(
        "project/p.json is not read, because it lies below the working directory project, which a sandboxed command may have written: move it to home/.config/nono/profiles",
      );
    expect(refusal(tree, "other/p.json", "project")).toBeUndefined();
  });

  it("does not mind the config directory, which no sandbox can write, wherever nono is started", () => {
    using tree = makeTree({ "home/.config/nono/profiles/p.json": "{}", "home/profiles/p.json": "{}" });
    for (const workdir of ["", "home", "home/.config", "home/.config/nono"])
      expect(refusal(tree, "home/.config/nono/profiles/p.json", workdir), workdir).toBeUndefined();
    expect(refusal(tree, "home/profiles/p.json", "home")).toMatch(/is not read/);
  });

  it("minds one that a variable puts into a project: it was none in earlier runs", () => {
    using tree = makeTree({
      "home/": "",
      "project/cfg/nono/profiles/p.json": "{}",
      "home/cfg/nono/profiles/p.json": "{}",
    });
    const inProject = "project/cfg/nono";
    expect(refusal(tree, `${inProject}/profiles/p.json`, "project", inProject)).toMatch(/is not read/);
    expect(refusal(tree, `${inProject}/profiles/p.json`, "home", inProject)).toBeUndefined();
    expect(refusal(tree, "home/cfg/nono/profiles/p.json", "home", "home/cfg/nono")).toBeUndefined();
  });
});
