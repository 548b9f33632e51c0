// Two that work together, one making a call and the other changing what it means meanwhile: never once does the call reach
// what is not granted. Without a sandbox each of these attacks works, which every test shows first.
//
// NONO_RACE_TRIES: how often each is tried; 1,500 unless told otherwise.

import { chmodSync, copyFileSync, existsSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AccessMode } from "../src/index.ts";
import { type Asked, unconfined } from "./support/confine.ts";
import { datagramDaemon, streamDaemon } from "./support/daemons.ts";
import { compileC, supervised } from "./support/supervised.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const TRIES = Number(process.env.NONO_RACE_TRIES ?? 1500);
/** Generous: a try is answered in some 20 microseconds, or 200 where it is a denial. */
const BOUND = 20_000 + TRIES * 5;

let tools: TestTree;
let race: string;
beforeAll(async () => {
  tools = await makeTree();
  race = compileC("race.c", tools.at("race"));
});
afterAll(() => tools[Symbol.asyncDispose]());

/** What is granted natively, what is served on behalf beside a denial, and what lies outside. */
async function world() {
  const tree = await makeTree({
    "native/good": "G",
    "split/good": "G",
    "split/secret": "B",
    "out/bad": "B",
    "native/dir/": "",
  });
  const asked: Asked = {
    readWrite: [tree.at("native"), tree.at("split")],
    read: [tools.root],
    deny: [tree.at("split/secret")],
  };
  return { tree, box: supervised(asked), [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose]() };
}

function counts(stdout: string): { succeeded: number; withBad: number } {
  const [succeeded, withBad] = stdout.trim().split(" ").map(Number);
  return { succeeded: succeeded ?? Number.NaN, withBad: withBad ?? Number.NaN };
}

/** Without a sandbox: tried until the attack has worked, since on a busy machine the two may not meet at once. */
async function works(
  args: readonly string[],
  shows: (outcome: { withBad: number }) => boolean | Promise<boolean>,
) {
  for (let round = 0; round < 200; round++) {
    const outcome = counts((await unconfined(race, ...args)).stdout);
    if (await shows(outcome)) return;
  }
  expect.fail(`${args.join(" ")} reaches nothing without a sandbox either`);
}

const PAIRS: readonly (readonly [string, string, string])[] = [
  ["natively", "native/good", "out/bad"],
  ["on behalf", "split/good", "split/secret"],
];

describe.each(PAIRS)("a path that changes while it is used %s", (_, good, bad) => {
  it.each(["thread", "vm", "shared", "link"] as const)(
    "is opened and written as what it is, changed by: %s",
    async (how) => {
      for (const call of ["open", "write"] as const) {
        await using place = await world();
        const args = [call, how, String(TRIES), place.tree.at(good), place.tree.at(bad)];
        await works(args, ({ withBad }) => withBad > 0);

        const outcome = await place.box.run(race, ...args);
        expect({ call, ...outcome }).toMatchObject({ call, code: 0, stderr: "" });
        expect(counts(outcome.stdout).withBad).toBe(0);
        expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
        expect(outcome.counts.performed > TRIES / 100).toBe(good.startsWith("split"));
        expect(place.tree.read(bad)).toBe("B");
      }
    },
    BOUND * 4,
  );

  it.each(["thread", "vm", "shared", "link"] as const)(
    "has its mode changed as what it is, changed by: %s",
    async (how) => {
      await using place = await world();
      const secret = place.tree.at(bad);
      const args = ["chmod", how, String(TRIES), place.tree.at(good), secret];
      chmodSync(secret, 0o600);
      await works(args, () => (statSync(secret).mode & 0o777) === 0o777);

      chmodSync(secret, 0o600);
      const outcome = await place.box.run(race, ...args);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
      expect(statSync(secret).mode & 0o777).toBe(0o600);
    },
    BOUND * 4,
  );

  it.each(["thread", "vm", "shared"] as const)(
    "takes no name that is not granted, changed by: %s",
    async (how) => {
      await using place = await world();
      const secret = place.tree.at(bad);
      const args = ["rename", how, String(TRIES), place.tree.at(good), secret];
      const outcome = await place.box.run(race, ...args);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
      expect(place.tree.read(bad)).toBe("B");

      await works(args, () => place.tree.read(bad) === "");
    },
    BOUND * 4,
  );
});

describe("a path that changes while what it names is moved", () => {
  it.each(["thread", "vm", "shared"] as const)(
    "takes no file to where it can be read that may be written only, changed by: %s",
    async (how) => {
      await using tree = await makeTree({ "w/good": "G", "w/secret": "B" });
      const args = ["move", how, String(TRIES), tree.at("w/good"), tree.at("w/secret")];
      await works(args, ({ withBad }) => withBad > 0);

      const asked: Asked = {
        readWrite: [tree.at("w")],
        read: [tools.root],
        set: (set) => set.denyPath(tree.at("w/secret"), { access: AccessMode.Read }),
      };
      const outcome = await supervised(asked).run(race, ...args);
      expect(counts(outcome.stdout).withBad).toBe(0);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
      expect(tree.read("w/secret")).toBe("B");
    },
    BOUND * 4,
  );
});

describe("an address that changes while it is used", () => {
  it.each(["thread", "vm", "shared", "link"] as const)(
    "is connected to as what it is, changed by: %s",
    async (how) => {
      await using place = await world();
      const good = place.tree.at("native/socket");
      const bad = place.tree.at("out/socket");
      await using own = await streamDaemon(good, "G");
      await using other = await streamDaemon(bad, "B");
      const args = ["connect", how, String(TRIES), good, bad];
      await works(args, ({ withBad }) => withBad > 0);

      const before = other.connections();
      const granted: Asked = {
        readWrite: [place.tree.at("native")],
        read: [tools.root],
        set: (set) => set.allowUnixSocket(good),
      };
      const outcome = await supervised(granted).run(race, ...args);
      expect(counts(outcome.stdout).withBad).toBe(0);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
      expect(other.connections()).toBe(before);
      expect(own.connections()).toBeGreaterThan(0);
    },
    BOUND * 4,
  );

  it.each(["thread", "vm", "shared"] as const)(
    "of a host is connected to as what it is, changed by: %s",
    async (how) => {
      await using own = await streamDaemon({ host: "127.0.0.1", port: 0 }, "G");
      await using other = await streamDaemon({ host: "127.0.0.2", port: own.port }, "B");
      const args = ["tcp", how, String(TRIES), `127.0.0.1:${own.port}`, `127.0.0.2:${own.port}`];
      await works(args, ({ withBad }) => withBad > 0);

      const before = [own.connections(), other.connections()];
      const granted: Asked = { read: [tools.root], set: (set) => set.allowConnect("127.0.0.1", own.port) };
      const outcome = await supervised(granted).run(race, ...args);
      expect(counts(outcome.stdout).withBad).toBe(0);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
      expect(other.connections()).toBe(before[1]);
      expect(own.connections()).toBeGreaterThan(before[0] ?? 0);
    },
    BOUND * 4,
  );

  it.each(["thread", "vm", "shared"] as const)(
    "is listened on as what it is where the kernel has no rule for ports, changed by: %s",
    async (how) => {
      const [good, bad] = [7801, 7802]; // of an address that nobody else uses, and nobody listens
      const args = ["bind", how, String(TRIES), `127.9.8.7:${good}`, `127.9.8.7:${bad}`];
      await works(args, ({ withBad }) => withBad > 0);

      const granted: Asked = { read: [tools.root], set: (set) => set.allowListenPort(good) };
      const outcome = await supervised(granted, { abi: 3 }).run(race, ...args);
      expect(counts(outcome.stdout).withBad).toBe(0);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
    },
    BOUND * 4,
  );

  it.each(["thread", "vm", "shared", "descriptor"] as const)(
    "is sent to as what it is, changed by: %s",
    async (how) => {
      await using place = await world();
      const good = place.tree.at("native/socket");
      const bad = place.tree.at("out/socket");
      await using own = await datagramDaemon(good);
      await using other = await datagramDaemon(bad);
      const args = ["send", how, String(TRIES), good, bad];
      await works(args, async () => (await other.received()) > 0);

      const before = await other.received();
      const granted: Asked = {
        readWrite: [place.tree.at("native")],
        read: [tools.root],
        set: (set) => set.allowUnixSocket(good),
      };
      const outcome = await supervised(granted).run(race, ...args);
      expect(await other.received()).toBe(before);
      if (how !== "descriptor") {
        expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
        expect(await own.received()).toBeGreaterThan(0);
      }
    },
    BOUND * 4,
  );
});

describe("a program that changes while it is executed", () => {
  it.each(["thread", "vm", "shared", "link"] as const)(
    "is never one outside the grants, changed by: %s",
    async (how) => {
      await using place = await world();
      const good = place.tree.at("native/program");
      const bad = place.tree.at("out/program");
      writeFileSync(place.tree.at("out/bad"), `#!/bin/sh\nexit 66\n`);
      copyFileSync(realpathSync("/usr/bin/true"), good);
      copyFileSync(place.tree.at("out/bad"), bad);
      for (const file of [good, bad]) chmodSync(file, 0o755);
      const args = ["execute", how, String(Math.min(TRIES, 20_000) / 10), good, bad];
      await works(args, ({ withBad }) => withBad > 0);

      const outcome = await place.box.run(race, ...args);
      expect(counts(outcome.stdout).withBad).toBe(0);
      expect(counts(outcome.stdout).succeeded).toBeGreaterThan(0);
      expect(existsSync(bad)).toBe(true);
    },
    BOUND * 4,
  );
});
