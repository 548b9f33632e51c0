// Lists of sessions on a terminal: a line each, however long a command is and whatever it is written in; piped, all of it.

import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { openShell } from "./support/on-tmux.ts";
import { listed, openSupervised, reader, ready } from "./support/supervised.ts";
import { makeWorld, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");

const LONG = "word ".repeat(60);
const WIDE = "漢字かな한글😀".repeat(20);
const COMBINING = `e\u0301`.repeat(120);
const HOSTILE = `\u001b[2J\u202e\n${LONG}`;
const ARGUMENTS = ["short", LONG, WIDE, COMBINING, HOSTILE];

async function withSessions(...options: string[]): Promise<World> {
  const world = await makeWorld({ "outside/a": "a" });
  for (const [at, argument] of ARGUMENTS.entries())
    await world.nono(
      "-s",
      "run",
      "--allow-cwd",
      "--name",
      `n${"a".repeat(at * 8)}`,
      ...options,
      "--",
      "true",
      argument,
    );
  return world;
}

/** What stands on the terminal after a command, without the lines of its shell. */
async function seen(world: World, columns: number, command: string): Promise<readonly string[]> {
  await using shell = await openShell(world, { columns, rows: 60 });
  shell.enter(`clear; ${command}; echo over`);
  const lines = await shell.shows(/^over$/m);
  const end = lines.lastIndexOf("over");
  return lines.slice(0, end).filter((line) => line !== "" && !line.startsWith("$ "));
}

describe("on a terminal", () => {
  itOnTerminal("nono ps, audit list and rollback list keep to its width", async () => {
    await using world = await withSessions("--rollback");
    for (const columns of [80, 50]) {
      const [head = "", ...rows] = await seen(world, columns, "nono ps --all");
      expect(rows).toHaveLength(ARGUMENTS.length);
      const at = head.indexOf("STATE");
      expect(rows.map((row) => row.indexOf("exit 0"))).toEqual(rows.map(() => at));
      // Names give way to commands, down to their beginnings; then there is no room for any.
      expect(rows.map((row) => row.endsWith("…"))).toEqual([true, true, true, true, columns === 50]);
      for (const list of ["audit", "rollback"]) {
        const lines = await seen(world, columns, `nono ${list} list`);
        const firsts = lines.filter((line) => /^\d{8}-/.test(line));
        expect(firsts.map((line) => line.endsWith("…"))).toEqual([true, true, true, true, false]);
        expect(lines.filter((line) => !/^(\d{8}-| {4}\S)/.test(line))).toEqual([]); // nothing ran over
      }
    }
  });

  itOnTerminal("nono approvals list shows all of what is asked for, and of a command what fits", async () => {
    await using world = await makeWorld({ "outside/a": "a" });
    const [, , script = ""] = reader(world, "a");
    await using tmux = openSupervised(world, [], ["sh", "-c", script, "sh", WIDE, LONG]);
    await ready(tmux);
    tmux.press("Enter");
    await expect.poll(() => listed(world)).toHaveLength(1);
    for (const columns of [80, 50]) {
      const lines = await seen(world, columns, "nono approvals list");
      expect(lines.join("")).toContain(world.at("outside/a"));
      expect(lines.at(-2)).toMatch(/^ {6}by cat \(\d+\): cat .+/);
      expect(lines.at(-1)).toMatch(/^ {6}in \d{8}-/);
    }
    tmux.press("n");
  });
});

describe("empty", () => {
  const EMPTY = [
    ["ps", "no session runs: nono ps --all lists those that have ended, too"],
    ["ps --all", "there is no session: nono run and nono shell begin one"],
    ["rollback list", "no session with snapshots: nono run --rollback takes them"],
    ["audit list", "no session has a record: nono run and nono shell keep one"],
    ["approvals list", "nothing waits for an answer"],
    ["secret list --secret-store file", "no secret is stored: see nono secret set"],
  ] as const;

  itOnTerminal("on a terminal they say so", async () => {
    await using world = await makeWorld();
    for (const [list, none] of EMPTY) {
      expect(await seen(world, 80, `nono ${list}`)).toEqual([`nono: ${none}`]);
      expect(await seen(world, 80, `nono -s ${list}`)).toEqual([]);
    }
  });

  it("piped they are empty", async () => {
    await using world = await makeWorld();
    for (const [list] of EMPTY)
      expect(await world.nono(...list.split(" "))).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });
});

describe("piped", () => {
  it("the lists are whole", async () => {
    await using world = await withSessions("--rollback");
    for (const command of [
      ["ps", "--all"],
      ["audit", "list"],
      ["rollback", "list"],
    ]) {
      const { stdout } = await world.nono(...command);
      expect(stdout).not.toMatch(/…|[\u001b\u202e]/);
      for (const whole of [LONG, WIDE, COMBINING, "\\e[2J\\u{202e}\\n"]) expect(stdout).toContain(whole);
    }
  });
});
