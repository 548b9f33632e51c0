// The library's own supervisor: children that wait for it, several at once, further grants, and its end.

import { spawn as nodeSpawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type CanonicalPath, type NonoError, spawn, supervise } from "../src/index.ts";
import { type Answer, allowed, type Request } from "../src/supervisor/request.ts";
import { capabilitiesFor, outcomeOf, unconfined } from "./support/confine.ts";
import { supervised, told } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

describe("a supervised child", () => {
  it("starts when it is supervised, and once", async () => {
    const child = spawn("echo", ["hello"], { capabilities: capabilitiesFor({}), supervised: true });
    const outcome = outcomeOf(child);
    const supervisor = supervise(child);

    expect(await outcome).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(() => supervise(child)).toThrow(/echo does not wait for a supervisor/);
    supervisor.close();
  });

  it("is no other child", () => {
    const other = nodeSpawn("true");
    const code = () => {
      try {
        supervise(other);
      } catch (error) {
        return (error as NonoError).code;
      }
      return undefined;
    };
    expect(code()).toBe("not-supervised");
  });

  it("tells of a command that cannot be started as any child does", async () => {
    const child = spawn("/nothing/here", [], { capabilities: capabilitiesFor({}), supervised: true });
    supervise(child);
    const [error] = await once(child, "error");
    expect(error).toMatchObject({ code: "ENOENT", syscall: "spawn /nothing/here" });
  });

  it("has streams, IPC and signals as any child", async () => {
    await using tree = await makeTree({
      "child.mjs": "process.on('message', (m) => process.send({ got: m })); process.send('ready');",
    });
    const child = spawn(process.execPath, [tree.at("child.mjs")], {
      capabilities: capabilitiesFor({ read: [tree.root] }),
      supervised: true,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    supervise(child);
    const exited = once(child, "exit");
    expect(await once(child, "message")).toEqual(["ready", undefined]);
    child.send("question");
    expect(await once(child, "message")).toEqual([{ got: "question" }, undefined]);
    child.kill("SIGTERM");
    expect(await exited).toEqual([null, "SIGTERM"]);
  });
});

describe("a supervisor", () => {
  it("knows nothing of another in the same process", async () => {
    await using tree = await makeTree({ a: "a", b: "b" });
    const asked: Record<string, string[]> = { a: [], b: [] };
    const box = (name: "a" | "b") =>
      supervised(
        {},
        {
          onRequest: (request: Request) => {
            asked[name]?.push("target" in request ? (request.target?.path ?? "") : "");
            return allowed;
          },
        },
      );
    const run = (name: "a" | "b") => box(name).run("cat", tree.at(name));
    const [a, b] = await Promise.all([run("a"), run("b")]);

    expect([a.stdout, b.stdout]).toEqual(["a", "b"]);
    expect(asked).toEqual({ a: [tree.at("a")], b: [tree.at("b")] });
  });

  it("serves what is granted later without asking again", async () => {
    await using tree = await makeTree({ "d/one": "1", "d/two": "2", "d/three": "3" });
    const child = spawn("/bin/sh", ["-c", `cd ${tree.at("d")}; cat one two three; echo > new; cat new`], {
      capabilities: capabilitiesFor({}),
      supervised: true,
    });
    let questions = 0;
    const supervisor = supervise(child, {
      onRequest: () => {
        questions += 1;
        const path = tree.at("d") as CanonicalPath;
        const wrong = (change: object) => () =>
          supervisor.grant({ path, kind: "directory", access: "read", ...change });
        expect(wrong({ access: "rw" })).toThrow("grant rw: expected one of read, write, read+write");
        expect(wrong({ kind: "dir" })).toThrow("grant dir: expected one of directory, file");
        supervisor.grant({ path, kind: "directory", access: "read+write" });
        return allowed;
      },
    });
    expect(await outcomeOf(child)).toMatchObject({ code: 0, stdout: "123\n", stderr: "" });
    expect(questions).toBe(1);
  });

  it("takes an error of whoever was asked for a no, and whatever is no plain yes", async () => {
    await using tree = await makeTree({ secret: "s" });
    const failing = [
      () => {
        throw new Error("thrown");
      },
      () => Promise.reject(new Error("rejected")),
      ...[
        undefined,
        null,
        "allow",
        true,
        {},
        { allow: "no" },
        { allow: 1 },
        { allow: false, errno: "EOK" },
      ].map((one) => () => one as unknown as Answer),
    ];
    for (const onRequest of failing) {
      const outcome = await supervised({}, { onRequest }).run("cat", tree.at("secret"));
      expect(outcome).toMatchObject({ code: 1, stdout: "" });
      expect(told(outcome.events)).toEqual([
        `asked open ${tree.at("secret")}`,
        `denied open ${tree.at("secret")}`,
      ]);
    }
  });

  it("withdraws a question when nobody waits for the answer any more", async () => {
    await using tree = await makeTree({ secret: "s" });
    const withdrawn: string[] = [];
    const box = supervised(
      {},
      {
        onRequest: (request, signal) => {
          process.kill(request.process.pid, "SIGKILL");
          return new Promise((resolve) => {
            signal.addEventListener("abort", () => {
              withdrawn.push(request.operation);
              resolve(allowed);
            });
          });
        },
      },
    );
    const outcome = await box.run(
      "/bin/sh",
      "-c",
      `cat ${tree.at("secret")}; while [ ! -e ${tree.at("x")} ]; do exit 7; done`,
    );

    expect(outcome.code).toBe(7);
    expect(told(outcome.events)).toEqual([
      `asked open ${tree.at("secret")}`,
      `withdrawn open ${tree.at("secret")}`,
    ]);
  });

  it("refuses what waits too long", async () => {
    await using tree = await makeTree({ secret: "s" });
    const box = supervised({}, { onRequest: () => new Promise(() => undefined), deadline: 50 });
    const outcome = await box.run("cat", tree.at("secret"));

    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(told(outcome.events)).toContain(`withdrawn open ${tree.at("secret")}`);
  });

  it("refuses everything once it is closed, and nothing is left waiting", async () => {
    await using tree = await makeTree({ secret: "s" });
    const script = `cat ${tree.at("secret")}; cat ${tree.at("secret")} < /dev/null`;
    const child = spawn("/bin/sh", ["-c", script], { capabilities: capabilitiesFor({}), supervised: true });
    const outcome = outcomeOf(child);
    const supervisor = supervise(child, {
      onRequest: () => {
        setImmediate(() => supervisor.close());
        return new Promise(() => undefined);
      },
    });

    expect(await outcome).toMatchObject({ stdout: "" });
    expect((await outcome).code).not.toBe(0);
    expect(supervisor.counts().asked).toBe(1);
  });

  it("does not notice a tree of a few hundred processes that all ask at once", async () => {
    await using tree = await makeTree({ secret: "s", "in/file": "" });
    const script = `i=0; while [ $i -lt 300 ]; do (read x < ${tree.at("secret")}; : < ${tree.at("in/file")}) & i=$((i+1)); done; wait; echo over`;
    const outcome = await supervised({ read: [tree.at("in")] }).run("/bin/sh", "-c", script);

    expect(outcome).toMatchObject({ code: 0, stdout: "over\n" });
    expect(outcome.events.length).toBe(300);
    expect((await unconfined("/bin/sh", "-c", script)).stderr).toBe("");
  });
});
