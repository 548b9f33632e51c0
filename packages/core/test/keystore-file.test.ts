// The sealed file: opened by its own key alone, changed by several at once, and whole wherever a change fails or is killed.

import { execFile, spawnSync } from "node:child_process";
import fs from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { fileStore, SecretBytes, type SecretStore, type Unlock } from "../src/index.ts";
import { encodeEntries } from "../src/keystore/entries.ts";
import { keyOf, seal } from "../src/keystore/sealed.ts";
import { itWhere } from "./support/requires.ts";
import { IN_MEMORY, makeTree, type TestTree } from "./support/tree.ts";

const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
const program = new URL("support/keystore-step.ts", import.meta.url).pathname;
const STEP = ["--conditions=source", program];
const KEY = "correct horse battery staple";
const SALT = Buffer.alloc(16, 7);

const secret = (text: string) => new SecretBytes(Buffer.from(text), "it");
const under = (key: string): Unlock => ({ method: "key-file", ask: async () => secret(key) });

/** A store with one secret, whose key costs little to make: later keys of the same file cost as little. */
async function makeStore(place?: string): Promise<TestTree> {
  const tree = await makeTree({}, place);
  const key = await keyOf(Buffer.from(KEY), { method: "key-file", cost: 14, salt: SALT });
  fs.writeFileSync(tree.at("secrets"), seal(encodeEntries(new Map([["old", Buffer.from("value")]])), key));
  return tree;
}

async function valuesOf(store: SecretStore): Promise<Readonly<Record<string, string>>> {
  const names = await store.names();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await store.get(name))?.text()])),
  );
}

/** The names that it was told are stored, however it ended. */
async function promisedBy(command: string, args: readonly string[]): Promise<readonly string[]> {
  const run = promisify(execFile)(command, args);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("a file store", () => {
  it("is opened by no other key, and is then left as it was", async () => {
    await using tree = await makeStore();
    const before = fs.readFileSync(tree.at("secrets"));
    const store = fileStore(tree.at("secrets"), under("another key of sixteen"));
    for (const use of [() => store.get("old"), () => store.names(), () => store.remove("old")])
      await expect(use()).rejects.toMatchObject({ code: "keystore-locked" });
    await expect(store.set("new", secret("n"))).rejects.toMatchObject({ code: "keystore-locked" });
    expect(fs.readFileSync(tree.at("secrets")).equals(before)).toBe(true);
  });

  it("says what it is under when it is asked to open otherwise", async () => {
    await using tree = await makeStore();
    const store = fileStore(tree.at("secrets"), { ...under(KEY), method: "passphrase" });
    await expect(store.get("old")).rejects.toThrow(
      "its secrets are under a key file, and a passphrase was given",
    );
  });

  it("is never written over when it is damaged, cut off, or no file", async () => {
    await using tree = await makeStore();
    const [file, whole] = [tree.at("secrets"), fs.readFileSync(tree.at("secrets"))];
    const flipped = Buffer.from(whole);
    flipped[whole.length - 1] = (flipped.at(-1) as number) ^ 1;
    for (const content of [flipped, whole.subarray(0, 40), Buffer.alloc(0), Buffer.from("something else")]) {
      fs.writeFileSync(file, content);
      await expect(fileStore(file, under(KEY)).set("new", secret("n"))).rejects.toMatchObject({
        code: expect.stringMatching(/^keystore-(?:damaged|locked)$/),
      });
      expect(fs.readFileSync(file).equals(content)).toBe(true);
    }
    fs.rmSync(file);
    fs.symlinkSync(tree.at("elsewhere"), file);
    await expect(fileStore(file, under(KEY)).set("new", secret("n"))).rejects.toMatchObject({
      code: "keystore-unavailable",
    });
    expect(fs.readdirSync(tree.at(".")).sort()).toEqual(["secrets"]);
  });

  it("keeps what several store at the same time", async () => {
    await using tree = await makeStore(IN_MEMORY);
    const file = tree.at("secrets");
    const writers = [1, 2, 3].map((writer) => [1, 2, 3, 4, 5].map((number) => `w${writer}-${number}`));
    const promised = await Promise.all(writers.map((names) => promisedBy(bun, [...STEP, file, ...names])));
    expect(promised).toEqual(writers);
    const stored = await fileStore(file, under(KEY)).names();
    expect([...stored].sort()).toEqual([...writers.flat(), "old"].sort());
  });

  it("is not kept busy by who still types a passphrase", async () => {
    await using tree = await makeStore(IN_MEMORY);
    const file = tree.at("secrets");
    const ask = async () => {
      await fileStore(file, under(KEY)).set("second", secret("2"));
      return secret(KEY);
    };
    await fileStore(file, { method: "key-file", ask }).set("first", secret("1"));
    expect(await valuesOf(fileStore(file, under(KEY)))).toEqual({ old: "value", first: "1", second: "2" });
  });
});

const CALLS = ["openat", "write", "pwrite64", "fsync", "rename", "flock", "unlink", "getdents64"];
const canTrace = spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0;

type Call = Readonly<{ call: string; number: number }>;

/** The calls of storing a secret, as strace counts them: those of each thread apart. */
function callsIn(log: string): readonly Call[] {
  const lines = log.split("\n");
  const marker = lines.findIndex((line) => line.includes("/nono-begins-here"));
  expect(marker).toBeGreaterThan(0);
  const counts = new Map<string, number>();
  return lines.flatMap((line, index) => {
    const [, thread, call = ""] = /^([0-9]+) +([a-z0-9_]+)\(/.exec(line) ?? [];
    if (!CALLS.includes(call)) return [];
    const number = (counts.get(`${thread} ${call}`) ?? 0) + 1;
    counts.set(`${thread} ${call}`, number);
    return index > marker ? [{ call, number }] : [];
  });
}

itWhere(canTrace, "strace that may trace")(
  "a file store is the one before or the one after, wherever a change fails or is killed",
  async () => {
    await using tree = await makeStore(IN_MEMORY);
    const file = tree.at("secrets");
    const pristine = fs.readFileSync(file);
    const traced = (...options: string[]) =>
      promisedBy("strace", ["-f", "-qq", "--seccomp-bpf", ...options, bun, ...STEP, file, "new"]);

    const watched = `trace=${CALLS.join()},access,faccessat,faccessat2,stat,newfstatat,statx`;
    expect(await traced("-o", tree.at("log"), "-e", watched)).toEqual(["new"]);
    const calls = callsIn(fs.readFileSync(tree.at("log"), "utf8"));
    fs.rmSync(tree.at("log"));
    expect(calls.map(({ call }) => call)).toEqual(expect.arrayContaining(["flock", "fsync", "rename"]));

    const stride = process.env.NONO_FAULTS === "all" ? 1 : 4;
    for (const [offset, fault] of ["error=EIO", "error=ENOSPC", "signal=SIGKILL"].entries())
      for (const { call, number } of calls.filter((_, index) => index % stride === offset)) {
        fs.writeFileSync(file, pristine);
        const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:${fault}:when=${number}`];
        const promised = await traced("-o", "/dev/null", ...inject);
        const where = `${call} ${number} ${fault}`;
        const now = await valuesOf(fileStore(file, under(KEY)));
        const [before, after] = [{ old: "value" }, { old: "value", new: "value of new" }];
        expect(promised.length === 0 ? [before, after] : [after], where).toContainEqual(now);
        await fileStore(file, under(KEY)).set("later", secret("l"));
        expect(fs.readdirSync(tree.at(".")).sort(), where).toEqual(["secrets", "secrets.lock"]);
      }
  },
  300_000,
);
