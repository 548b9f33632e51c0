// What is taken for the interpreter of a script is readable without a grant, so it is never another file than the one that the
// kernel, or env(1), starts.

import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { interpreterOf } from "../src/command/interpreter.ts";
import { makeTree } from "./support/tree.ts";

it("names no program as the interpreter of a script but the one that is started", async () => {
  await using tree = await makeTree({ "x/": "" });
  for (const name of ["a", "b", "x/a", "env"]) {
    writeFileSync(tree.at(name), `#!/bin/sh\necho ${name}\n`);
    chmodSync(tree.at(name), 0o755);
  }
  const programs: Readonly<Record<string, string>> = Object.fromEntries(
    ["a", "b", "x/a", "env"].flatMap((name) => [
      [name, tree.at(name)],
      [tree.at(name), tree.at(name)],
    ]),
  );
  const script = tree.at("script");
  const options = [
    "-",
    "-i",
    "-v",
    "-u",
    "-S",
    "-vS",
    "-iS",
    "--unset=PATH",
    "--debug",
    "--split-string=",
    "-C",
  ];
  const variables = ["A=1", `PATH=${tree.at("x")}`, "PATH", "''", "$A", "\\c"];
  const aWord = fc.constantFrom("/usr/bin/env", ...Object.keys(programs), ...options, ...variables);
  const aBlank = fc.constantFrom(" ", " ", "\t", "", "\v", "\f", "\r", "\0", "\u00a0", " ".repeat(240));
  const aLine = fc.tuple(
    fc.constantFrom("/usr/bin/env -S ", "/usr/bin/env ", ""),
    fc.array(fc.tuple(aWord, aBlank), { minLength: 1, maxLength: 5 }),
    fc.constantFrom("\n", ""),
  );

  const named = new Set<string>();
  fc.assert(
    fc.property(aLine, ([first, words, end]) => {
      writeFileSync(script, `#!${first}${words.flat().join("")}${end}`);
      chmodSync(script, 0o755);
      const found = interpreterOf(script, (name) => programs[name]);
      const name = Object.keys(programs).find((one) => !one.startsWith("/") && programs[one] === found);
      if (name === undefined) return;
      const { stdout } = spawnSync(script, [], {
        env: { PATH: tree.root },
        cwd: tree.root,
        encoding: "utf8",
        // env may start the script again and again.
        timeout: 1000,
        killSignal: "SIGKILL",
      });
      if (stdout === null || stdout === "") return; // it cannot be started
      named.add(name);
      expect(stdout).toBe(`${name}\n`);
    }),
    { numRuns: 2000 },
  );
  expect(named.size).toBeGreaterThan(2); // not in vain
});
