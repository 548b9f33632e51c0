// A process that forbids to be looked into would get nothing on behalf; it is told that it did, and it did not.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { confine } from "./support/confine.ts";
import { compileC, supervised, told } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

it("a process that makes itself unreadable is told that it is, and is looked into all the same", async () => {
  await using tools = await makeTree();
  await using tree = await makeTree({ secret: "s" });
  const acts = compileC("acts.c", tools.at("acts"));
  const lines = (text: string) => text.split("\n").slice(0, -1);
  const asked = { read: [tools.root] };
  const outcome = await supervised(asked).run(
    acts,
    "dumpable:0",
    `open:${tree.at("secret")}:r`,
    `chmod:${tree.at("secret")}:0666`,
  );

  expect(lines(outcome.stdout)).toEqual(["dumpable=0", "open=EACCES", "chmod=EPERM"]);
  expect(told(outcome.events)).toEqual([
    `denied open ${tree.at("secret")}`,
    `denied chmod ${tree.at("secret")}`,
  ]);
  expect(readFileSync(tree.at("secret"), "utf8")).toBe("s");
  const without = await confine(asked).run(acts, "dumpable:0");
  expect(without.stdout).toBe("dumpable=0\n");
});
