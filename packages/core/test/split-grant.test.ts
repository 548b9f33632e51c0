import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { confine, unconfined } from "./support/confine.ts";
import { makeTree } from "./support/tree.ts";

describe("a denial inside a grant", () => {
  it("refuses to read the denied file, and only that", async () => {
    await using tree = await makeTree({ "a/secret": "s", "a/notes": "n" });
    const box = confine({ read: [tree.at("a")], deny: [tree.at("a/secret")] });

    expect(await box.run("cat", tree.at("a/notes"))).toMatchObject({ code: 0, stdout: "n" });
    expect(await box.run("cat", tree.at("a/secret"))).toMatchObject({ code: 1, stdout: "" });
    expect(await unconfined("cat", tree.at("a/secret"))).toMatchObject({ code: 0, stdout: "s" }); // control
  });

  it("does not let the denied file be moved, linked or exchanged to where it could be read", async () => {
    await using tree = await makeTree({ "a/secret": "s", "a/notes": "n", "b/own": "o" });
    const asked = { readWrite: [tree.at("a"), tree.at("b")] };
    const attack = `cd ${tree.root}; mv a/secret b/x; ln a/secret b/y; cat b/x b/y`;

    const box = confine({ ...asked, deny: [tree.at("a/secret")] });
    expect(await box.run("sh", "-c", attack)).toMatchObject({ stdout: "" });
    expect(tree.read("a/secret")).toBe("s");

    const open = confine(asked); // control
    expect(await open.run("sh", "-c", attack)).toMatchObject({ stdout: "s" });
  });

  it("follows no symlink to the denied file", async () => {
    await using tree = await makeTree({ "a/secret": "s", "b/": "" });
    const box = confine({ readWrite: [tree.at("a"), tree.at("b")], deny: [tree.at("a/secret")] });
    const attack = `ln -s ${tree.at("a/secret")} ${tree.at("b/link")} && cat ${tree.at("b/link")}`;
    expect(await box.run("sh", "-c", attack)).toMatchObject({ code: 1, stdout: "" });
    expect(await unconfined("cat", tree.at("b/link"))).toMatchObject({ stdout: "s" }); // control
  });

  it("hides the names in a denied directory, also from above", async () => {
    await using tree = await makeTree({ "a/keys/id_rsa": "s", "a/notes": "n" });
    const box = confine({ read: [tree.at("a")], deny: [tree.at("a/keys")] });
    expect(await box.run("ls", "-R", tree.at("a"))).toMatchObject({ stdout: "" });
    expect(await box.run("cat", tree.at("a/notes"))).toMatchObject({ stdout: "n" });
    expect((await unconfined("ls", "-R", tree.at("a"))).stdout).toContain("id_rsa"); // control
  });

  it("holds for a name that does not exist yet", async () => {
    await using tree = await makeTree({ "a/notes": "n" });
    const box = confine({ readWrite: [tree.at("a")], deny: [tree.at("a/.env")] });
    fs.writeFileSync(tree.at("a/.env"), "s");
    expect(await box.run("cat", tree.at("a/.env"))).toMatchObject({ code: 1, stdout: "" });
    expect(
      await box.run("sh", "-c", `echo x > ${tree.at("a/notes")}; cat ${tree.at("a/notes")}`),
    ).toMatchObject({
      stdout: "x\n",
    });
  });

  it("keeps a file unwritable and its name unclaimed where writing is denied, while it can be read", async () => {
    await using tree = await makeTree({ "a/hooks/pre": "old", "a/work": "w" });
    const asked = { readWrite: [tree.at("a")] };
    const attack = `cd ${tree.at("a")}; echo evil > hooks/pre; echo evil > evil; mv evil hooks/post; cat hooks/pre`;
    const box = confine({ ...asked, denyWrite: [tree.at("a/hooks")] });
    expect(await box.run("sh", "-c", attack)).toMatchObject({ stdout: "old" });
    expect(fs.readdirSync(tree.at("a/hooks"))).toEqual(["pre"]);
    expect(await confine(asked).run("sh", "-c", attack)).toMatchObject({ stdout: "evil\n" }); // control
  });
});
