import { readdirSync, readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { itWhere } from "./support/requires.ts";
import { hasTmux, openTmux, type Size } from "./support/tmux.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
const driver = new URL("support/on-terminal.ts", import.meta.url).pathname;

const itOnTerminal = itWhere(hasTmux, "tmux");

/** A shell in a terminal; `run` there starts a command in a sandbox, on a terminal of its own. */
async function openShell(tree: TestTree, size?: Size) {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: tree.at(""),
    TMPDIR: tree.at(""),
    PS1: "out$ ",
    TERM: "screen",
    LANG: "C.UTF-8",
  };
  const tmux = openTmux(["bash", "--norc", "-i"], { cwd: tree.at(""), env }, size);
  await tmux.shows("out$");
  tmux.type(`run() { ${bun} ${driver} "$@"; }; clear`);
  tmux.press("Enter");
  await tmux.shows(/^out\$\n/);
  const enter = (line: string) => {
    tmux.type(line);
    tmux.press("Enter");
  };
  return { tmux, enter };
}

/** The processes below `pid` whose arguments hold `text`. */
function processesWith(text: string): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

function hasHungUp(tree: TestTree): boolean {
  return readdirSync(tree.at("")).includes("hangup") && tree.read("hangup") !== "";
}

describe("a command's own terminal", () => {
  itOnTerminal("has the size and the modes of the real one, which is afterwards as before", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree, { columns: 70, rows: 20 });
    await using _ = tmux;
    enter(
      "stty -a > before; run sh -c 'stty -a > inside; tty > name'; stty -a > after; tty > real; echo done",
    );
    await tmux.shows(/^done$/m);
    expect(tree.read("inside")).toBe(tree.read("before"));
    expect(tree.read("after")).toBe(tree.read("before"));
    expect(tree.read("before")).toContain("rows 20; columns 70;");
    expect(tree.read("name")).toMatch(/^\/dev\/pts\/[0-9]+\n$/);
    expect(tree.read("name")).not.toBe(tree.read("real"));
  });

  itOnTerminal("follows the window", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    await using _ = tmux;
    enter(`run sh -c 'trap "stty size" WINCH; echo ready; while :; do sleep 0.05; done'`);
    await tmux.shows(/^ready$/m);
    tmux.resize({ columns: 60, rows: 15 });
    await tmux.shows(/^15 60$/m);
    tmux.press("C-c");
    await tmux.shows('ended {"code":null,"signal":"SIGINT"}');
  });

  itOnTerminal("gives ^C and ^D to the command as they are typed", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    await using _ = tmux;
    enter(`run sh -c 'trap "echo interrupted" INT; echo ready; cat; cat; echo "status $?"'`);
    await tmux.shows(/^ready$/m);
    tmux.type("one");
    await tmux.shows(/^one$/m);
    tmux.press("C-c");
    await tmux.shows(/interrupted$/m);
    tmux.press("C-d");
    await tmux.shows(/^status 0$/m);
    await tmux.shows('ended {"code":0,"signal":null}');
  });

  itOnTerminal("stops with the command, for the shell outside, and goes on with it", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    await using _ = tmux;
    enter("run sh -c 'echo ready; read line; echo got $line'");
    await tmux.shows(/^ready$/m);
    tmux.press("C-z");
    await tmux.shows("Stopped");
    enter("echo out $((40 + 2)); stty -a | grep -c -- -icanon");
    await tmux.shows(/^out 42\n0$/m);
    enter("fg");
    enter("hello");
    await tmux.shows(/^got hello$/m);
    await tmux.shows('ended {"code":0,"signal":null}');
  });

  itOnTerminal("lets a shell inside have jobs of its own", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    await using _ = tmux;
    enter("run bash --norc -i");
    await tmux.shows(/^in\$/m);
    // What is pressed before it runs would go to the shell.
    enter("sh -c 'echo up; exec sleep 1000'");
    await tmux.shows(/^up$/m);
    tmux.press("C-z");
    await tmux.shows("Stopped");
    enter("bg; jobs");
    await tmux.shows("Running");
    enter("fg");
    await tmux.shows(/fg\nsh -c 'echo up; exec sleep 1000'$/m);
    tmux.press("C-c");
    enter("suspend");
    await tmux.shows(/^in\$ suspend\n[\s\S]*Stopped[\s\S]*^out\$$/m);
    enter("fg");
    await tmux.shows(/^out\$ fg$/m);
    enter("exit 7");
    await tmux.shows('ended {"code":7,"signal":null}');
  });

  itOnTerminal("shows everything that was written before the end, however much", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    await using _ = tmux;
    enter("clear; run sh -c 'seq 1 50000; printf last'");
    const seen = await tmux.shows("ended");
    expect(seen.join("\n")).toMatch(/49999\n50000\nlastended /);
  });

  itOnTerminal("leaves the real one usable when we are killed", async () => {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    await using _ = tmux;
    // A script does not set the modes of its terminal right, as a shell that is typed into does.
    const restored = "until stty -a | cmp -s - before; do sleep 0.05; done; echo over";
    enter(`stty -a > before; sh -c '${bun} ${driver} sh -c "echo ready; sleep 4321"; ${restored}'`);
    await tmux.shows(/^ready$/m);
    const [ours] = processesWith(`${driver}\0sh`);
    if (ours === undefined) return expect.fail("what showed `ready` is not there");
    process.kill(ours, "SIGKILL");
    await tmux.shows(/over$/m);
    await expect.poll(() => processesWith("sleep\x004321")).toEqual([]);
  });

  /** @param under what starts `run` */
  async function hangUp(under: string): Promise<void> {
    await using tree = await makeTree({});
    const { tmux, enter } = await openShell(tree);
    const script = 'trap "echo gone > hangup; exit" HUP; echo ready; while :; do sleep 0.05; done';
    enter(`export -f run; ${under} sh -c '${script}'`);
    await tmux.shows(/^ready$/m);
    await tmux[Symbol.asyncDispose]();
    await expect.poll(() => hasHungUp(tree)).toBe(true);
    expect(tree.read("hangup")).toBe("gone\n");
  }

  itOnTerminal("hangs up with the real one, as its shell tells it", () => hangUp("run"));

  itOnTerminal("hangs up with the real one where no shell tells it, as below `su -`", () =>
    hangUp(`trap "" HUP; env --default-signal=HUP bash -c 'run "$@"; :' --`),
  );
});
