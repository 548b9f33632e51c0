import { describe, expect, expectTypeOf, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { AccessMode, CapabilitySet } from "../capability/index.ts";
import { QueryContext } from "./query-context.ts";

describe("QueryContext", () => {
  it("lets the most specific sufficient grant decide, never the first", async () => {
    await using tree = await makeTree({ "a/b/": "" });
    const set = new CapabilitySet()
      .allowPath(tree.at("a"), AccessMode.ReadWrite)
      .allowPath(tree.at("a/b"), AccessMode.Read);
    const query = new QueryContext(set);
    const file = tree.at("a/b/file");
    expect(query.queryPath(file, AccessMode.Read)).toEqual({
      status: "allowed",
      reason: "granted_path",
      grantedPath: tree.at("a/b"),
      access: "read",
    });
    expect(query.queryPath(file, AccessMode.Write)).toMatchObject({
      status: "allowed",
      grantedPath: tree.at("a"),
    });
  });

  it("answers no question that it does not understand: what is no access is not one that nothing denies", async () => {
    await using tree = await makeTree({ "a/secret": "" });
    const set = new CapabilitySet().allowPath(tree.at("a"), "read+write").denyPath(tree.at("a/secret"));
    const [query, file] = [new QueryContext(set), tree.at("a/secret")];
    expect(query.queryPath(file, "read+write")).toMatchObject({ status: "denied", reason: "path_denied" });
    for (const access of ["readwrite", "rw", "READ", "", undefined, null, 0] as unknown as AccessMode[])
      expect(() => query.queryPath(file, access)).toThrow(
        /^queryPath .*: expected one of read, write, read\+write$/,
      );
    for (const path of [undefined, 7] as unknown as string[])
      expect(() => query.queryPath(path, "read")).toThrow(/expected a path as text/);
    expect(() => query.queryPath("/a\0b", "read")).toThrow(/NUL/);
    expect(() => new QueryContext({} as CapabilitySet)).toThrow(/expected a CapabilitySet/);
  });

  it("says what was granted where that is not enough", async () => {
    await using tree = await makeTree({ "a/": "" });
    const query = new QueryContext(new CapabilitySet().allowPath(tree.at("a"), AccessMode.Read));
    expect(query.queryPath(tree.at("a/x"), AccessMode.ReadWrite)).toEqual({
      status: "denied",
      reason: "insufficient_access",
      granted: "read",
      requested: "read+write",
    });
    expect(query.queryPath("/etc", AccessMode.Read)).toEqual({
      status: "denied",
      reason: "path_not_granted",
    });
  });

  it("adds grants of one path up, as the kernel does", async () => {
    await using tree = await makeTree({ "a/b/": "" });
    const set = new CapabilitySet()
      .allowPath(tree.at("a"), AccessMode.Read)
      .allowPath(tree.at("a/b"), AccessMode.Write);
    const answer = new QueryContext(set).queryPath(tree.at("a/b/x"), AccessMode.ReadWrite);
    expect(answer).toEqual({
      status: "allowed",
      reason: "granted_path",
      grantedPath: tree.at("a/b"),
      access: "read+write",
    });
  });

  it("lets a denial win over every grant", async () => {
    await using tree = await makeTree({ "a/secret": "" });
    const set = new CapabilitySet()
      .allowPath(tree.at("a"), AccessMode.ReadWrite)
      .denyPath(tree.at("a/secret"));
    expect(new QueryContext(set).queryPath(tree.at("a/secret"), AccessMode.Read)).toEqual({
      status: "denied",
      reason: "path_denied",
      deniedPath: tree.at("a/secret"),
      requested: "read",
    });
  });

  it("grants a file, not what has its name as a prefix", async () => {
    await using tree = await makeTree({ file: "", "file.bak": "" });
    const query = new QueryContext(new CapabilitySet().allowFile(tree.at("file"), AccessMode.Read));
    expect(query.queryPath(tree.at("file"), AccessMode.Read).status).toBe("allowed");
    expect(query.queryPath(tree.at("file.bak"), AccessMode.Read).status).toBe("denied");
  });

  it("has one shape for all answers, which status and reason narrow", async () => {
    await using tree = await makeTree({ "a/": "" });
    const query = new QueryContext(new CapabilitySet().allowPath(tree.at("a"), AccessMode.Read));
    const answer = query.queryPath(tree.at("a/x"), AccessMode.Read);
    expectTypeOf(answer.grantedPath).toEqualTypeOf<string | undefined>();
    expectTypeOf(answer.granted).toEqualTypeOf<AccessMode | undefined>();
    if (answer.status === "allowed") expectTypeOf(answer.grantedPath).toEqualTypeOf<string>();
    if (answer.reason === "insufficient_access") expectTypeOf(answer.requested).toEqualTypeOf<AccessMode>();
    expectTypeOf(query.queryNetwork().reason).toEqualTypeOf<"network_allowed" | "network_blocked">();
    expect([answer.status, answer.grantedPath, answer.requested]).toEqual([
      "allowed",
      tree.at("a"),
      undefined,
    ]);
  });

  it("keeps to the set as it was", () => {
    const set = new CapabilitySet();
    const query = new QueryContext(set);
    set.blockNetwork();
    expect(query.queryNetwork()).toEqual({ status: "allowed", reason: "network_allowed" });
    expect(new QueryContext(set).queryNetwork()).toEqual({ status: "denied", reason: "network_blocked" });
  });

  it("answers for connections by port, and by host", () => {
    const asked = { host: "127.0.0.2", port: 80 };
    const answer = (set: CapabilitySet) => new QueryContext(set).queryConnect(asked);
    const allowed = { status: "allowed", reason: "network_allowed" };
    const denied = { status: "denied", reason: "host_not_granted" };
    expect(answer(new CapabilitySet())).toEqual(allowed);
    expect(answer(new CapabilitySet().blockNetwork())).toEqual({
      status: "denied",
      reason: "network_blocked",
    });
    expect(answer(new CapabilitySet().allowConnectPort(80))).toEqual(allowed);
    expect(answer(new CapabilitySet().allowConnectPort(81))).toEqual(denied);
    expect(answer(new CapabilitySet().allowConnect("localhost", 80))).toEqual(allowed);
    expect(answer(new CapabilitySet().allowConnect("127.0.0.1"))).toEqual(denied);
  });
});
