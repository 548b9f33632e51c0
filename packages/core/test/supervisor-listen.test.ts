// Listening under a supervisor: no rule of the kernel looks at it.
import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import type { CapabilitySet } from "../src/index.ts";
import { useActs } from "./support/acts.ts";
import { type Asked, unconfined } from "./support/confine.ts";
import { supervised } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const listened = (text: string) => text.split("\n").filter((line) => line.startsWith("listen="));

it("no port is listened on that the kernel picks for a socket that was bound to none", async () => {
  await using tree = await makeTree({ "w/": "" });
  const port = 7803; // of an address that nobody else uses
  const bound = ["socket:inet", `bindtcp:127.9.8.7:${port}`, "listen"];
  const script = ["socket:inet", "listen", ...bound, "socket:unix", `bind:${tree.at("w/own")}`, "listen"];
  expect(listened((await unconfined(acts.program, ...script)).stdout)).toEqual([
    "listen=0",
    "listen=0",
    "listen=0",
  ]);
  rmSync(tree.at("w/own"));

  const asked = (set: (set: CapabilitySet) => unknown): Asked => ({
    read: [acts.directory],
    readWrite: [tree.at("w")],
    set,
  });
  const outcome = await supervised(asked((set) => set.allowListenPort(port))).run(acts.program, ...script);
  expect(listened(outcome.stdout)).toEqual(["listen=EACCES", "listen=0", "listen=0"]);
  expect(outcome.events[0]).toMatchObject({
    kind: "denied",
    request: { operation: "listen", address: { port: 0 } },
  });
  for (const set of [
    (set: CapabilitySet) => set.allowConnectPort(443),
    (set: CapabilitySet) => set.allowConnect("::1"),
  ])
    expect(
      listened((await supervised(asked(set)).run(acts.program, "socket:inet", "listen")).stdout),
    ).toEqual(["listen=EACCES"]);
});

it("no port is bound by an address that names no family, which bind takes for one of IPv4", async () => {
  const port = 10_000 + (process.pid % 20_000); // of every address of this machine: of no other process that runs this test
  const script = ["socket:inet", `bindunspecified:${port}`, "listen"];
  const said = async (run: Promise<Readonly<{ stdout: string }>>) =>
    (await run).stdout.split("\n").filter((line) => /^(bind|listen)/.test(line));
  expect(await said(unconfined(acts.program, ...script))).toEqual(["bindunspecified=0", "listen=0"]); // control
  const asked = (set: (set: CapabilitySet) => unknown): Asked => ({ read: [acts.directory], set });
  const other = supervised(asked((set) => set.allowListenPort(port + 1)));
  expect((await said(other.run(acts.program, ...script)))[0]).toBe("bindunspecified=EACCES");
  const granted = supervised(asked((set) => set.allowListenPort(port)));
  expect(await said(granted.run(acts.program, ...script))).toEqual(["bindunspecified=0", "listen=0"]);
});
