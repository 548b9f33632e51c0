// Whatever a policy says, `nono why` and the kernel give the same answer.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerPath } from "../src/sandbox/answer.ts";
import { readDocument } from "../src/sandbox/read-document.ts";
import { makeWorld, type World } from "./support/world.ts";

const DIRECTORIES = ["a", "a/b", "a/b/c", "d", "link"];
const FILES = ["a/f", "a/b/g", "a/b/c/h", "d/i", "link/g"];
const PATHS = [...DIRECTORIES, ...FILES, "a/missing", "a/b/missing", "d/missing", "link/missing", "d/loop/i"];

const someOf = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 });

const aPolicy = fc.record({
  allow: someOf(DIRECTORIES),
  read: someOf(DIRECTORIES),
  write: someOf(DIRECTORIES),
  allow_file: someOf(FILES),
  read_file: someOf(FILES),
  write_file: someOf(FILES),
  deny: someOf([...DIRECTORIES, ...FILES, "a/missing", "a/b/c/no/such/name"]),
});

let world: World;
let attempt: string;
beforeAll(async () => {
  world = await makeWorld({
    "tree/a/f": "",
    "tree/a/b/g": "",
    "tree/a/b/c/h": "",
    "tree/d/i": "",
    "home/.config/nono/profiles/": "",
  });
  fs.symlinkSync("a/b", world.at("tree/link"));
  fs.symlinkSync(".", world.at("tree/d/loop"));
  attempt = world.at("attempt");
  execFileSync("cc", ["-o", attempt, fileURLToPath(new URL("support/attempt.c", import.meta.url))]);
});
afterAll(async () => world[Symbol.asyncDispose]());

it("nono why says what the kernel does, for random policies", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(aPolicy, async (policy) => {
      const kernel = await confined(policy);
      fc.pre(kernel !== undefined); // such a policy is refused as a whole
      const { plan, document } = readDocument(world.at("project/sandbox.json"));
      const answers = PATHS.map((name, index) => {
        const path = world.at("tree", name);
        const may = (access: "read" | "write") =>
          answerPath(plan, document, { path, access, cwd: "/" }).status === "allowed";
        const read = kernel?.[index]?.startsWith("?") ? "?" : may("read") ? "r" : "-";
        return `${name} ${read}${may("write") ? "w" : "-"}`;
      });
      expect(answers).toEqual(PATHS.map((name, index) => `${name} ${kernel?.[index]}`));
    }),
    { numRuns: 60 },
  ),
);

/** What a confined process could do with each path; undefined when nono refused to start it. */
async function confined(
  policy: Readonly<Record<string, readonly string[]>>,
): Promise<readonly string[] | undefined> {
  const filesystem = Object.fromEntries(
    Object.entries(policy).map(([key, names]) => [key, names.map((name) => world.at("tree", name))]),
  );
  const file = world.at("home/.config/nono/profiles/random.json");
  fs.writeFileSync(file, JSON.stringify({ filesystem }), { mode: 0o600 });
  const script = 'cat "$NONO_CAP_FILE" > sandbox.json && exec "$0"';
  const input = PATHS.map((name) => `${world.at("tree", name)}\n`).join("");
  const args = [
    "run",
    "--no-diagnostics",
    "-p",
    "random",
    "--read-file",
    attempt,
    "--allow-cwd",
    "--",
    "sh",
    "-c",
  ];
  const outcome = await world.nonoWith({ input }, ...args, script, attempt);
  if (/^nono: profile:random [^\n]*\n$/.test(outcome.stderr)) return undefined;
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome.stdout.trimEnd().split("\n");
}
