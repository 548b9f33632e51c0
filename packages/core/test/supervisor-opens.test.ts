// What is opened under a supervisor: natively below a grant, on behalf where somebody said yes, and refused else.

import { chmodSync, existsSync, linkSync, readFileSync, renameSync, statSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allowed, denied, type Request } from "../src/supervisor/request.ts";
import { linesOf, useActs } from "./support/acts.ts";
import { unconfined } from "./support/confine.ts";
import { itAsRoot, itAsUser } from "./support/requires.ts";
import { supervised, told, until } from "./support/supervised.ts";
import { makeTree } from "./support/tree.ts";

const acts = useActs();

const yes = { onRequest: () => allowed };

describe("a denial", () => {
  it("is known with the process, the path, the link that led to it and the right that is missing", async () => {
    await using tree = await makeTree({ "in/file": "i", "out/secret": "s" });
    symlinkSync(tree.at("out/secret"), tree.at("in/link"));
    const box = supervised({ readWrite: [tree.at("in")] });
    const outcome = await box.run("cat", tree.at("in/file"), tree.at("in/link"));

    expect(outcome).toMatchObject({ code: 1, stdout: "i" });
    expect(outcome.events).toMatchObject([
      {
        kind: "denied",
        request: {
          operation: "open",
          reason: "not-granted",
          mode: { read: true, write: false, create: false },
          target: {
            path: tree.at("out/secret"),
            given: tree.at("in/link"),
            throughLink: true,
            missing: ["READ_FILE"],
          },
          process: {
            name: "cat",
            executable: expect.stringMatching(/\/cat$/),
            arguments: ["cat", tree.at("in/file"), tree.at("in/link")],
          },
        },
      },
    ]);
    expect(await unconfined("cat", tree.at("in/link"))).toMatchObject({ code: 0, stdout: "s" });
  });

  it("names the process, whatever its threads call themselves", async () => {
    await using tree = await makeTree({ secret: "s" });
    const box = supervised({ read: [acts.directory] });
    const asThread = `
import ctypes, os, threading
def read():
    ctypes.CDLL(None).prctl(15, b"Pool 1", 0, 0, 0)  # PR_SET_NAME
    try: os.open("${tree.at("secret")}", os.O_RDONLY)
    except OSError: pass
thread = threading.Thread(target=read)
thread.start()
thread.join()`;
    const { events } = await box.run("/usr/bin/python3", "-c", asThread);
    const asked = events.flatMap((event) =>
      event.kind === "denied" && event.request.operation === "open" ? [event.request] : [],
    );
    const [request] = asked.filter(({ target }) => target.path === tree.at("secret"));
    expect(request?.process).toMatchObject({ name: expect.stringMatching(/^python3/) });
    expect(request?.process.thread).not.toBe(request?.process.pid);
  });

  it("is not what is missing, not a directory, or a link into itself", async () => {
    await using tree = await makeTree({ file: "" });
    symlinkSync("loop", tree.at("loop"));
    const box = supervised({ read: [acts.directory] });
    const outcome = await box.run(
      acts.program,
      `open:${tree.at("nothing")}:r`,
      `open:${tree.at("file/below")}:r`,
      `open:${tree.at("loop")}:r`,
      `open:${tree.at("nothing/below")}:w,creat:0600`,
      "open::r",
      `open:${tree.at("file")}:r,dir`,
      `open:${tree.root}:w`,
      `open:${tree.at("file")}:w,creat,excl`,
    );

    expect(linesOf(outcome.stdout)).toEqual([
      "open=ENOENT",
      "open=ENOTDIR",
      "open=ELOOP",
      "open=ENOENT",
      "open=ENOENT",
      "open=ENOTDIR",
      "open=EISDIR",
      "open=EEXIST",
    ]);
    expect(outcome.events).toEqual([]);
  });

  itAsUser("is not what Unix permissions refuse anyway", async () => {
    await using tree = await makeTree({ "private/file": "", "locked/": "", "dark/file": "" });
    chmodSync(tree.at("private/file"), 0);
    chmodSync(tree.at("locked"), 0o555);
    chmodSync(tree.at("dark"), 0o600);
    const outcome = await supervised({ read: [acts.directory] }).run(
      acts.program,
      `open:${tree.at("private/file")}:r`,
      `open:${tree.at("locked/new")}:w,creat:0600`,
      `open:${tree.at("dark/file")}:r`,
      `mkdir:${tree.at("locked/new")}`,
      `unlink:${tree.at("locked/new")}`,
    );
    chmodSync(tree.at("dark"), 0o700);

    expect(linesOf(outcome.stdout)).toEqual([
      "open=EACCES",
      "open=EACCES",
      "open=EACCES",
      "mkdir=EACCES",
      "unlink=ENOENT",
    ]);
    expect(outcome.events).toEqual([]);
  });
});

describe("a file without a name", () => {
  it("is made where files may be written, a grant's own directory and one with a denial in it among them", async () => {
    await using tree = await makeTree({ "w/sub/": "", "split/secret": "s", "r/": "" });
    const box = supervised({
      read: [acts.directory, tree.at("r")],
      readWrite: [tree.at("w"), tree.at("split")],
      deny: [tree.at("split/secret")],
    });
    const places = ["w", "w/sub", "split", "r"].map((name) => `open:${tree.at(name)}:rw,tmp,excl:0600`);
    const outcome = await box.run(acts.program, ...places);

    expect(linesOf(outcome.stdout).map((line) => line.replace(/=\d+$/, ""))).toEqual([
      "open",
      "open",
      "open",
      "open=EACCES",
    ]);
    expect(outcome.events).toMatchObject([
      { request: { target: { path: tree.at("r"), missing: ["WRITE_FILE"] } } },
    ]);
  });
});

describe("what somebody said yes to", () => {
  it("is opened with the caller's own flags and mask", async () => {
    await using tree = await makeTree({ file: "old", "dir/": "" });
    const box = supervised({ read: [acts.directory] }, yes);
    const outcome = await box.run(
      acts.program,
      "umask:027",
      `open:${tree.at("file")}:r,cloexec`,
      "closeonexec",
      "read",
      `open:${tree.at("file")}:w,append`,
      "closeonexec",
      "write:+",
      `open:${tree.at("new")}:rw,creat,excl:0666`,
      "write:n",
      `creat:${tree.at("created")}:0777`,
      `open:${tree.at("dir")}:rw,tmp:0600`,
      "write:t",
      `open:${tree.at("dir")}:r,dir`,
      `openat:@:below:w,creat:0640`,
      `openat2:${tree.at("file")}:r`,
      "read",
      `truncate:${tree.at("new")}:0`,
      `open:${tree.at("file")}:w,trunc`,
    );

    expect(outcome.stderr).toBe("");
    expect(linesOf(outcome.stdout).map((line) => line.replace(/^(open\w*|creat)=\d+$/, "$1"))).toEqual([
      "umask=18",
      "open",
      "closeonexec=1",
      "text=old",
      "read=3",
      "open",
      "closeonexec=0",
      "write=1",
      "open",
      "write=1",
      "creat",
      "open",
      "write=1",
      "open",
      "openat",
      "openat2",
      "text=old+",
      "read=4",
      "truncate=0",
      "open",
    ]);
    expect(readFileSync(tree.at("file"), "utf8")).toBe("");
    expect(statSync(tree.at("new"))).toMatchObject({ size: 0, mode: 0o100640 });
    expect(statSync(tree.at("created")).mode).toBe(0o100750);
    expect(statSync(tree.at("dir/below")).mode).toBe(0o100640);
    expect(told(outcome.events).filter((line) => line.startsWith("denied"))).toEqual([]);
  });

  it("is what the question was about: a name that changes meanwhile changes nothing", async () => {
    await using tree = await makeTree({ wanted: "w", secret: "s" });
    symlinkSync("wanted", tree.at("name"));
    const box = supervised(
      { read: [acts.directory] },
      {
        onRequest: ({ operation }) => {
          if (operation === "open") swap(tree.at("name"), "secret");
          return allowed;
        },
      },
    );
    const outcome = await box.run(acts.program, `open:${tree.at("name")}:r`, "read");

    expect(linesOf(outcome.stdout).slice(1)).toEqual(["text=w", "read=1"]);
    expect(await unconfined("cat", tree.at("name"))).toMatchObject({ stdout: "s" });
  });

  it("is not more than was asked for", async () => {
    await using tree = await makeTree({ file: "f", other: "o" });
    const box = supervised(
      { read: [acts.directory] },
      { onRequest: (request) => (isReadOf(request, tree.at("file")) ? allowed : denied) },
    );
    const outcome = await box.run(
      acts.program,
      `open:${tree.at("file")}:r`,
      "ftruncate:0",
      "reopen:w",
      "reopen:r",
      `open:${tree.at("other")}:r`,
    );

    expect(linesOf(outcome.stdout).slice(1, 3)).toEqual(["ftruncate=EINVAL", "reopen=EACCES"]);
    expect(linesOf(outcome.stdout)[3]).toMatch(/^reopen=\d+$/);
    expect(linesOf(outcome.stdout)[4]).toBe("open=EACCES");
    expect(readFileSync(tree.at("file"), "utf8")).toBe("f");
  });

  it("keeps nobody waiting but the one call that asked", async () => {
    await using tree = await makeTree({ secret: "s", "in/file": "i", "out/": "" });
    const othersAreDone = () => existsSync(tree.at("out/done"));
    const box = supervised(
      { read: [tree.at("in")], readWrite: [tree.at("out")] },
      { onRequest: () => until(othersAreDone).then(() => allowed) },
    );
    const script = [
      `cat ${tree.at("secret")} &`,
      `for i in 1 2 3; do cat ${tree.at("in/file")}; done`,
      `echo > ${tree.at("out/done")}; wait`,
    ].join("\n");
    const outcome = await box.run("/bin/sh", "-c", script);

    expect(outcome).toMatchObject({ code: 0, stdout: "iiis", stderr: "" });
  });
});

describe("a supervisor that is root", () => {
  itAsRoot("acts with the user, groups and capabilities that the caller has by then", async () => {
    await using tree = await makeTree({ "w/secret": "", "w/private": "p", "w/dir/": "" });
    chmodSync(tree.root, 0o755);
    chmodSync(acts.directory, 0o755);
    chmodSync(tree.at("w"), 0o777);
    chmodSync(tree.at("w/private"), 0o600);
    const asked = { readWrite: [tree.at("w")], read: [acts.directory], deny: [tree.at("w/secret")] };
    const script = [
      `open:${tree.at("w/new")}:w,creat:0600`,
      `open:${tree.at("w/private")}:r`,
      `open:${tree.at("w/private")}:w`,
      `rename:${tree.at("w/private")}:${tree.at("w/mine")}`,
      `chmod:${tree.at("w/mine")}:0666`,
      `chown:${tree.at("w/new")}:0`,
      `mkdir:${tree.at("w/dir/below")}`,
    ];
    const as = ["--reuid=4321", "--regid=4321", "--clear-groups", acts.program];
    await supervised(asked).run(
      "/bin/sh",
      "-c",
      `echo > ${tree.at("w/private")}2; rm ${tree.at("w/private")}2`,
    );
    const outcome = await supervised(asked).run("setpriv", ...as, ...script);

    expect(linesOf(outcome.stdout)).toEqual([
      expect.stringMatching(/^open=\d+$/),
      "open=EACCES",
      "open=EACCES",
      "rename=0",
      "chmod=EPERM",
      "chown=EPERM",
      "mkdir=EACCES",
    ]);
    expect(statSync(tree.at("w/new"))).toMatchObject({ uid: 4321, gid: 4321 });
    expect(outcome.events).toEqual([]);
  });
});

describe("a path", () => {
  it("of /proc/self and of descriptors means the caller's own", async () => {
    await using tree = await makeTree({ secret: "s" });
    symlinkSync("/proc/self/fd/0", tree.at("in"));
    const box = supervised({ read: [acts.directory] }, yes);
    const outcome = await box.run(
      acts.program,
      `open:${tree.at("secret")}:r`,
      "reopen:r",
      "read",
      "open:/dev/fd/3:r",
      "read",
      "open:/proc/self/comm:r",
      "read",
      "open:/proc/thread-self/comm:r",
      "read",
    );

    const texts = linesOf(outcome.stdout).filter((line) => line.startsWith("text="));
    expect(texts).toEqual(["text=s", "text=s", "text=acts", "text=acts"]);
  });

  it("that lies in another process of /proc is told by its number, never as the supervisor's own", async () => {
    const box = supervised({ read: [acts.directory] });
    const outcome = await box.run(
      acts.program,
      `open:/proc/${process.pid}/environ:r`,
      "open:/proc/self/environ:r",
    );

    expect(linesOf(outcome.stdout)[0]).toMatch(/^open=/);
    expect(linesOf(outcome.stdout)[0]).not.toMatch(/^open=\d/);
    expect(linesOf(outcome.stdout)[1]).toMatch(/^open=\d/);
  });

  it("that is denied inside a grant is not to be had by a hard link that was there before", async () => {
    await using tree = await makeTree({ "in/secret": "s", "in/file": "f" });
    linkSync(tree.at("in/secret"), tree.at("in/alias"));
    const asked = { readWrite: [tree.at("in")], deny: [tree.at("in/secret")] };
    const outcome = await supervised(asked).run("cat", tree.at("in/file"), tree.at("in/alias"));

    expect(outcome).toMatchObject({ code: 1, stdout: "f" });
    expect(told(outcome.events)).toEqual([`denied open ${tree.at("in/alias")}`]);
  });

  it("of a named pipe waits for the other end without keeping others from anything", async () => {
    await using tree = await makeTree({ "in/secret": "", "in/file": "f" });
    await unconfined("mkfifo", tree.at("pipe"));
    const box = supervised({ readWrite: [tree.at("in")], read: [acts.directory] }, yes);
    const script = `cat ${tree.at("pipe")} & cat ${tree.at("in/file")}; echo through > ${tree.at("pipe")}; wait`;
    const outcome = await box.run("/bin/sh", "-c", script);

    expect(outcome).toMatchObject({ code: 0, stdout: "fthrough\n", stderr: "" });
  });
});

function swap(link: string, target: string): void {
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
}

function isReadOf(request: Request, path: string): boolean {
  return request.operation === "open" && request.target.path === path && !request.mode.write;
}
