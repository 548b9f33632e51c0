import { describe, expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { CapabilitySet } from "../capability/index.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { rightNames } from "../landlock/rights.ts";
import { compilePlan } from "./compile.ts";
import type { NamePattern, Supervision } from "./supervision.ts";

/** Names of the rights that are served, denied or covered by the kernel at `path` itself. */
function at(supervision: Supervision | undefined, path: string) {
  const paths = supervision?.paths.filter((one) => one.path === path) ?? [];
  const names = (which: "native" | "behalf" | "denied") =>
    [...new Set(paths.flatMap((one) => rightNames(one[which])))].sort();
  return {
    native: names("native"),
    behalf: names("behalf"),
    denied: names("denied"),
    verify: paths.some((one) => one.verify),
  };
}

const READ = ["EXECUTE", "READ_DIR", "READ_FILE"];

describe("what a supervisor looks up", () => {
  it("serves a grant at its path, and knows which part of it the kernel covers", async () => {
    await using tree = await makeTree({ "w/secret": "", "w/dir/": "" });
    const set = new CapabilitySet().allowPath(tree.at("w"), "read").denyPath(tree.at("w/secret"));
    const { supervision } = compilePlan(set, { supervisor: true });

    expect(at(supervision, tree.at("w")).behalf).toEqual(READ);
    expect(at(supervision, tree.at("w"))).toMatchObject({ native: ["READ_DIR"], verify: false });
    expect(supervision?.splits).toMatchObject([{ directory: tree.at("w"), leftOut: ["secret"] }]);
    expect(rightNames(supervision?.splits[0]?.directories ?? 0n).toSorted()).toEqual(READ);
    expect(at(supervision, tree.at("w/secret")).denied).toEqual(
      expect.arrayContaining([...READ, "WRITE_FILE"]),
    );
  });

  it("is nothing where there is no supervisor", async () => {
    await using tree = await makeTree();
    expect(compilePlan(new CapabilitySet().allowPath(tree.root, "read")).supervision).toBeUndefined();
  });

  it("serves no pattern of names that is for reading alone: it would let them be written", () => {
    const directory = "/srv" as CanonicalPath;
    const compile = (access: NamePattern["access"], platform: "linux" | "darwin") =>
      compilePlan(new CapabilitySet(), {
        platform,
        supervisor: platform === "linux",
        namePatterns: [{ directory, name: "*", access }],
      });
    for (const platform of ["linux", "darwin"] as const) {
      expect(() => compile("write", platform)).not.toThrow();
      for (const access of ["read", "rw"] as unknown as NamePattern["access"][])
        expect(() => compile(access, platform)).toThrow(
          /^namePatterns .*: expected one of write, read\+write$/,
        );
    }
  });

  it("serves the names by which a file that is granted for writing is saved, and no links", async () => {
    await using tree = await makeTree({ "a*b": "", "read-only": "" });
    const set = new CapabilitySet()
      .allowFile(tree.at("a*b"), "read+write")
      .allowFile(tree.at("read-only"), "read");
    const patterns = compilePlan(set, { supervisor: true }).supervision?.patterns ?? [];

    expect(patterns.map(({ name }) => name)).toEqual(["a\\*b", "a\\*b.?*", "a\\*b~", ".a\\*b.?*"]);
    expect(new Set(patterns.map(({ directory }) => directory))).toEqual(
      new Set([tree.root as CanonicalPath]),
    );
    for (const { rights } of patterns) {
      expect(rightNames(rights)).not.toContain("MAKE_SYM");
      expect(rightNames(rights)).not.toContain("READ_DIR");
      expect(rightNames(rights)).toEqual(
        expect.arrayContaining(["MAKE_REG", "MAKE_DIR", "REMOVE_FILE", "READ_FILE"]),
      );
    }
  });

  it("refuses blocked commands by their content, and what loaders are to run", async () => {
    const { supervision, blockedExecutables } = compilePlan(
      new CapabilitySet().allowPath("/usr", "read").blockCommand("true"),
      { supervisor: true },
    );
    const blocked = supervision?.executables.filter((one) => !one.loader).map((one) => one.path);
    expect(blocked).toEqual(blockedExecutables.map((one) => one.path));
    expect(supervision?.executables.some((one) => one.loader)).toBe(true);
  });

  it("reaches unix sockets by their scope", async () => {
    await using tree = await makeTree({ "d/": "" });
    const directory = tree.at("d") as CanonicalPath;
    const of = (scope: "socket" | "directory" | "subtree", bind = false) =>
      compilePlan(new CapabilitySet().allowUnixSocket(tree.at("d"), { scope, bind }), { supervisor: true })
        .supervision;

    expect(at(of("socket"), directory).behalf).toEqual(["RESOLVE_UNIX"]);
    expect(at(of("subtree", true), directory).behalf).toEqual(["MAKE_SOCK", "RESOLVE_UNIX"]);
    expect(at(of("directory"), directory).behalf).toEqual([]);
    expect(of("directory")?.patterns).toMatchObject([{ directory, name: "*" }]);
  });
});
