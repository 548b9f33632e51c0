import { describe, expect, it } from "vitest";
import { confine } from "./support/confine.ts";
import { makeTree } from "./support/tree.ts";

const LOADER = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

describe("a blocked command", () => {
  it.each([
    ["a shell", (file: string) => `rm ${file}`],
    ["its absolute path", (file: string) => `/bin/rm ${file}`],
    ["env", (file: string) => `env rm ${file}`],
    ["xargs", (file: string) => `echo ${file} | xargs rm`],
    ["find", (file: string) => `find ${file} -exec rm {} ';'`],
    ["a link to it", (file: string) => `ln -sf /bin/rm ./r && ./r ${file}`],
    ["a copy of it", (file: string) => `cp /bin/rm ./r && ./r ${file}`],
    ["the loader", (file: string) => LOADER.map((loader) => `${loader} /bin/rm ${file}`).join("; ")],
  ])("is out of reach through %s", async (_, attack) => {
    await using tree = await makeTree({ "work/precious": "p" });
    const asked = { readWrite: [tree.at("work")] };
    const script = `cd ${tree.at("work")}; ${attack(tree.at("work/precious"))} 2>&1; test -e precious`;

    expect(await confine({ ...asked, block: ["rm"] }).run("sh", "-c", script)).toMatchObject({ code: 0 });
    expect(await confine(asked).run("sh", "-c", script)).toMatchObject({ code: 1 }); // control
  });

  it("leaves its neighbours runnable", async () => {
    const box = confine({ block: ["rm"] });
    expect(await box.run("sh", "-c", "ls /usr >/dev/null && cat /dev/null && echo fine")).toMatchObject({
      stdout: "fine\n",
    });
  });

  it("is opened again by name", async () => {
    await using tree = await makeTree({ "work/file": "" });
    const box = confine({
      readWrite: [tree.at("work")],
      block: ["rm"],
      set: (set) => set.allowCommand("rm"),
    });
    expect(await box.run("rm", tree.at("work/file"))).toMatchObject({ code: 0 });
  });
});
