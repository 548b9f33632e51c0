// Names that are denied, whether something is there or not, in a directory that may be written otherwise.

import { existsSync, readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AccessMode, type CapabilitySet } from "../src/index.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { supervised } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

describe("a denied name", () => {
  it("lets a file be renamed over a denied one where that changes nothing, and removes it", async () => {
    await using tree = await makeTree({
      "w/kept": "same",
      "w/equal": "same",
      "w/other": "evil",
      "w/longer": "same\n",
    });
    const w = tree.at("w");
    const asked = { readWrite: [w], read: [acts.directory], denyWrite: [tree.at("w/kept")] };
    const before = statSync(tree.at("w/kept")).ino;
    const script = ["rename:other:kept", "rename:longer:kept", "exchange:equal:kept", "rename:equal:kept"];

    const outcome = await supervised(asked).run(acts.program, `chdir:${w}`, ...script);
    expect(linesOf(outcome.stdout).slice(1)).toEqual([
      "rename=EACCES",
      "rename=EACCES",
      "exchange=EACCES",
      "rename=0",
    ]);
    expect(statSync(tree.at("w/kept")).ino).toBe(before);
    expect(tree.read("w/kept")).toBe("same");
    expect(readdirSync(w).sort()).toEqual(["kept", "longer", "other"]);
  });

  it("tells nobody by that what an unreadable file holds", async () => {
    await using tree = await makeTree({ "w/secret": "same", "w/equal": "same" });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], deny: [tree.at("w/secret")] };
    const outcome = await supervised(asked).run(acts.program, `chdir:${tree.at("w")}`, "rename:equal:secret");
    expect(linesOf(outcome.stdout).at(-1)).toBe("rename=EACCES");
    expect(existsSync(tree.at("w/equal"))).toBe(true);
  });

  it("takes no link above a denied name, which would lead it elsewhere", async () => {
    await using tree = await makeTree({ "w/": "", "o/inner/name": "o" });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], deny: [tree.at("w/d/inner/name")] };
    const script = [
      `chdir:${tree.at("w")}`,
      "symlink:../o:d",
      "mkdir:d",
      "symlink:../../o/inner:d/inner",
      "symlink:../o:e",
    ];
    const outcome = await supervised(asked).run(acts.program, ...script);
    expect(linesOf(outcome.stdout).slice(1)).toEqual([
      "symlink=EACCES",
      "mkdir=0",
      "symlink=EACCES",
      "symlink=0",
    ]);
    expect(outcome.events.map((event) => "request" in event && event.request.reason)).toEqual([
      "holds-denial",
      "holds-denial",
    ]);
  });

  it("is not moved to where it could be read, when only reading it is denied", async () => {
    await using tree = await makeTree({ "w/secret": "s", "w/d/": "" });
    const set = (capabilities: CapabilitySet) =>
      void capabilities.denyPath(tree.at("w/secret"), { access: AccessMode.Read });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], set };
    const script = [
      `chdir:${tree.at("w")}`,
      "rename:secret:x",
      "rename:secret:d/x",
      "link:secret:y",
      "open:y:r",
    ];
    const outcome = await supervised(asked).run(acts.program, ...script);
    expect(linesOf(outcome.stdout).slice(1, 3)).toEqual(["rename=EACCES", "rename=EACCES"]);
    expect(linesOf(outcome.stdout).slice(3)).toEqual(["link=EXDEV", "open=ENOENT"]);
    expect(tree.read("w/secret")).toBe("s");
  });

  it("is neither moved nor linked there by rarer ways, when only reading it is denied", async () => {
    await using tree = await makeTree({ "w/secret": "s", "w/d/": "" });
    const set = (capabilities: CapabilitySet) =>
      void capabilities.denyPath(tree.at("w/secret"), { access: AccessMode.Read });
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], set };
    const script = [
      `chdir:${tree.at("w")}`,
      "open:secret:path",
      "linkopen:linked:@",
      "link:secret:second",
      "whiteout:secret:x",
      "unlink:secret",
      ...["linked", "second", "x"].map((name) => `open:${name}:r`),
    ];
    const outcome = await supervised(asked).run(acts.program, ...script);
    expect(linesOf(outcome.stdout).slice(2)).toEqual([
      "linkopen=ENOENT",
      "link=EXDEV",
      "whiteout=EINVAL",
      "unlink=0",
      ...["open=ENOENT", "open=ENOENT", "open=ENOENT"],
    ]);
  });
});
