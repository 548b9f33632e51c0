import { describe, expect, it } from "vitest";
import { makeTree, type Tree, type TreeSpec } from "../../../test/policy/fixtures.ts";
import type { ConfigPlace } from "../config-files.ts";
import { loadProfile } from "./load.ts";

function home(files: TreeSpec): Tree & { place: ConfigPlace } {
  const tree = makeTree({ "work/": "", ...files });
  return {
    ...tree,
    place: {
      directory: tree.at("nono"),
      home: tree.at("home"),
      workdir: tree.at("work"),
      uid: process.getuid?.() ?? 0,
    },
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

describe("loadProfile", () => {
  it("finds built-in profiles, each after those that it extends", async () => {
    using it = home({});
    const chain = await loadProfile("claude-code", it.place, it.root);
    expect(chain.layers.map(({ name, source }) => [name, source])).toEqual([
      ["default", "profile:default"],
      ["claude-code", "profile:claude-code"],
    ]);
    expect(chain).toMatchObject({ name: "claude-code", files: [] });
  });

  it("finds the user's profiles by name, and says where their entries come from", async () => {
    using it = home({ "nono/profiles/mine.json": `{ "extends": "node-dev" } // mine` });
    const chain = await loadProfile("mine", it.place, it.root);
    expect(chain.layers.map(({ source }) => source)).toEqual([
      "profile:default",
      "profile:node-dev",
      `profile:mine (${it.at("nono/profiles/mine.json")})`,
    ]);
    expect(chain.files).toEqual([it.at("nono/profiles/mine.json")]);
  });

  it("extends default where a profile says nothing, and nothing where it says []", async () => {
    using it = home({ "a/p.json": "{}", "a/bare.json": `{ "extends": [] }` });
    const names = async (file: string) =>
      (await loadProfile(file, it.place, it.root)).layers.map(({ name }) => name);
    expect(await names("a/p.json")).toEqual(["default", "p"]);
    expect(await names("a/bare.json")).toEqual(["bare"]);
  });

  it("has a profile once that is extended on two ways, before both", async () => {
    using it = home({
      "nono/profiles/base.json": "{}",
      "nono/profiles/left.json": `{ "extends": "base" }`,
      "nono/profiles/right.json": `{ "extends": ["base"] }`,
      "nono/profiles/both.json": `{ "extends": ["left", "right", "base"] }`,
    });
    const chain = await loadProfile("both", it.place, it.root);
    expect(chain.layers.map(({ name }) => name)).toEqual(["default", "base", "left", "right", "both"]);
  });

  it("takes files by path, and what they extend from where they lie", async () => {
    using it = home({
      "a/p.json": `{ "meta": { "name": "pretty" }, "extends": "../b/base.json" }`,
      "b/base.json": "{}",
    });
    const chain = await loadProfile("./a/p.json", it.place, it.root);
    expect(chain.layers.map(({ name }) => name)).toEqual(["default", "base", "pretty"]);
    expect(chain.files).toEqual([it.at("a/p.json"), it.at("b/base.json")]);
  });

  it("is extended by what its file is, not by a link that led there and may be exchanged", async () => {
    using it = home({
      "a/p.json": "{}",
      "a/all.json": `{ "one": {}, "two": {} }`,
      "links/p.json": "-> ../a/p.json",
      "links/all.json": "-> ../a/all.json",
      "nono/profiles/mine.json": "-> ../../a/p.json",
    });
    const referenceOf = async (text: string) => (await loadProfile(text, it.place, it.root)).reference;
    expect(await referenceOf("links/p.json")).toBe(it.at("a/p.json"));
    expect(await referenceOf("./links/all.json#two")).toBe(`${it.at("a/all.json")}#two`);
    expect(await referenceOf("mine")).toBe("mine");
    expect(await referenceOf("claude-code")).toBe("claude-code");
  });

  it("takes one profile of a file that holds several", async () => {
    using it = home({
      "a/all.json": `{ "one": { "extends": "#two" }, "two": { "workdir": {} } }`,
      "a/single.json": `{ "claude-code": { "workdir": { "access": "read" } } }`,
    });
    const names = async (ref: string) =>
      (await loadProfile(ref, it.place, it.root)).layers.map(({ name }) => name);
    expect(await names("a/all.json#one")).toEqual(["default", "two", "one"]);
    expect(await names("a/single.json")).toEqual(["default", "claude-code"]);
    await expect(names("a/all.json")).rejects.toThrow(
      `${it.at("a/all.json")} holds the profiles one, two: say which one with FILE#NAME`,
    );
    await expect(names("a/all.json#twoo")).rejects.toThrow("holds no profile called twoo, did you mean two?");
  });

  it("names the nearest profile when there is none of that name", async () => {
    using it = home({ "nono/profiles/backend.json": "{}" });
    const load = (name: string) => loadProfile(name, it.place, it.root);
    await expect(load("claude-cod")).rejects.toThrow(
      "no profile is called claude-cod: did you mean claude-code?",
    );
    await expect(load("bakcend")).rejects.toThrow(/did you mean backend\?/);
    await expect(load("constructor")).rejects.toThrow(
      "no profile is called constructor: nono profile list shows them all",
    );
    await expect(load("none/x.json")).rejects.toThrow(
      `${it.at("none/x.json")} cannot be read: there is no such file`,
    );
  });

  it("lets no file of the user's stand in for a built-in profile of the same name", async () => {
    using it = home({ "nono/profiles/default.json": `{ "filesystem": { "allow": ["~"] } }` });
    const file = it.at("nono/profiles/default.json");
    for (const name of ["default", "claude-code"])
      await expect(loadProfile(name, it.place, it.root)).rejects.toThrow(
        `default is a built-in profile and ${file} has the same name: rename the file, or name it with its path`,
      );
  });

  it.each([
    [{ a: "a" }, "a extends a"],
    [{ a: "b", b: "a" }, "a extends b extends a"],
    [{ a: "b", b: "c", c: "b" }, "a extends b extends c extends b"],
  ])("refuses profiles that extend each other in a circle: %j", async (parents, circle) => {
    using it = home(
      Object.fromEntries(
        Object.entries(parents).map(([name, parent]) => [
          `nono/profiles/${name}.json`,
          `{ "extends": "${parent}" }`,
        ]),
      ),
    );
    await expect(loadProfile("a", it.place, it.root)).rejects.toThrow(
      `profiles extend each other in a circle: ${circle}`,
    );
  });

  it("reads nothing below the working directory", async () => {
    using it = home({
      "work/p.json": `{ "filesystem": { "allow": ["~"] } }`,
      "a/p.json": `{ "extends": "../work/p.json" }`,
    });
    for (const file of ["p.json", "./p.json", "../a/p.json"])
      await expect(loadProfile(file, it.place, it.at("work")), file).rejects.toThrow(
        /work\/p\.json is not read, because it lies below the working directory/,
      );
  });

  it("stops where a file is not in order", async () => {
    using it = home({ "nono/profiles/p.json": `{\n  "filesytem": {} }` });
    await expect(loadProfile("p", it.place, it.root)).rejects.toThrow(
      `${it.at("nono/profiles/p.json")}:2:3: unknown key filesytem in the file, did you mean filesystem?`,
    );
  });
});
