import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { AccessMode, CapabilitySet } from "./index.ts";

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
    expect(set.value().network).toEqual({ mode: "ports", connect: [443], listen: [] });
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
