// The main job: real tools do real work under built-in profiles, and what they are not granted stays out of reach.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, type World } from "./support/world.ts";

const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url));

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "")
    .split(":")
    .some((directory) => fs.existsSync(path.join(directory, program)));
}

/** The script's output; fails with what it said when it failed. */
async function work(world: World, profile: string, script: string, ...flags: string[]): Promise<string> {
  const outcome = await world.nono("run", "-s", "-p", profile, ...flags, "--", "sh", "-euc", script);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome.stdout;
}

/** The same script without nono: the control. */
async function bare(world: World, script: string): Promise<string> {
  const outcome = await world.bare("sh", "-euc", script);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome.stdout;
}

/** Appended to the work of every tool: each attack prints a letter only when it succeeds. */
const ATTACKS = `
  cat ~/.ssh/id 2>/dev/null && echo R || true
  echo x 2>/dev/null >> ~/.bashrc && echo W || true
  echo x 2>/dev/null > ../other/.git/hooks/pre-commit && echo H || true
  env rm ../other/file 2>/dev/null && echo D || true`;

const HOME = {
  "home/.ssh/id": "key\n",
  "home/.bashrc": "",
  "other/.git/hooks/": "",
  "other/file": "",
};

describe("under a built-in profile", () => {
  itWhere(isInstalled("git"), "git")("git makes a repository, commits, branches and clones", async () => {
    await using world = await makeWorld({ ...HOME, "project/a": "one\n" });
    const script = `
      export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
      git init -q -b main . && git add . && git commit -qm one
      git checkout -qb side && echo two >> a && git commit -qam two && git checkout -q main && git merge -q side
      git clone -q . copy && git -C copy log --oneline | wc -l && cat copy/a`;
    expect(await work(world, "node-dev", script + ATTACKS)).toBe("2\none\ntwo\n");
    expect(world.read("home/.bashrc")).toBe("");
    expect(await bare(world, ATTACKS)).toBe("key\nR\nW\nH\nD\n"); // control
  });

  itWhere(isInstalled("npm"), "npm")(
    "npm installs, runs scripts and packs; tsc compiles",
    async () => {
      await using world = await makeWorld({
        ...HOME,
        "project/package.json": JSON.stringify({
          name: "work",
          version: "1.0.0",
          type: "module",
          scripts: { build: "tsc -p .", start: "node out/main.js" },
          dependencies: { dep: "file:./dep" },
        }),
        "project/dep/package.json":
          '{ "name": "dep", "version": "1.0.0", "type": "module", "main": "index.js" }',
        "project/dep/index.js": "export const answer = 42;\n",
        "project/dep/index.d.ts": "export declare const answer: number;\n",
        "project/src/main.ts":
          'import { answer } from "dep";\nconst text: string = String(answer);\nconsole.log(text);\n',
        "project/tsconfig.json":
          '{ "compilerOptions": { "strict": true, "module": "nodenext", "outDir": "out", "rootDir": "src" } }',
      });
      const modules = path.join(CHECKOUT, "node_modules");
      const script = `
      npm install --offline --no-audit --no-fund --loglevel=error >/dev/null
      PATH="${modules}/.bin:$PATH" npm run --silent build
      npm run --silent start
      npm pack --silent`;
      expect(await work(world, "node-dev", script + ATTACKS, "--read", modules)).toBe("42\nwork-1.0.0.tgz\n");
    },
    120_000,
  );

  itWhere(isInstalled("gcc"), "gcc")(
    "gcc compiles, links and runs, with its temporary files in the session's directory",
    async () => {
      await using world = await makeWorld({
        ...HOME,
        "project/main.c":
          '#include <stdio.h>\nint twice(int);\nint main(void) { printf("%d\\n", twice(21)); return 0; }\n',
        "project/twice.c": "int twice(int n) { return 2 * n; }\n",
      });
      const script = "gcc -O2 -Wall -c main.c twice.c && gcc -o main main.o twice.o && ./main";
      expect(await work(world, "default", script + ATTACKS, "--allow-cwd")).toBe("42\n");
    },
  );

  itWhere(isInstalled("python3"), "python3")("python3 writes, reads, forks, threads and zips", async () => {
    await using world = await makeWorld({
      ...HOME,
      "project/main.py": `
import json, multiprocessing, os, pathlib, sqlite3, subprocess, tempfile, threading, zipfile
def square(n): return n * n
if __name__ == "__main__":
    pathlib.Path("data.json").write_text(json.dumps({"n": 6}))
    with zipfile.ZipFile("data.zip", "w") as z: z.write("data.json")
    with sqlite3.connect("data.db") as db: db.execute("create table t(n)"); db.execute("insert into t values (1)")
    with tempfile.NamedTemporaryFile() as f: f.write(b"x")
    t = threading.Thread(target=lambda: open("thread", "w").close()); t.start(); t.join()
    print(sum(multiprocessing.Pool(2).map(square, range(4))), subprocess.check_output(["cat", "data.json"], text=True))
`,
    });
    expect(await work(world, "python-dev", `python3 main.py${ATTACKS}`)).toBe('14 {"n": 6}\n');
  });

  it("node works in worker and pool threads, and every one of them is confined", async () => {
    await using world = await makeWorld({
      ...HOME,
      "project/main.mjs": `
import fs from "node:fs";
import os from "node:os";
import { execFileSync } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
const secret = os.homedir() + "/.ssh/id";
const attempts = async () => [
  await fs.promises.readFile(secret, "utf8").then(() => "read", (error) => error.code),
  await fs.promises.readFile("main.mjs", "utf8").then(() => "fine", (error) => error.code),
  await fs.promises.appendFile(os.homedir() + "/.bashrc", "x").then(() => "written", (error) => error.code),
];
if (isMainThread) {
  await fs.promises.writeFile("made", pbkdf2Sync("p", "s", 10, 8, "sha256").toString("hex"));
  const workers = await Promise.all([1, 2].map(() => new Promise((done) => new Worker("./main.mjs").once("message", done))));
  console.log(JSON.stringify([await attempts(), ...workers]), execFileSync("cat", ["made"], { encoding: "utf8" }));
} else parentPort.postMessage(await attempts());
`,
    });
    const each = '["EACCES","fine","EACCES"]';
    expect(await work(world, "node-dev", `node main.mjs${ATTACKS}`)).toMatch(
      new RegExp(`^\\[${[each, each, each].join(",").replace(/[[\]]/g, "\\$&")}\\] [0-9a-f]{16}\n$`),
    );
    expect(await bare(world, "node main.mjs")).toContain('["read","fine","written"]'); // control
  });
});
