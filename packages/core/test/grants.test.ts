import { describe, expect, it } from "vitest";
import { confine, unconfined } from "./support/confine.ts";
import { compileC } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

describe("a grant", () => {
  it("lets reading through where reading is granted, and nothing else", async () => {
    await using tree = await makeTree({ "in/file": "i", "out/file": "o" });
    const box = confine({ read: [tree.at("in")] });
    expect(await box.run("cat", tree.at("in/file"))).toMatchObject({ stdout: "i" });
    expect(await box.run("cat", tree.at("out/file"))).toMatchObject({ code: 1, stdout: "" });
    expect(await box.run("sh", "-c", `echo x > ${tree.at("in/file")}`)).not.toMatchObject({ code: 0 });
    expect(await unconfined("cat", tree.at("out/file"))).toMatchObject({ stdout: "o" }); // control
  });

  it("of reading lets nobody be kept waiting who opens the file outside", async () => {
    await using tree = await makeTree({ "in/file": "f" });
    await using tools = await makeTree();
    const acts = [compileC("acts.c", tools.at("acts")), `open:${tree.at("in/file")}:r`, "lease:@"] as const;
    const box = confine({ read: [tree.at("in"), tools.root] });
    expect((await box.run(...acts)).stdout).toMatch(/^lease=EINVAL$/m);
    expect((await unconfined(...acts)).stdout).toMatch(/^lease=0$/m); // control
  });

  it("lets writing through without reading where only that is granted", async () => {
    await using tree = await makeTree({ "drop/": "", "drop/file": "old" });
    const box = confine({ write: [tree.at("drop")] });
    expect(await box.run("sh", "-c", `echo new > ${tree.at("drop/file")}`)).toMatchObject({ code: 0 });
    expect(await box.run("cat", tree.at("drop/file"))).toMatchObject({ code: 1, stdout: "" });
    expect(tree.read("drop/file")).toBe("new\n");
  });

  it("covers what is made below it later", async () => {
    await using tree = await makeTree({ "work/": "" });
    const box = confine({ readWrite: [tree.at("work")] });
    const work = `cd ${tree.at("work")} && mkdir -p a/b && echo x > a/b/c && mv a d && cat d/b/c && rmdir d 2>/dev/null; ls`;
    expect(await box.run("sh", "-c", work)).toMatchObject({ stdout: "x\nd\n" });
  });
});
