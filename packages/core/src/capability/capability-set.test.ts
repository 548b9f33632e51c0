import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { AccessMode, type Capabilities, CapabilitySet, capabilitiesIn } from "./index.ts";

describe("CapabilitySet", () => {
  it("takes calls one after the other or chained, and starts empty", async () => {
    await using tree = await makeTree({ "a/file": "" });
    const chained = new CapabilitySet()
      .allowPath(tree.at("a"), AccessMode.Read)
      .allowFile(tree.at("a/file"), AccessMode.ReadWrite)
      .blockNetwork();
    expect(chained.fsCapabilities()).toEqual([
      { original: tree.at("a"), resolved: tree.at("a"), access: "read", isFile: false, source: "allowPath" },
      {
        original: tree.at("a/file"),
        resolved: tree.at("a/file"),
        access: "read+write",
        isFile: true,
        source: "allowFile",
      },
    ]);
    expect(chained.isNetworkBlocked).toBe(true);
    expect(new CapabilitySet().fsCapabilities()).toEqual([]);
    expect(new CapabilitySet().isNetworkBlocked).toBe(false);
  });

  it("grants what a link names, not the link", async () => {
    await using tree = await makeTree({ "real/": "" });
    fs.symlinkSync(tree.at("real"), tree.at("link"));
    const [grant] = new CapabilitySet().allowPath(tree.at("link"), AccessMode.Read).fsCapabilities();
    expect(grant).toMatchObject({ original: tree.at("link"), resolved: tree.at("real") });
  });

  it("names the path and what to do where a grant cannot be", async () => {
    await using tree = await makeTree({ file: "", "directory/": "" });
    const set = new CapabilitySet();
    const codeOf = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(codeOf(() => set.allowPath(tree.at("missing"), AccessMode.Read))).toBe("path-missing");
    expect(codeOf(() => set.allowPath(tree.at("file"), AccessMode.Read))).toBe("not-a-directory");
    expect(codeOf(() => set.allowFile(tree.at("directory"), AccessMode.Read))).toBe("not-a-file");
    expect(codeOf(() => set.allowPath("a\0b", AccessMode.Read))).toBe("invalid-text");
    expect(codeOf(() => set.allowPath("", AccessMode.Read))).toBe("path-missing");
    expect(codeOf(() => set.allowConnectPort(0))).toBe("invalid-port");
    expect(() => set.allowPath(tree.at("missing"), AccessMode.Read, { source: "--read" })).toThrow(
      `--read ${tree.at("missing")}: no such file or directory`,
    );
    expect(set.fsCapabilities()).toEqual([]);
  });

  it("refuses values that it does not know, which would grant or deny less than was meant", () => {
    const set = new CapabilitySet();
    const wrong = (value: unknown) => value as never;
    const calls: readonly (readonly [() => unknown, string])[] = [
      [() => set.allowPath("/", wrong("rw")), "allowPath rw: expected one of read, write, read+write"],
      [() => set.allowFile("/", wrong(undefined)), "allowFile undefined: expected one of read"],
      [() => set.allowPath(wrong(undefined), "read"), "allowPath undefined: expected a path as text"],
      [() => set.denyPath("/", { access: wrong("all") }), "denyPath all: expected one of read"],
      [
        () => set.allowUnixSocket("/", { scope: wrong("tree") }),
        "allowUnixSocket tree: expected one of socket",
      ],
      [
        () => set.allowUnixSocket("/s", { bind: wrong("no") }),
        "allowUnixSocket bind no: expected one of true, false",
      ],
      [() => set.scopeProcesses(wrong("none")), "scopeProcesses none: expected one of sandbox, any"],
      [
        () => set.blockCommand("bin/rm"),
        "blockCommand bin/rm: expected the name of a command, or the absolute",
      ],
      [() => set.denyCommand(""), "denyCommand : expected the name of a command"],
      [() => set.allowCommand(wrong(null)), "allowCommand null: expected the name of a command"],
      [() => set.setEnvironment({ "A=B": "c" }), "setEnvironment A=B: expected the name of a variable"],
      [() => set.setEnvironment({ A: wrong(1) }), "setEnvironment A 1: expected text"],
      [() => set.setLimits(wrong({ files: 1 })), "setLimits files: expected one of as, core"],
      [
        () => set.setLimits({ nofile: -1 }),
        "setLimits nofile -1: expected a whole number from 0 on, or infinity",
      ],
    ];
    for (const [call, message] of calls) {
      expect(call).toThrow(expect.objectContaining({ code: "invalid-value" }));
      expect(call).toThrow(message);
    }
    expect(set.value()).toEqual(new CapabilitySet().value());
  });

  it("chains every call, and leaves each out of the value that was taken before", async () => {
    await using tree = await makeTree({ "a/file": "" });
    const set = new CapabilitySet();
    const before = set.value();
    const chained = set
      .allowPath(tree.at("a"), AccessMode.Read)
      .allowFile(tree.at("a/file"), AccessMode.Write)
      .denyPath(tree.at("a/secret"))
      .blockNetwork()
      .allowConnectPort(443)
      .allowListenPort(8080)
      .allowUnixSocket(tree.at("socket"), { bind: true })
      .blockCommand("rm")
      .denyCommand("dd")
      .allowCommand("rm")
      .scopeProcesses("any")
      .allowUserNamespaces()
      .setEnvironment({ A: "1" })
      .setLimits({ nofile: 64 })
      .setLimits({ core: 0 })
      .platformRule("(allow file-read*)")
      .deduplicate();
    expect(chained).toBe(set);
    expect(before).toEqual(new CapabilitySet().value());
    expect(set.value()).toMatchObject({
      denials: [{ path: tree.at("a/secret"), access: "read+write", source: "denyPath" }],
      network: { mode: "ports", connect: [443], listen: [8080] },
      unixSockets: [{ path: tree.at("socket"), scope: "socket", bind: true }],
      processes: "any",
      commands: {
        allowed: [{ name: "rm", source: "allowCommand" }],
        blocked: [
          { name: "rm", source: "blockCommand" },
          { name: "dd", source: "denyCommand" },
        ],
      },
      userNamespaces: true,
      environment: { A: "1" },
      limits: { nofile: 64, core: 0 },
      platformRules: ["(allow file-read*)"],
    });
  });

  it("deduplicates without losing anything that was allowed", async () => {
    await using tree = await makeTree({ "a/b/c": "" });
    const set = new CapabilitySet()
      .allowPath(tree.at("a/b"), AccessMode.Read)
      .allowPath(tree.at("a"), AccessMode.Read)
      .allowPath(tree.at("a"), AccessMode.Write)
      .allowFile(tree.at("a/b/c"), AccessMode.ReadWrite)
      .deduplicate();
    expect(set.fsCapabilities().map(({ resolved, access }) => [resolved, access])).toEqual([
      [tree.at("a"), "read+write"],
    ]);
  });

  it("compares paths by components, not as text", async () => {
    await using tree = await makeTree({ "work/": "", "work-other/": "" });
    const set = new CapabilitySet().allowPath(tree.at("work"), AccessMode.Read);
    expect(set.pathCovered(tree.at("work", "not", "yet", "there"))).toBe(true);
    expect(set.pathCovered(tree.at("work-other"))).toBe(false);
    expect(set.pathCovered(tree.at("work", "..", "work-other"))).toBe(false);
  });

  it("calls a network with open ports limited, not blocked", () => {
    const set = new CapabilitySet().blockNetwork().allowConnectPort(443);
    expect(set.isNetworkBlocked).toBe(false);
    expect(set.value().network).toEqual({ mode: "ports", connect: [443], listen: [], hosts: [] });
  });

  it("grants hosts by their addresses, and looks no name up", () => {
    const set = new CapabilitySet()
      .allowConnect("localhost")
      .allowConnect("::FFFF:10.0.0.1", 80, { source: "--allow-connect" });
    expect(set.isNetworkBlocked).toBe(false);
    expect(set.value().network).toEqual({
      mode: "ports",
      connect: [],
      listen: [],
      hosts: [
        { host: "localhost", addresses: "loopback", source: "allowConnect" },
        { host: "10.0.0.1", addresses: ["10.0.0.1"], port: 80, source: "--allow-connect" },
      ],
    });
    expect(CapabilitySet.of(set.value()).value()).toEqual(set.value());
    expect(set.summary()).toBe("network: connect to localhost, 10.0.0.1 port 80");
    for (const host of [
      "example.org",
      "Localhost",
      "0.0.0.0",
      "::",
      "127.1",
      "[::1]",
      "fe80::1%1",
      "*",
      "",
      undefined as never,
    ])
      expect(() => set.allowConnect(host), host).toThrow("expected localhost, or an IP address");
    expect(() => set.allowConnect("localhost", 65_536)).toThrow("a port is a whole number");
  });

  it("is made of no value that would confine less than was meant", () => {
    const value = new CapabilitySet().denyPath("/etc/a").blockCommand("rm").blockNetwork().value();
    const denial = value.denials[0];
    for (const change of [
      { network: { mode: "blocked" } },
      { network: "none" },
      { network: { mode: "ports", connect: [65_616], listen: [], hosts: [] } },
      { denials: [{ ...denial, access: "rw" }] },
      { denials: [{ ...denial, path: "etc/a" }] },
      { denials: [{ ...denial, path: "/etc/a/" }] },
      { denials: [{ ...denial, path: "/etc/b/../a" }] },
      { denials: [{ path: "/etc/a" }] },
      { commands: { allowed: [], blocked: [{ name: "./rm", source: "s" }] } },
      { processes: undefined },
      { userNamespaces: "no" },
      { limits: { memory: 1 } },
    ]) {
      const wrong = { ...value, ...change } as unknown as Capabilities;
      for (const make of [CapabilitySet.of, capabilitiesIn])
        expect(() => make(wrong), JSON.stringify(change)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^invalid-(value|port)$/) }),
        );
    }
    expect(capabilitiesIn(value)).toEqual(value);
  });

  it("sums itself up in lines for people", async () => {
    await using tree = await makeTree({ "a\nb/": "" });
    const set = new CapabilitySet()
      .allowPath(tree.at("a\nb"), AccessMode.Read)
      .denyPath("/etc/shadow")
      .blockCommand("rm");
    expect(set.summary()).toBe(
      `read directory ${tree.root}/a\\nb\nno read+write /etc/shadow\nnetwork: all\nblocked commands: rm`,
    );
  });
});
