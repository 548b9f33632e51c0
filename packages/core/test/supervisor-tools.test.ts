// Real tools do real work under a supervisor, in a project of which a part is denied: nothing of what they make has a rule
// of the kernel, and nothing that they do is refused.

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { unconfined } from "./support/confine.ts";
import { itWhere } from "./support/requires.ts";
import { type Supervised, supervised, told } from "./support/supervised.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const has = (command: string) => {
  try {
    execFileSync("/bin/sh", ["-c", `command -v ${command}`], { env: { PATH: PATHS } });
    return true;
  } catch {
    return false;
  }
};
const PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const itWith = (...commands: string[]) => itWhere(commands.every(has), commands.join(", "));

/** A project with a repository, whose hooks are denied, a home and a temporary directory. */
async function project(files: Readonly<Record<string, string>> = {}): Promise<TestTree> {
  const tree = await makeTree({ "home/": "", "tmp/": "", "project/": "", ...files });
  if (has("git")) {
    execFileSync("git", ["init", "-q", tree.at("project")]);
    for (const [key, value] of [
      ["user.email", "a@b.c"],
      ["user.name", "n"],
    ])
      execFileSync("git", ["-C", tree.at("project"), "config", key as string, value as string]);
  }
  return tree;
}

async function work(tree: TestTree, ...script: readonly string[]): Promise<Supervised> {
  const lines = [
    "set -e",
    "for name in $(env | sed -n 's/^\\(npm_[^=]*\\)=.*/\\1/p'); do unset $name; done",
    `export PATH=${PATHS} HOME=${tree.at("home")} TMPDIR=${tree.at("tmp")} TMUX_TMPDIR=${tree.at("tmp")} TERM=xterm`,
    `cd ${tree.at("project")}`,
    ...script,
  ];
  const hooks = tree.at("project/.git/hooks");
  const box = supervised({
    readWrite: [tree.at("project"), tree.at("home"), tree.at("tmp"), "/dev"],
    read: ["/sys"],
    ...(existsSync(hooks) ? { denyWrite: [hooks] } : {}),
  });
  return box.run("/bin/sh", "-c", lines.join("\n"));
}

function expectDone(outcome: Supervised, stdout: string): void {
  expect({ ...outcome, events: told(outcome.events) }).toMatchObject({ code: 0, stdout, events: [] });
}

describe("under a supervisor", () => {
  itWith("git")(
    "git commits, branches, merges, stashes, packs and has worktrees",
    async () => {
      await using tree = await project();
      const outcome = await work(
        tree,
        "echo one > a; git add a; git commit -qm one",
        "git checkout -qb side; mkdir -p d/e; echo two > d/e/f; git add .; git commit -qm two",
        "git worktree add -q ../tmp/tree HEAD 2>&1; (cd ../tmp/tree; echo w > w; git add w; git commit -qm three)",
        "git checkout -q -; git merge -q side; echo more >> a; git stash -q; git stash pop -q; git commit -qam four",
        "git rm -q d/e/f; git commit -qm five; git rebase -q HEAD~1; git gc -q; git fsck > /dev/null 2>&1",
        "git log --oneline | wc -l; git status --short; ls .git/hooks | wc -l | tr -d 0-9",
      );
      expectDone(outcome, "4\n\n");
    },
    60_000,
  );

  itWith("cc", "make")(
    "make runs compilers side by side, and what they built runs",
    async () => {
      await using tree = await project({
        "project/Makefile": [
          "prog: $(patsubst %,o/%.o,0 1 2 3 4 5 6 7)",
          "\tcc -o prog o/*.o",
          "o/%.o: | o",
          "\techo 'int f$*(void) { return $*; }' > o/$*.c",
          "\tif [ $* = 0 ]; then echo 'int main(void) { return 0; }' >> o/0.c; fi",
          "\tcc -c o/$*.c -o $@",
          "o:",
          "\tmkdir o",
          "",
        ].join("\n"),
      });
      expectDone(await work(tree, "make -s -j4", "ls o/*.o | wc -l"), "8\n");
    },
    60_000,
  );

  itWith("node")(
    "node has workers that write side by side, and a socket of its own",
    async () => {
      await using tree = await project();
      writeFileSync(
        tree.at("project/workers.mjs"),
        `
        import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
        import { promises as fs } from "node:fs";
        import net from "node:net";
        if (isMainThread) {
          const workers = Array.from({ length: 8 }, (_, i) => new Worker(new URL(import.meta.url), { workerData: i }));
          await Promise.all(workers.map((w) => new Promise((done, fail) => w.on("exit", done).on("error", fail))));
          const names = (await fs.readdir(".")).filter((name) => name.startsWith("made"));
          const server = net.createServer((c) => c.end(String(names.length)));
          server.listen(process.env.TMPDIR + "/socket", () =>
            net.connect(process.env.TMPDIR + "/socket").on("data", (d) => { console.log(String(d)); server.close(); }));
        } else {
          for (let i = 0; i < 20; i++) {
            await fs.writeFile("temporary" + workerData, "x");
            await fs.rename("temporary" + workerData, "made" + workerData + "-" + i);
          }
        }`,
      );
      expectDone(await work(tree, "node workers.mjs"), "160\n");
    },
    60_000,
  );

  itWith("npm", "node")(
    "npm installs a package of many files",
    async () => {
      const files = Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [`home/package/lib/f${i}.js`, `module.exports = ${i};`]),
      );
      await using tree = await project({
        ...files,
        "home/package/package.json": JSON.stringify({
          name: "many",
          version: "1.0.0",
          bin: { many: "lib/f0.js" },
        }),
        "project/package.json": JSON.stringify({ name: "user", version: "1.0.0", private: true }),
      });
      execFileSync("npm", ["pack", "--silent", "--pack-destination", tree.at("home")], {
        cwd: tree.at("home/package"),
        env: { ...process.env, HOME: tree.at("home"), npm_config_cache: tree.at("home/.npm") },
      });
      const outcome = await work(
        tree,
        "npm install --offline --no-audit --no-fund --silent ../home/many-1.0.0.tgz > /dev/null",
        "ls node_modules/many/lib | wc -l; node -p 'require(\"many/lib/f7.js\")'; rm -r node_modules; ls",
      );
      expectDone(outcome, "200\n7\npackage-lock.json\npackage.json\n");
    },
    90_000,
  );

  itWith("python3")(
    "python has pools of processes of every kind",
    async () => {
      await using tree = await project();
      writeFileSync(
        tree.at("project/pools.py"),
        [
          "import multiprocessing as mp",
          "def f(x): return x + 1",
          "if __name__ == '__main__':",
          "    for how in ('fork', 'spawn', 'forkserver'):",
          "        with mp.get_context(how).Pool(3) as pool: print(how, sum(pool.map(f, range(100))))",
          "    with mp.Manager() as manager:",
          "        shared = manager.dict(); shared['a'] = 1; print(dict(shared))",
        ].join("\n"),
      );
      expectDone(await work(tree, "python3 pools.py"), "fork 5050\nspawn 5050\nforkserver 5050\n{'a': 1}\n");
    },
    60_000,
  );

  itWith("go")(
    "a Go program preempts itself while it writes files side by side",
    async () => {
      await using tree = await project();
      writeFileSync(
        tree.at("project/main.go"),
        `package main
import ("fmt"; "os"; "sync"; "runtime")
func main() {
	var all sync.WaitGroup
	for i := 0; i < 16; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for j := 0; j < 40; j++ {
				name := fmt.Sprintf("f%d", i)
				if os.WriteFile(name, []byte("x"), 0644) != nil { panic(name) }
				if _, err := os.ReadFile(name); err != nil { panic(err) }
				if os.Remove(name) != nil { panic(name) }
				runtime.Gosched()
			}
		}(i)
	}
	all.Wait()
	fmt.Println("done")
}
`,
      );
      execFileSync("/bin/sh", ["-c", `go build -o ${tree.at("home/program")} main.go`], {
        cwd: tree.at("project"),
        env: {
          ...process.env,
          HOME: tree.at("home"),
          GOCACHE: tree.at("home/cache"),
          GOFLAGS: "-mod=mod",
          GO111MODULE: "off",
        },
      });
      expectDone(await work(tree, "../home/program"), "done\n");
    },
    120_000,
  );

  itWith("tmux", "vim")(
    "vim in a terminal of tmux edits and saves, beside a denied name",
    async () => {
      await using tree = await project({ "project/file": "before\n" });
      const outcome = await work(
        tree,
        "tmux -L nono -f /dev/null new-session -d -x 80 -y 24 'vim -u NONE file; echo $? > closed'",
        "tmux -L nono send-keys 'oafter' Escape ':wq' Enter",
        "while [ ! -e closed ]; do sleep 0.05; done",
        "cat file closed; tmux -L nono kill-server 2> /dev/null || true; ls file",
      );
      expect({ ...outcome, events: told(outcome.events) }).toMatchObject({
        code: 0,
        stdout: "before\nafter\n0\nfile\n",
        stderr: "",
      });
    },
    60_000,
  );

  itWith("setsid")("a daemon goes on answering, and its calls are still answered for", async () => {
    await using tree = await project();
    const outcome = await work(
      tree,
      "setsid sh -c 'for i in 1 2 3; do echo $i >> log; done; mv log done' < /dev/null > /dev/null 2>&1 &",
      "while [ ! -e done ]; do sleep 0.02; done; cat done",
    );
    expectDone(outcome, "1\n2\n3\n");
    expect(await unconfined("cat", tree.at("project/done"))).toMatchObject({ stdout: "1\n2\n3\n" });
  });
});
