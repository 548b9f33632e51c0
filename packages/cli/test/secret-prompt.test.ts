// What is typed and not shown: the value of a secret, the passphrase of the sealed file. On a real terminal.

import fs from "node:fs";
import { describe, expect } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { hasTmux, openTmux, type Tmux } from "../../core/test/support/tmux.ts";
import { makeWorld, NONO, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");
const VALUE = "xyzzy-0123456789-plugh";
const PASSPHRASE = "correct horse";
const FILE = { NONO_SECRET_STORE: "file" };

/** A command in a terminal, where lines that are typed afterwards show again. */
function open(world: World, args: readonly string[], env: Readonly<Record<string, string>> = FILE): Tmux {
  const then = 'echo "exit $?"; read line; echo "got $line"';
  const place = { cwd: world.project, env: { ...world.env, ...env, TERM: "screen" } };
  return openTmux(["sh", "-c", `"$@"; ${then}`, "sh", NONO, ...args], place, { columns: 300, rows: 24 });
}

/** Below shells that wait for shells. */
function innermost(pid: number): number {
  const [child] = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  return child ? innermost(Number(child)) : pid;
}

async function type(tmux: Tmux, question: string, text: string): Promise<void> {
  await tmux.shows(question);
  tmux.type(text);
  tmux.press("Enter");
}

const NEW = "new passphrase for the secrets:";
const AGAIN = "the same again:";
const KNOWN = "passphrase of the secrets:";

async function store(world: World): Promise<void> {
  await using tmux = open(world, ["secret", "set", "key"]);
  await type(tmux, "value of key:", VALUE);
  await type(tmux, NEW, PASSPHRASE);
  await type(tmux, AGAIN, PASSPHRASE);
  await tmux.shows("stored key");
  const seen = (await tmux.shows("exit 0")).join("\n");
  for (const text of [VALUE, PASSPHRASE]) expect(seen).not.toContain(text);
  tmux.type("shown again");
  await tmux.shows("shown again");
  tmux.press("Enter");
  await tmux.shows("got shown again");
}

describe("a secret that is typed", () => {
  itOnTerminal("is not shown, nor is its passphrase, which opens it again", async () => {
    await using world = await makeWorld();
    await store(world);
    await using reveal = open(world, ["secret", "get", "--reveal", "key"]);
    await type(reveal, KNOWN, PASSPHRASE);
    await reveal.shows(VALUE);
    await using run = open(world, ["run", "--secrets", "key", "--", "sh", "-c", 'echo "[$KEY]"']);
    await type(run, KNOWN, PASSPHRASE);
    await run.shows(`[${VALUE}]`);
  });

  itOnTerminal("stays closed to a wrong passphrase, and is still there afterwards", async () => {
    await using world = await makeWorld();
    await store(world);
    const file = world.at("home/.local/state/nono/secrets");
    const before = fs.readFileSync(file);
    await using wrong = open(world, ["run", "--secrets", "key", "--", "echo", "started"]);
    await type(wrong, KNOWN, "wrong horse");
    await wrong.shows("the passphrase is not the right one");
    expect((await wrong.shows("exit 1")).join("\n")).not.toMatch(/^started/m);
    await using other = open(world, ["secret", "set", "other"]);
    await type(other, "value of other:", "x");
    await type(other, KNOWN, "wrong horse");
    await other.shows("exit 1");
    expect(fs.readFileSync(file).equals(before)).toBe(true);
  });

  itOnTerminal("can be corrected, holds no control characters, and is given up by ^C and ^D", async () => {
    await using world = await makeWorld({ "keys/key": "0123456789abcdef0123456789abcdef" });
    fs.chmodSync(world.at("keys/key"), 0o600);
    const env = { ...FILE, NONO_SECRET_KEY_FILE: world.at("keys/key") };
    await using tmux = open(world, ["secret", "set", "key"], env);
    await tmux.shows("value of key:");
    tmux.type("gone");
    tmux.press("C-u");
    tmux.type("säx");
    tmux.press("BSpace", "BSpace", "C-z", "Tab", "Enter");
    await tmux.shows("stored key");
    const { stdout } = await world.nonoWith({ env }, "secret", "get", "--reveal", "key");
    expect(stdout).toBe("s\n");

    for (const key of ["C-c", "C-d"]) {
      await using stopped = open(world, ["secret", "set", "key"], env);
      await stopped.shows("value of key:");
      stopped.type("half");
      stopped.press(key);
      await stopped.shows(/key was not given\n+exit 1/);
      stopped.type("shown again");
      await stopped.shows("shown again");
    }
    expect((await world.nonoWith({ env }, "secret", "get", "--reveal", "key")).stdout).toBe("s\n");
  });

  itOnTerminal("leaves the terminal as it was when a signal ends it", async () => {
    await using world = await makeWorld();
    await using tmux = open(world, ["secret", "set", "key"]);
    await tmux.shows("value of key:");
    process.kill(innermost(tmux.pid()), "SIGHUP");
    await tmux.shows("exit 129");
    tmux.type("shown again");
    await tmux.shows("shown again");
  });

  itOnTerminal("is one line: what is pasted beyond it is not taken, and no shell gets it", async () => {
    await using world = await makeWorld();
    await using tmux = open(world, ["secret", "set", "key"]);
    await tmux.shows("value of key:");
    tmux.paste("BEGIN KEY\nsecret line\nanother\nEND KEY\n");
    await tmux.shows("key was more than one line");
    await tmux.shows("exit 1");
    tmux.type("typed afterwards");
    tmux.press("Enter");
    await tmux.shows("got typed afterwards");
    await using long = open(world, ["secret", "set", "key"]);
    await long.shows("value of key:");
    for (let part = 0; part < 5; part++) long.type("x".repeat(2000));
    long.press("Enter");
    await long.shows("key is too long to be typed");
    expect(fs.existsSync(world.at("home/.local/state/nono/secrets"))).toBe(false);
  });

  itOnTerminal("makes no store when the passphrase is typed differently, or nothing is", async () => {
    await using world = await makeWorld();
    await using tmux = open(world, ["secret", "set", "key"]);
    await type(tmux, "value of key:", VALUE);
    await type(tmux, NEW, PASSPHRASE);
    await type(tmux, AGAIN, "wrong horse");
    await tmux.shows("was not the same twice");
    await tmux.shows("exit 1");
    await using empty = open(world, ["secret", "set", "key"]);
    await type(empty, "value of key:", "");
    await empty.shows("it is empty");
    expect(fs.existsSync(world.at("home/.local/state/nono/secrets"))).toBe(false);
  });

  itOnTerminal("is not asked for where the answer would come from a file", async () => {
    await using world = await makeWorld();
    const { code, stderr } = await world.nonoWith({ env: FILE, input: VALUE }, "secret", "set", "key");
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("--secret-key-file");
  });
});
