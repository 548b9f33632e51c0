import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, NONO } from "./support/world.ts";

function isInstalled(shell: string): boolean {
  return (process.env.PATH ?? "").split(":").some((directory) => fs.existsSync(path.join(directory, shell)));
}

/** What a shell says when it is told to run `script`. */
function sayingOf(shell: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  return execFileSync(shell, args, { env, encoding: "utf8" });
}

const ENV = { ...process.env, PATH: `${path.dirname(NONO)}:${process.env.PATH}` };

describe("bash", () => {
  const complete = async (...words: string[]) => {
    const { stdout } = await (await makeWorld()).nono("completion", "bash");
    const script = `${stdout}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      compopt() { :; }
      _nono; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return sayingOf("bash", ["--norc", "-c", script], ENV).trim().split("\n");
  };

  itWhere(isInstalled("bash"), "bash")(
    "completes commands, options, values and the command line behind",
    async () => {
      expect(await complete("nono", "")).toEqual(expect.arrayContaining(["run", "wrap", "why", "profile"]));
      expect(await complete("nono", "pro")).toEqual(["profile"]);
      expect(await complete("nono", "profile", "v")).toEqual(["validate"]);
      expect(await complete("nono", "run", "--allow-u")).toContain("--allow-unix-socket-dir-bind");
      expect(await complete("nono", "run", "--profile", "clau")).toEqual(["claude-code"]);
      expect(await complete("nono", "-v", "run", "--read", "/us")).toEqual(["/usr"]);
      expect(await complete("nono", "why", "--op", "read")).toEqual(["read", "readwrite"]);
      expect(await complete("nono", "run", "--read", "x", "--", "unam")).toContain("uname");
      expect(await complete("nono", "completion", "")).toEqual(["bash", "zsh", "fish"]);
    },
  );
});

describe("fish", () => {
  itWhere(isInstalled("fish"), "fish")(
    "completes commands, options, values and the command line behind",
    async () => {
      await using world = await makeWorld();
      const { stdout } = await world.nono("completion", "fish");
      const complete = (line: string) =>
        sayingOf("fish", ["--no-config", "-c", `${stdout}\ncomplete -C '${line}'`], {
          ...ENV,
          HOME: world.home,
        })
          .trim()
          .split("\n")
          .map((candidate) => candidate.split("\t")[0]);
      expect(complete("nono ")).toEqual(expect.arrayContaining(["run", "wrap", "why", "profile"]));
      expect(complete("nono profile v")).toEqual(["validate"]);
      expect(complete("nono run --allow-u")).toContain("--allow-unix-socket-dir-bind");
      expect(complete("nono run --profile clau")).toEqual(["claude-code"]);
      expect(complete("nono why --op read")).toEqual(["read", "readwrite"]);
      expect(complete("nono run --read /usr -- unam")).toContain("uname");
      expect(complete("nono run --read /usr -- ls --al")).not.toContain("--allow");
    },
  );
});

describe("zsh", () => {
  itWhere(isInstalled("zsh"), "zsh")("completes commands, options and values", async () => {
    await using world = await makeWorld();
    fs.writeFileSync(world.at("tmp/_nono"), (await world.nono("completion", "zsh")).stdout);
    // zpty types into an interactive zsh, as the tests of zsh's own completions do, and waits for what it shows.
    const typed = (line: string, shown: string) => `
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'PS1= RPS1=; fpath=(${world.at("tmp")} $fpath); autoload -U compinit; compinit -u -d ${world.at("tmp/dump")}'
      zpty -w shell 'print REA""DY'
      zpty -r -m shell out '*READY*'
      zpty -n -w shell $'${line}\\t'
      zpty -r -m shell out '*${shown}*' && print found`;
    for (const [line, shown] of [
      ["nono prof", "nono profile"],
      ["nono profile val", "nono profile validate"],
      ["nono run --allow-unix-socket-subtree-", "socket-subtree-bind"],
      ["nono run --profile clau", "claude-code"],
    ] as const)
      expect(
        sayingOf("zsh", ["-f", "-c", typed(line, shown)], { ...ENV, HOME: world.home, TERM: "dumb" }),
        line,
      ).toBe("found\n");
  });
});
