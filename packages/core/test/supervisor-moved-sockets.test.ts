// Unix sockets that are granted by where they lie, in directories that may be written: nothing gets there that did not lie
// there, unless it is the sandbox's own.

import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { linesOf, useActs } from "./support/acts.ts";
import { type confine, unconfined } from "./support/confine.ts";
import { streamDaemon } from "./support/daemons.ts";
import { supervised } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const results = (text: string) => linesOf(text).filter((line) => !/^(socket|chdir)=/.test(line));

const SCOPES = ["socket", "directory", "subtree"] as const;

/** A daemon whose socket is not granted, beside what is: one socket, or those in or below a directory. */
async function world(scope: (typeof SCOPES)[number]) {
  const tree = await makeTree({ "w/agent/": "", "w/open/": "" });
  const daemon = await streamDaemon(tree.at("w/agent/socket"), "outside");
  const asked = (granted = scope === "socket" ? "w/open/socket" : "w/open") => ({
    readWrite: [tree.at("w")],
    read: [acts.directory],
    set: (set: Parameters<NonNullable<Parameters<typeof confine>[0]["set"]>>[0]) =>
      void set.allowUnixSocket(tree.at(granted), { scope }),
  });
  return {
    tree,
    daemon,
    run: (...script: string[]) => supervised(asked()).run(acts.program, `chdir:${tree.at("w")}`, ...script),
    async [Symbol.asyncDispose]() {
      await daemon[Symbol.asyncDispose]();
      await tree[Symbol.asyncDispose]();
    },
  };
}

const CONNECT = ["socket:unix", "connect:open/socket"];

describe.each(SCOPES)("a unix socket outside, where a %s is granted", (scope) => {
  it.each([
    ["renamed", "rename:agent/socket:open/socket"],
    ["linked", "link:agent/socket:open/socket"],
    ["exchanged", "mknod:open/socket exchange:agent/socket:open/socket"],
  ])("is not %s to where it could be connected to", async (_, moved) => {
    await using place = await world(scope);
    const script = [...moved.split(" "), ...CONNECT];
    const outcome = await place.run(...script);

    expect(results(outcome.stdout).filter((line) => !line.startsWith("mknod"))).toEqual([
      `${moved.split(" ").at(-1)?.split(":")[0]}=EXDEV`,
      scope === "directory" || !moved.startsWith("mknod")
        ? expect.stringMatching(/^connect=E/)
        : "connect=ECONNREFUSED",
    ]);
    expect(place.daemon.connections()).toBe(0);
    const control = await unconfined(
      acts.program,
      `chdir:${place.tree.at("w")}`,
      ...script.slice(-3),
      "read",
    );
    expect(control.stdout).toContain("text=outside");
  });

  it("is not brought there with the directory that it lies in", async () => {
    await using place = await world(scope);
    const outcome = await place.run("rename:open:closed", "rename:agent:open", ...CONNECT);

    expect(results(outcome.stdout)).toEqual(["rename=0", "rename=EXDEV", "connect=ENOENT"]);
    expect(place.daemon.connections()).toBe(0);
  });

  it("leaves the sandbox's own where they are put, and other files as well", async () => {
    await using place = await world(scope);
    mkdirSync(place.tree.at("w/d"));
    const outcome = await place.run(
      ...["socket:unix", "bind:own", "listen", "rename:own:open/socket", ...CONNECT],
      ...["creat:file:0600", "rename:file:open/file", "rename:d:elsewhere"],
    );

    expect(results(outcome.stdout).map((line) => line.replace(/^creat=.*/, "creat"))).toEqual([
      ...["bind=0", "listen=0", "rename=0", "connect=0", "creat", "rename=0", "rename=0"],
    ]);
  });
});
