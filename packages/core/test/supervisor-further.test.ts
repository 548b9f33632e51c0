// A program in the sandbox that brings one of its own: its rules hold as well, though the kernel asks only those of its
// own when something is done on behalf.

import { chmodSync, existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allowed } from "../src/supervisor/request.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { itAsRoot } from "./support/requires.ts";
import { supervised, told } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

/** A directory that a denied name lies in, where all that is made is made on behalf. */
async function world() {
  const tree = await makeTree({ "w/secret": "s", "w/open/": "", "out/": "" });
  const asked = { readWrite: [tree.at("w")], read: [acts.directory, tree.root], deny: [tree.at("w/secret")] };
  return { tree, asked, [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose]() };
}

describe("a sandbox inside the sandbox", () => {
  it("keeps its rules where the outer one works on behalf, for all that it starts", async () => {
    await using place = await world();
    const { tree, asked } = place;
    const script = [
      `creat:${tree.at("w/before")}:0600`,
      `restrict:${tree.at("w/open")}`,
      ...[`creat:${tree.at("w/new")}:0600`, `open:${tree.at("w/before")}:w`, `orphan:${tree.at("w/orphan")}`],
      ...[`creat:${tree.at("w/open/new")}:0600`, `open:${tree.at("w/before")}:r`],
    ];
    const outcome = await supervised(asked).run(acts.program, ...script);

    expect(linesOf(outcome.stdout).map((line) => line.replace(/\d+$/, "N"))).toEqual([
      ...["creat=N", "restrict=N", "creat=EACCES", "open=EACCES", "orphan=EACCES"],
      ...["creat=N", "open=EACCES"], // what was made before is read on behalf only
    ]);
    expect(existsSync(tree.at("w/new")) || existsSync(tree.at("w/orphan"))).toBe(false);
  });

  it("is not left by a yes to a question", async () => {
    await using place = await world();
    const file = place.tree.at("out/new");
    const script = [`restrict:${place.tree.at("w")}`, `creat:${file}:0600`];
    const box = supervised(place.asked, { onRequest: () => allowed });
    const outcome = await box.run(acts.program, ...script);

    expect(linesOf(outcome.stdout)).toEqual(["restrict=0", "creat=EACCES"]);
    expect(told(outcome.events)).toContain(`asked open ${file}`);
    expect(existsSync(file)).toBe(false);
    const without = await box.run(acts.program, ...script.slice(1));
    expect(linesOf(without.stdout)).toEqual([expect.stringMatching(/^creat=\d+$/)]);
  });

  itAsRoot("is known from the processes of other users as well", async () => {
    await using place = await world();
    const { tree, asked } = place;
    for (const directory of [tree.root, tree.at("w")]) chmodSync(directory, 0o777);
    const dropped = ["--reuid=4321", "--regid=4321", "--clear-groups", acts.program];
    const script = [`creat:${tree.at("w/new")}:0600`];
    const further = [`restrict:${tree.at("w/open")}`, `creat:${tree.at("w/other")}:0600`];
    const outcome = await supervised(asked).run("setpriv", ...dropped, ...script, ...further);

    expect(linesOf(outcome.stdout)[0]).toMatch(/^creat=\d+$/);
    // without CAP_SYS_RESOURCE it cannot be marked, and is told so
    if (linesOf(outcome.stdout)[1] !== "restrict=EPERM") expect(existsSync(tree.at("w/other"))).toBe(false);
  });

  it("leaves the outer one as it was beside it", async () => {
    await using place = await world();
    const { tree, asked } = place;
    const inner = `${acts.program} restrict:${tree.at("w/open")} creat:${tree.at("w/new")}:0600`;
    const outcome = await supervised(asked).run("/bin/sh", "-c", `${inner}; echo x > ${tree.at("w/outer")}`);

    expect(outcome).toMatchObject({ code: 0, stdout: "restrict=0\ncreat=EACCES\n" });
    expect(tree.read("w/outer")).toBe("x\n");
  });
});
