// What goes on without a question is told to whoever keeps a record: commands as they are executed, sockets as they are
// reached. What cannot be recorded is not allowed.

import { once } from "node:events";
import { copyFileSync, realpathSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import type { Observation } from "../src/supervisor/read-notes.ts";
import { allowed, type Request } from "../src/supervisor/request.ts";
import type { SuperviseOptions, Witness } from "../src/supervisor/supervise.ts";
import { useActs } from "./support/acts.ts";
import type { Asked } from "./support/confine.ts";
import { supervised, until } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const TRUE = realpathSync("/usr/bin/true");
type Executed = Extract<Observation, { kind: "executed" }>;

function witness(more: Partial<Witness> = {}) {
  const seen: Observation[] = [];
  const decided: string[] = [];
  return {
    seen,
    decided,
    executed: () => seen.filter((one): one is Executed => one.kind === "executed"),
    witness: {
      decided: (kind: string, request: Request) => void decided.push(`${kind} ${request.operation}`),
      observed: (list: readonly Observation[]) => void seen.push(...list),
      ...more,
    },
  };
}

async function watched(asked: Asked, command: readonly [string, ...string[]], options?: SuperviseOptions) {
  const record = witness();
  const outcome = await supervised(asked, { witness: record.witness, ...options }).run(...command);
  return { ...record, outcome };
}

describe("a command", () => {
  it("is told with its path, where it was, and every byte of its arguments", async () => {
    await using tree = await makeTree({ "w/": "" });
    const long = "x".repeat(100_000);
    const script = `cd ${tree.at("w")}; p=$(printf 'a\\377b'); /usr/bin/true "$p" "" '${long}' $(seq 200) y`;
    writeFileSync(tree.at("w/script"), script);
    const { executed, outcome } = await watched({ readWrite: [tree.at("w")] }, [
      "/bin/sh",
      tree.at("w/script"),
    ]);
    expect(outcome.code).toBe(0);
    const paths = executed().map(({ path }) => path);
    expect(paths).toEqual([realpathSync("/bin/sh"), realpathSync("/usr/bin/seq"), TRUE]);
    const [shell, , last] = executed();
    expect(last).toMatchObject({ cwd: tree.at("w"), cut: false, given: "/usr/bin/true" });
    expect(last?.process.parent).toBe(shell?.process.pid);
    expect(last?.arguments).toEqual([
      "/usr/bin/true",
      "a\udcffb",
      "",
      long,
      ...Array.from({ length: 200 }, (_, index) => String(index + 1)),
      "y",
    ]);
  });

  it("is told by whatever path of its own the program comes to it", async () => {
    await using tree = await makeTree({ "w/": "" });
    copyFileSync(TRUE, tree.at("w/copy"));
    const script = `cd ${tree.at("w")}; /proc/self/cwd/copy; exec /proc/self/exe -c 'exec ./copy'`;
    const { executed, outcome } = await watched({ readWrite: [tree.at("w")] }, ["/bin/sh", "-c", script]);
    expect(outcome.code).toBe(0);
    const shell = realpathSync("/bin/sh");
    expect(executed().map(({ path }) => path)).toEqual([shell, tree.at("w/copy"), shell, tree.at("w/copy")]);
  });

  it("is not executed with arguments that cannot be told", async () => {
    const script = [`unseenarguments:${TRUE}:true:x`, `unseenpath:${TRUE}:true`];
    const { executed, outcome } = await watched({ read: [acts.directory] }, [acts.program, ...script]);
    expect(outcome.stdout).toBe("unseenarguments=EFAULT\nunseenpath=EFAULT\n");
    expect(executed().map(({ path }) => path)).toEqual([acts.program]);
  });

  it("is told when it lies in memory, and when it is found by a descriptor", async () => {
    await using tree = await makeTree();
    copyFileSync(TRUE, tree.at("copy"));
    const { executed } = await watched({ read: [tree.root, acts.directory] }, [
      acts.program,
      `memory:${tree.at("copy")}`,
      "fexec:@:hidden",
    ]);
    expect(executed().at(-1)).toMatchObject({ path: undefined, arguments: ["hidden"] });
  });

  it("is told when a question about it was answered with yes, and not when it was refused", async () => {
    await using tree = await makeTree({ "w/": "" });
    await using other = await makeTree();
    copyFileSync(TRUE, other.at("true"));
    const command = ["/bin/sh", "-c", other.at("true")] as const;
    const yes = await watched({ readWrite: [tree.root] }, [...command], { onRequest: () => allowed });
    expect(yes.executed().map(({ path }) => path)).toContain(other.at("true"));
    expect(yes.decided).toContain("allowed execute");
    const no = await watched({ readWrite: [tree.root] }, [...command]);
    expect(no.executed().map(({ path }) => path)).not.toContain(other.at("true"));
    expect(no.decided).toContain("denied execute");
  });

  it("that is not there is not told", async () => {
    await using tree = await makeTree({ "w/": "" });
    const { executed } = await watched({ readWrite: [tree.root] }, [
      "/bin/sh",
      "-c",
      "/nosuch; nosuch; true",
    ]);
    expect(executed()).toHaveLength(1);
  });

  it("is told each time, however many there are and however slowly they are taken", async () => {
    await using tree = await makeTree({ "w/": "" });
    const slow = witness({
      observed: (list) => {
        slow.seen.push(...list);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      },
    });
    const script = "i=0; while [ $i -lt 300 ]; do /usr/bin/true $i; i=$((i+1)); done";
    await supervised({ readWrite: [tree.root] }, slow).run("/bin/sh", "-c", script);
    const numbers = slow.executed().map(({ arguments: [, number] }) => number);
    expect(numbers.slice(1)).toEqual(Array.from({ length: 300 }, (_, index) => String(index)));
  });
});

describe("a socket", () => {
  it("that a grant covers is told when it is reached, and once for many at a time", async () => {
    const server = createServer((socket) => socket.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { seen } = await watched({ read: [acts.directory] }, [
      acts.program,
      ...Array.from({ length: 20 }, () => ["socket:inet", `tcp:127.0.0.1:${port}`]).flat(),
    ]);
    server.close();
    const address = { family: "internet", host: "127.0.0.1", port };
    const reached = seen.filter(({ kind }) => kind === "reached");
    expect(reached[0]).toMatchObject({ operation: "connect", address, path: undefined });
    expect(reached.length).toBeLessThan(5);
  });

  it("at a path is told by it, and one of the sandbox's own is not", async () => {
    await using tree = await makeTree({ "w/": "" });
    const server = createServer((socket) => socket.end());
    server.listen(tree.at("daemon"));
    await once(server, "listening");
    const { seen } = await watched(
      {
        read: [acts.directory],
        readWrite: [tree.at("w")],
        set: (set) => set.allowUnixSocket(tree.at("daemon")),
      },
      [
        acts.program,
        ...["socket:unix", `bind:${tree.at("w/own")}`, "listen"],
        ...["socket:unix", `connect:${tree.at("w/own")}`],
        ...["socket:unix", `connect:${tree.at("daemon")}`],
      ],
    );
    server.close();
    const paths = seen.flatMap((one) => (one.kind === "reached" ? [one.path] : []));
    expect(paths).toEqual([tree.at("daemon")]);
  });
});

describe("what cannot be recorded", () => {
  it("is refused, also where it was allowed", async () => {
    await using tree = await makeTree({ "w/": "", secret: "s" });
    const failing = witness({
      decided: () => {
        throw new Error("no space");
      },
    });
    const options = { witness: failing.witness, onRequest: () => allowed };
    const box = { readWrite: [tree.at("w")] };
    expect(await supervised(box, options).run("/bin/cat", tree.at("secret"))).toMatchObject({ stdout: "" });
    const recorded = { witness: witness().witness, onRequest: () => allowed };
    expect(await supervised(box, recorded).run("/bin/cat", tree.at("secret"))).toMatchObject({ stdout: "s" });
  });

  it("is told before it is allowed", async () => {
    await using tree = await makeTree({ "w/": "", secret: "s" });
    let done = false;
    const order: string[] = [];
    const early = witness({
      decided: (kind) => {
        // The process waits meanwhile: it cannot have ended.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        order.push(`${kind} ${done}`);
      },
    });
    const options = { witness: early.witness, onRequest: () => allowed };
    await supervised({ readWrite: [tree.at("w")] }, options).run("/bin/cat", tree.at("secret"));
    done = true;
    await until(() => order.length > 0);
    expect(order).toEqual(["allowed false"]);
  });
});
