import type { CanonicalPath, Request } from "nono-ts";
import { describe, expect, it } from "vitest";
import { type Bounds, offersOf } from "./offer.ts";

const path = (text: string) => text as CanonicalPath;

const denial = (of: string, access: "read" | "write" | "read+write", asks?: string) => ({
  original: of,
  path: path(of),
  access,
  source: "group:test",
  ...(asks === undefined ? {} : { asks }),
});

const bounds: Bounds = {
  session: "20260102-030405-42",
  plan: {
    abi: 7,
    denials: [
      denial("/home/ana/.ssh", "read+write"),
      denial("/project/.env", "read"),
      denial("/project/.git/hooks", "write", "git runs it at the next commit"),
    ],
    blockedExecutables: [],
    landlock: { rules: [], splits: [] },
  } as unknown as Bounds["plan"],
  protectedRoots: [path("/home/ana/.config/nono")],
  policyFiles: ["/home/ana/profiles/own.json"],
  isDirectory: (one) => one === "/home/ana" || one === "/data",
};

const target = (of: string, missing = ["READ_FILE"], given = of) => ({
  path: path(of),
  given,
  throughLink: given !== of,
  missing,
});
const mode = { read: true, write: false, create: false, truncate: false, directory: false };
const writing = { ...mode, read: false, write: true };

function request(change: object): Request {
  const parents = [
    { pid: 3, name: "sh" },
    { pid: 2, name: "nono-launch" },
  ];
  const process = {
    pid: 4,
    thread: 4,
    name: "cat",
    executable: "/bin/cat",
    arguments: ["cat", "x"],
    parents,
  };
  return { id: 1, process, reason: "not-granted", operation: "open", mode, ...change } as unknown as Request;
}

const allOffered = (change: object) => offersOf(request(change), bounds);
const offered = (change: object) => allOffered(change)[0];

describe("an offer", () => {
  it("says who asks for what, and what a yes would cover", () => {
    expect(offered({ target: target("/data/real", ["READ_FILE"], "/project/link") })).toEqual({
      session: "20260102-030405-42",
      process: { pid: 4, name: "cat", command: ["cat", "x"], parents: [{ pid: 3, name: "sh" }] },
      operation: "open",
      access: "read",
      path: "/data/real",
      asked: "/project/link",
      viaLink: true,
      covers: { once: "this open", file: "/data/real", directory: "/data" },
    });
  });

  it.each([
    [{ mode: writing, target: target("/data/a", ["WRITE_FILE"]) }, "write"],
    [{ mode: { ...writing, read: true }, target: target("/data/a", ["WRITE_FILE"]) }, "read+write"],
    [{ mode: { ...writing, create: true }, target: target("/data/a", ["MAKE_REG"]) }, "create"],
    [{ operation: "unlink", target: target("/data/a", ["REMOVE_FILE"]) }, "write"],
    [{ operation: "chmod", target: target("/data/a", ["WRITE_FILE"]) }, "write"],
    [{ operation: "mkdir", target: target("/data/a", ["MAKE_DIR"]) }, "create"],
    [{ operation: "bind", target: target("/data/a", ["MAKE_SOCK"]) }, "connect"],
  ])("is for the access that is needed: %#", (change, access) => {
    expect(offered(change)).toMatchObject({ access });
  });

  it("of a move is about the path that lacks something, and names the other", () => {
    const move = {
      operation: "rename",
      target: target("/project/a", []),
      to: target("/data/a", ["MAKE_REG"]),
    };
    expect(offered(move)).toMatchObject({
      path: "/data/a",
      access: "create",
      other: { relation: "from", path: "/project/a" },
    });
    expect(allOffered(move)).toHaveLength(1);
  });

  it("is made for each of two paths that lack something, and for neither when one is never granted", () => {
    const move = { operation: "rename", target: target("/other/a", ["REMOVE_FILE"]) };
    expect(allOffered({ ...move, to: target("/data/a", ["MAKE_REG"]) })).toMatchObject([
      { path: "/other/a", access: "write", other: { relation: "to", path: "/data/a" } },
      { path: "/data/a", access: "create", other: { relation: "from", path: "/other/a" } },
    ]);
    expect(allOffered({ ...move, to: target("/home/ana/.ssh/a", ["MAKE_REG"]) })).toEqual([]);
    expect(allOffered({ ...move, to: target("/home/ana/.config/nono/a", ["MAKE_REG"]) })).toEqual([]);
  });

  it("is not made for a move or a link of what may not be read: it might come to lie where it may", () => {
    for (const operation of ["rename", "link"])
      expect(
        allOffered({ operation, target: target("/project/.env", []), to: target("/data/a", ["MAKE_REG"]) }),
      ).toEqual([]);
    expect(offered({ mode: writing, target: target("/project/.env", ["WRITE_FILE"]) })).toBeDefined(); // control
  });

  it("says of what changes places that it does", () => {
    const exchange = { operation: "rename", exchange: true, target: target("/project/a", []) };
    expect(offered({ ...exchange, to: target("/data/a", ["MAKE_REG", "REMOVE_FILE"]) })).toMatchObject({
      path: "/data/a",
      other: { relation: "with", path: "/project/a" },
    });
  });

  it("is made for a directory that holds guarded names, and says what a yes would let run", () => {
    const move = { reason: "holds-denial", operation: "rename", to: target("/project/moved", []) };
    const offers = allOffered({ ...move, target: target("/project/.git", []) });
    expect(offers).toMatchObject([{ path: "/project/.git", runsLater: "git runs it at the next commit" }]);
    expect(offers[0]?.covers).not.toHaveProperty("directory");
    expect(allOffered({ ...move, target: target("/home", []) })).toEqual([]);
  });

  it("tells what a yes to a guarded name would let run, and is not for its directory", () => {
    const hook = { mode: writing, target: target("/project/.git/hooks/pre-commit", ["WRITE_FILE"]) };
    const offer = offered(hook);
    expect(offer).toMatchObject({ runsLater: "git runs it at the next commit" });
    expect(offer?.covers).not.toHaveProperty("directory");
  });

  it("is not for a directory with nono's own places in it, which may be listed", () => {
    const offer = offered({ target: target("/home/ana", ["READ_DIR"]) });
    expect(offer).toMatchObject({ access: "read", path: "/home/ana" });
    expect(offer?.covers).not.toHaveProperty("directory");
    expect(
      offered({ operation: "rename", target: target("/home/ana"), to: target("/x", []) }),
    ).toBeUndefined();
  });

  it.each([
    ["denied", { target: target("/home/ana/.ssh/id") }],
    ["below nono's own", { target: target("/home/ana/.config/nono/profiles/x.json") }],
    [
      "what the policy was made from, for writing",
      { mode: writing, target: target("/home/ana/profiles/own.json") },
    ],
    ["of other processes", { target: target("/proc/1/environ") }],
    ["a terminal", { mode: writing, target: target("/dev/pts/3") }],
    ["a blocked command", { reason: "blocked-command", operation: "execute", target: target("/bin/rm") }],
    [
      "around a denial",
      { reason: "holds-denial", operation: "rename", target: target("/a"), to: target("/b", []) },
    ],
    ["executed", { operation: "execute", target: target("/data/tool", ["EXECUTE"]) }],
    ["an address", { operation: "connect", address: { family: "internet" }, target: undefined }],
  ])("is never made for what is %s", (_, change) => {
    expect(offered(change)).toBeUndefined();
  });
});
