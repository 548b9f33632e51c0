import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTree } from "../../test/policy/fixtures.ts";
import { createMissing } from "./create-missing.ts";
import type { Creation } from "./policy.ts";

const asked = { from: "profile", source: "profile:test", original: "" } as const;
const directory = (path: string): Creation => ({ ...asked, path, kind: "directory" });
const file = (path: string, content = ""): Creation => ({ ...asked, path, kind: "file", content });

describe("createMissing", () => {
  it("makes directories and files for the user alone, with those above them", () => {
    using tree = makeTree();
    expect(createMissing([directory(tree.at("a/b")), file(tree.at("c/d"), "{}\n")], [])).toEqual([
      tree.at("a/b"),
      tree.at("c/d"),
    ]);
    expect(
      ["a", "a/b", "c", "c/d"].map((name) => (statSync(tree.at(name)).mode & 0o777).toString(8)),
    ).toEqual(["700", "700", "700", "600"]);
    expect(readFileSync(tree.at("c/d"), "utf8")).toBe("{}\n");
  });

  it("touches nothing that exists", () => {
    using tree = makeTree({ "a/": "", b: "mine", link: "-> b" });
    expect(
      createMissing([directory(tree.at("a")), file(tree.at("b"), "x"), file(tree.at("link"), "x")], []),
    ).toEqual([]);
    expect(readFileSync(tree.at("b"), "utf8")).toBe("mine");
  });

  it("does not follow a link that names nothing", () => {
    using tree = makeTree({ "home/": "", "home/link": "-> ../elsewhere" });
    expect(createMissing([file(tree.at("home/link"), "x")], [])).toEqual([]);
    expect(statSync(tree.at("elsewhere"), { throwIfNoEntry: false })).toBeUndefined();
  });

  it("follows the user's own links, and none that a sandboxed command could have made to lead out of its grants", () => {
    using tree = makeTree({
      "granted/": "",
      "other/": "",
      "granted/planted": "-> ../other",
      own: "-> other",
    });
    const wanted = (link: string) => [
      directory(tree.at(`${link}/new/below`)),
      file(tree.at(`${link}/f`), "x"),
    ];
    const grants = [{ path: tree.at("granted"), access: "read+write" as const }];
    for (const one of wanted("granted/planted"))
      expect(() => createMissing([one], grants)).toThrow(
        `cannot be made: the link ${tree.at("granted/planted")} leads to ${tree.at("other")}`,
      );
    expect(existsSync(tree.at("other/new"))).toBe(false);

    expect(createMissing(wanted("own"), grants)).toHaveLength(2); // control
    expect(statSync(tree.at("other/new/below")).isDirectory()).toBe(true);
    expect(readFileSync(tree.at("other/f"), "utf8")).toBe("x");
  });

  it("says what cannot be made, and for whom", () => {
    using tree = makeTree({ file: "" });
    expect(() => createMissing([directory(tree.at("file/below"))], [])).toThrow(
      `profile:test needs ${tree.at("file/below")}, which cannot be made: ENOTDIR`,
    );
  });
});
