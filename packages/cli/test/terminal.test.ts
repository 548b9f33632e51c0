// nono as it is used by hand: job control, the keys that send signals, the size of the terminal, colours.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux, openTmux } from "../../core/test/support/tmux.ts";
import { openShell } from "./support/on-tmux.ts";
import { makeWorld, NONO, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");

/** Says when it runs: what is pressed before would go to the shell. */
const STOPPABLE = `sh -c 'trap "stty size" WINCH; trap "echo continued" CONT; echo ready; while :; do sleep 0.05; done'`;

describe.each(["run", "wrap"])("a command under nono %s", (verb) => {
  itOnTerminal(
    "can be stopped, continued and interrupted, and sees the terminal change its size",
    async () => {
      await using world = await makeWorld();
      await using tmux = await openShell(world);
      tmux.enter(`nono ${verb} -s -- ${STOPPABLE}`);
      await tmux.shows(/^ready$/m);
      tmux.resize({ columns: 90, rows: 30 });
      await tmux.shows(/^30 90$/m);
      tmux.press("C-z");
      await tmux.shows("Stopped");
      tmux.enter("fg");
      tmux.resize({ columns: 70, rows: 20 });
      await tmux.shows(/^20 70$/m); // it goes on
      tmux.press("C-c");
      tmux.enter("echo code $?");
      await tmux.shows(/^code 130$/m);
    },
  );
});

describe("what nono says after a command", () => {
  itOnTerminal("can be read, whatever the command left on the terminal", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    await using tmux = await openShell(world);
    // Concealed, drawn with lines, in the second set of characters.
    const left = "printf '\\033[8m\\033(0\\016'";
    for (const verb of ["run", "learn"]) {
      tmux.enter(`clear; nono ${verb} -- sh -c "cat ~/.ssh/id; ${left}"`);
      await tmux.shows("nono: refused 1 thing");
      const report = tmux
        .painted()
        .split("\n")
        .filter((line) => line.includes("nono: refused"));
      expect(report).toEqual([expect.not.stringMatching(/\u001b\[[0-9;]*8[;m]|\u000e/)]);
    }
    // The control: what is printed without nono is concealed.
    tmux.enter(`clear; ${left}; echo unseen; printf '\\033[0m\\033(B\\017'; echo o""ver`);
    await tmux.shows(/^over$/m);
    expect(tmux.painted()).toMatch(/\u001b\[[0-9;]*8m/);
  });
});

describe("a terminal that cannot be drawn on", () => {
  itOnTerminal("shows no question, and is told how it could", async () => {
    await using world = await makeWorld({ "outside/a": "a" });
    await using tmux = await openShell(world);
    tmux.enter(`clear; TERM=dumb nono run --supervised -- cat ${world.at("outside/a")}`);
    await tmux.shows(
      "nobody could be asked: run it with TERM set to what the terminal is, or keep nono approvals",
    );
  });
});

describe("a report", () => {
  itOnTerminal("fits the terminal as it is at the end", async () => {
    await using world = await makeWorld();
    await using tmux = await openShell(world, { columns: 80, rows: 24 });
    const script = `ls ~; echo refused; read _`;
    tmux.enter(`clear; nono run -- sh -c '${script}'`);
    await tmux.shows(/^refused$/m);
    tmux.resize({ columns: 60, rows: 24 });
    tmux.press("Enter");
    await tmux.shows("to allow no option can");
    await tmux.shows(
      /^ {4}because {2}no grant covers it, and none may: it would\n {13}reach nono's own files$/m,
    );
  });
});

/** Puts a group in the foreground that ends, of a terminal that stops all others who write to it. */
const LEAVES = `
import os, signal, termios
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    modes = termios.tcgetattr(0)
    modes[3] |= termios.TOSTOP
    termios.tcsetattr(0, termios.TCSANOW, modes)
    os._exit(0)
os.waitpid(child, 0)
`;

describe("a command that leaves the terminal to a group that is gone", () => {
  itWhere(hasTmux && existsSync("/usr/bin/python3"), "tmux and python3")(
    "keeps nothing from being said",
    async () => {
      await using world = await makeWorld({ "home/.ssh/id": "key", "project/leaves.py": LEAVES });
      await using tmux = await openShell(world);
      const command = '/bin/sh -c "cat ~/.ssh/id; /usr/bin/python3 leaves.py"';
      for (const verb of ["run", "learn"]) {
        await tmux.clear();
        tmux.enter(`nono ${verb} --read . -- ${command}; echo code $?; stty -tostop`);
        await tmux.shows("nono: refused 1 thing");
        await tmux.shows(/^code 0$/m);
      }
      // The control: without nono whoever writes next is stopped.
      await tmux.clear();
      tmux.enter(`/bin/sh -c '/usr/bin/python3 leaves.py; cat ~/.ssh/id'`);
      await tmux.shows("Stopped");
    },
  );
});

describe("colours that a command has changed", () => {
  const on = (world: World, command: string) =>
    execFileSync("script", ["-qec", command, "/dev/null"], {
      cwd: world.project,
      encoding: "latin1",
      env: { ...world.env, SHELL: "/bin/sh", TERM: "xterm" },
    });
  const supervised = (script: string) => `'${NONO}' run --supervised -- sh -c "${script}"`;

  it("are the terminal's own again after it, where nono stands in between", async () => {
    await using world = await makeWorld();
    const change = String.raw`printf '\033]4;1;#123456;7;#654321\007\033]11;#000000\007\033]12;red\007\033]112\007'; printf '\033]2;cut'`;
    const shown = on(world, supervised(change));
    expect(shown.slice(shown.indexOf("cut"))).toContain(
      "\u0018\u001b\\\u001b]104;1\u001b\\\u001b]104;7\u001b\\\u001b]111\u001b\\",
    );
  });

  it("are not touched after one that has changed none, or asked", async () => {
    await using world = await makeWorld();
    const asked = String.raw`printf '\033]11;?\007over'`;
    const shown = on(world, supervised(asked));
    expect(shown).toContain("over");
    expect(shown).not.toMatch(/\u0018|\]1[01][0-9]/);
  });
});

describe("nono shell", () => {
  itOnTerminal("has jobs of its own, and ends with its own exit code", async () => {
    await using world = await makeWorld();
    await using tmux = await openShell(world);
    tmux.enter("SHELL=/bin/bash PS1='in$ ' nono shell -s --allow-cwd -- --norc");
    await tmux.shows(/^in\$$/m);
    tmux.enter(STOPPABLE);
    await tmux.shows(/^ready$/m);
    tmux.press("C-z");
    await tmux.shows("Stopped");
    tmux.enter("fg");
    await tmux.shows(/^continued$/m);
    tmux.press("C-c");
    tmux.enter("echo after $?; exit 7");
    await tmux.shows(/^after 130$/m);
    tmux.enter("echo code $?");
    await tmux.shows(/^code 7$/m);
  });
});

describe("colours", () => {
  const painted = async (env: Readonly<Record<string, string>>) => {
    await using world = await makeWorld();
    const words = ["sh", "-c", '"$0" run -- true; echo over; read line', NONO];
    await using tmux = openTmux(words, { cwd: world.project, env: { ...world.env, TERM: "screen", ...env } });
    await tmux.shows(/^over$/m);
    return tmux.painted();
  };

  itOnTerminal("are for terminals that want them", async () => {
    expect(await painted({})).toContain("\u001b[1mnono:");
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }] as const)
      expect(await painted(env)).not.toContain("\u001b[1m");
    await using world = await makeWorld();
    expect((await world.nono("run", "--", "true")).stderr).not.toContain("\u001b");
  });
});
