// nono run --supervised on a real terminal, answered there.

import fs from "node:fs";
import { describe, expect } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { listed, OUTSIDE, openSupervised, reader, ready } from "./support/supervised.ts";
import { makeWorld, until } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");
const itWithVim = itWhere(hasTmux && fs.existsSync("/usr/bin/vim"), "tmux with vim");

describe("a question", () => {
  itOnTerminal("is answered by one key, each of which it names", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a", "a", "b", "b", "c", "c"));
    await ready(tmux);
    tmux.press("Enter");
    const question = (await tmux.shows("may cat read this")).join("\n");
    expect(question).toContain(`path        ${world.at("outside/a")}`);
    expect(question).toMatch(/program {5}cat \([0-9]+\): cat \//);
    expect(question).toMatch(/started by {2}sh \([0-9]+\)/);
    for (const choice of [
      "n  deny (Enter as well)",
      "d  deny for this session",
      "y  allow once",
      "s  allow this file for this session",
      `S  allow all in ${world.at("outside")} for this session`,
      "p  add it to my profile",
    ])
      expect(question.replace(/\s+/g, " ")).toContain(choice.replace(/\s+/g, " "));

    tmux.type("y");
    await tmux.shows("content of a");
    tmux.press("Enter"); // once was once
    await tmux.shows("may cat read this");
    tmux.press("Enter"); // is no
    await tmux.shows("refused a");
    tmux.press("Enter");
    await tmux.shows("outside/b");
    tmux.type("s");
    await tmux.shows("content of b");
    tmux.press("Enter"); // not asked again
    await tmux.shows(/content of b\n\ncontent of b/);
    tmux.press("Enter");
    await tmux.shows("outside/c");
    tmux.type("d");
    await tmux.shows("refused c");
    tmux.press("Enter"); // not asked again
    await tmux.shows(/refused c\n\n.*\n?refused c/);
    await tmux.shows(/^over$/m);
  });

  itOnTerminal("for a directory covers all in it, and only for the access that was asked for", async () => {
    await using world = await makeWorld(OUTSIDE);
    const write = [
      "sh",
      "-c",
      `read line; echo w > ${world.at("outside/a")} && echo written || echo refused`,
    ];
    const script = `${reader(world, "a", "b")[2]}; ${write[2]}`;
    await using tmux = openSupervised(world, [], ["sh", "-c", script]);
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.type("S");
    await tmux.shows("content of a");
    tmux.press("Enter");
    await tmux.shows("content of b");
    tmux.press("Enter");
    await tmux.shows("may sh write this");
    tmux.type("n");
    await tmux.shows(/^refused$/m);
    expect(world.read("outside/a")).toBe("content of a");
  });

  itOnTerminal("is not answered by what was typed before it, which the program gets", async () => {
    await using world = await makeWorld(OUTSIDE);
    const script = `echo ready; until [ -e go ]; do sleep 0.01; done; cat ${world.at("outside/a")} || echo refused; read line; echo "line=$line"`;
    await using tmux = openSupervised(world, [], ["sh", "-c", script]);
    await ready(tmux);
    tmux.type("yyyy");
    fs.writeFileSync(world.at("project/go"), "");
    await tmux.shows("may cat read this");
    tmux.type("n");
    await tmux.shows("refused");
    tmux.press("Enter");
    await tmux.shows("line=yyyy");
  });

  itOnTerminal("is not answered by what is pasted", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a"));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.paste("yes\n");
    tmux.press("x"); // comes later, and means nothing either
    expect(await listed(world)).toHaveLength(1);
    tmux.press("n");
    await tmux.shows("refused a");
  });

  itOnTerminal("is asked once about many of one directory", async () => {
    await using world = await makeWorld({ ...OUTSIDE, "elsewhere/first": "first" });
    const names = ["a", "b", "c", "a"].map((name) => world.at("outside", name)).join(" ");
    const wait = "until [ -e go ]; do sleep 0.01; done";
    const many = `${wait}; for file in ${names}; do (cat "$file"; echo) & done; wait; echo over`;
    await using tmux = openSupervised(
      world,
      [],
      ["sh", "-c", `cat ${world.at("elsewhere/first")} & ${many}`],
    );
    await tmux.shows("elsewhere/first");
    fs.writeFileSync(world.at("project/go"), "");
    while ((await listed(world)).length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    tmux.type("n");
    const question = (await tmux.shows("(3 paths)")).join("\n");
    expect(question).toContain(`in          ${world.at("outside")}`);
    tmux.type("l");
    await tmux.shows("nono: 3 paths, page 1 of 1");
    tmux.type("x");
    await tmux.shows("allow each of them once");
    tmux.type("y");
    await tmux.shows(/^over$/m);
    expect(
      tmux
        .lines()
        .join("\n")
        .match(/content of/g),
    ).toHaveLength(4);
  });

  itOnTerminal("can be seen whatever the program has set before", async () => {
    await using world = await makeWorld(OUTSIDE);
    const hiding = String.raw`\033[?25l\033[8m\033[30;40m\033[5;6r\033[?6h\033(0\033[?5h\033]4;7;#000000\007\033]10;#000000\007\033[?2026h`;
    const script = `printf '${hiding}'; cat ${world.at("outside/a")}; printf '\\033c'; echo over`;
    await using tmux = openSupervised(world, [], ["sh", "-c", script]);
    const seen = await tmux.shows("may cat read this");
    expect(seen[0]).toMatch(/^nono: may cat read this/);
    const [title] = tmux.painted().split("\n");
    expect(title).toMatch(/^\u001b\[1mnono: may cat/);
    tmux.type("n");
    await tmux.shows("exit 0");
  });

  itOnTerminal("passes ^C on to the program, after a no", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a", "b"));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.press("C-c");
    await tmux.shows("exit 130");
    expect(tmux.lines().join("\n")).not.toContain("content of a");
  });

  itOnTerminal("fits into small windows, and follows their size", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a"), { columns: 40, rows: 12 });
    await ready(tmux);
    tmux.press("Enter");
    const small = await tmux.shows("cat: read?");
    expect(small.join("\n")).toContain("y=once");
    tmux.resize({ columns: 80, rows: 24 });
    await tmux.shows("y  allow once");
    tmux.resize({ columns: 12, rows: 3 });
    await tmux.shows("nono asks");
    tmux.type("y"); // not all of it can be seen: no answer
    tmux.resize({ columns: 80, rows: 24 });
    await tmux.shows("y  allow once");
    tmux.type("n");
    await tmux.shows("refused a");
  });

  itOnTerminal("is denied when nobody answers in time, and says so", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, ["--approval-timeout", "1"], reader(world, "a", "a"));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("denied: nobody answered within 1 s");
    tmux.type("x"); // goes on, and is not for the program
    await tmux.shows("refused a");
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.type("n");
    await tmux.shows("asked    nobody answered in time, denied here");
    await tmux.shows("1 denied because nobody answered in time");
  });

  itOnTerminal("may add what it is about to a profile, which it shows first", async () => {
    await using world = await makeWorld(OUTSIDE);
    await using tmux = openSupervised(world, [], reader(world, "a", "a"));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.type("p");
    const proposal = (await tmux.shows("add this to your profile?")).join("");
    expect(proposal).toContain("default-approved.json (new, extends default)");
    expect(proposal).toContain(`+ filesystem.read_file: ${world.at("outside/a")}`);
    tmux.type("x"); // back
    await tmux.shows("may cat read this");
    tmux.type("p");
    await tmux.shows("add this to your profile?");
    expect(fs.existsSync(world.at("home/.config/nono/profiles"))).toBe(false);
    tmux.type("y");
    await tmux.shows(/is\s+written:\s+--profile\s+default-approved\s+uses\s+it/);
    tmux.type("x");
    await tmux.shows("content of a");
    tmux.press("Enter"); // not asked again
    await tmux.shows(/content of a\n\ncontent of a/);
    const file = world.at("home/.config/nono/profiles/default-approved.json");
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const cat = ["cat", world.at("outside/a")];
    expect(await world.nono("run", "--", ...cat)).toMatchObject({ code: 1, stdout: "" });
    const under = await world.nono("run", "--profile", "default-approved", "--", ...cat);
    expect(under).toMatchObject({ code: 0, stdout: "content of a" });
  });
});

describe("a question about a path with a secret in it", () => {
  itOnTerminal("is not answered by a profile, which is kept and shown", async () => {
    const token = `ghp_${"a1".repeat(18)}`;
    await using world = await makeWorld({ [`outside/${token}`]: "content of a" });
    await using tmux = openSupervised(world, [], reader(world, token));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.type("p");
    await tmux.shows("not written: ");
    tmux.type("x");
    await tmux.shows("may cat read this");
    tmux.type("y");
    await tmux.shows("content of a");
    expect(fs.existsSync(world.at("home/.config/nono/profiles"))).toBe(false);
  });
});

describe("a full-screen program", () => {
  itWithVim("is afterwards as it was, for every answer and after a resize", async () => {
    await using world = await makeWorld({ ...OUTSIDE, "project/text": "one\ntwo\nthree\n" });
    const options = ["set nocompatible noswapfile nobackup nowritebackup number hlsearch", "syntax on"];
    const vim = ["vim", "-u", "NONE", "-i", "NONE", ...options.flatMap((one) => ["-c", one]), "text"];
    await using tmux = openSupervised(world, [], vim);
    await tmux.shows("  3 three");
    tmux.type("/two");
    tmux.press("Enter");
    tmux.type(":vsplit");
    tmux.press("Enter");
    await tmux.shows(/1 one.*1 one/);
    const before = tmux.painted();
    for (const key of ["n", "d", "y", "s"]) {
      const name = key === "d" ? "b" : "a";
      tmux.type(`:call system("cat ${world.at("outside", name)}")`);
      tmux.press("Enter");
      await tmux.shows("may cat read this");
      tmux.type(key);
      await tmux.showsNot("may cat read this");
      tmux.press("C-l");
      await tmux.shows(/1 one.*1 one/);
      // The command line differs, nothing else.
      expect(withoutLastLine(tmux.painted())).toBe(withoutLastLine(before));
    }
    tmux.type(`:call system("cat ${world.at("outside/c")}")`);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.resize({ columns: 60, rows: 20 });
    await tmux.shows("path ");
    tmux.type("n");
    await tmux.shows(/1 one.*1 one/);
    tmux.type(":q!");
    tmux.press("Enter");
    tmux.type(":q!");
    tmux.press("Enter");
    await tmux.shows("exit 0");
  });

  itWithVim("sees nothing of the question: its screen is put back without being drawn again", async () => {
    await using world = await makeWorld({ ...OUTSIDE, "project/text": "one\ntwo\nthree\n" });
    // Draws once, and then nothing: what is seen afterwards was put back by us.
    const draw = String.raw`\033[?1049h\033[2J\033[3;5H\033[1;31mred\033[0m\033[5;1H\033[44mblue \033[0m\033[10;20Hx`;
    const script = `printf '${draw}'; read line; cat ${world.at("outside/a")} >/dev/null; read line; printf '\\033[?1049l'`;
    await using tmux = openSupervised(world, [], ["sh", "-c", script]);
    await tmux.shows(/^ {19}x$/m);
    const before = tmux.painted();
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    tmux.type("y");
    await tmux.showsNot("may cat read this");
    const after = tmux.painted();
    expect(after.split("\n").slice(0, 9)).toEqual(before.split("\n").slice(0, 9));
    tmux.press("Enter");
    await tmux.shows("exit 0");
  });

  itOnTerminal("has what it writes during a question shown after it", async () => {
    await using world = await makeWorld(OUTSIDE);
    const script = `echo ready; read line; (cat ${world.at("outside/a")}; echo) & seq 1 30; touch written; wait; echo over`;
    await using tmux = openSupervised(world, [], ["sh", "-c", script]);
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows("may cat read this");
    await until(() => fs.existsSync(world.at("project/written")));
    expect(tmux.lines().join("\n")).toContain("may cat read this");
    tmux.type("y");
    await tmux.shows(/^30$/m);
    await tmux.shows(/^over$/m);
  });
});

function withoutLastLine(painted: string): string {
  return painted.trimEnd().split("\n").slice(0, 22).join("\n");
}
