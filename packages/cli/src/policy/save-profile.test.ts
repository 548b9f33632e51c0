import fs from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTree, type TestTree } from "../../../core/test/support/tree.ts";
import type { Profile } from "./form/profile-form.ts";
import { readProfiles } from "./form/read-profiles.ts";
import { editProfile, newProfileText, saveProfile } from "./save-profile.ts";

const START = { name: "mine", extends: "claude-code", description: "what it needs" };
const UID = process.getuid?.() ?? 0;

let tree: TestTree;
beforeAll(async () => {
  tree = await makeTree({ "profiles/": "" });
});
afterAll(() => tree[Symbol.asyncDispose]());

function fileWith(text: string): string {
  const file = tree.at("profiles/mine.json");
  fs.writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function profileOf(text: string): Profile {
  const read = readProfiles(text, "mine.json");
  if ("problems" in read || read.value.kind !== "one") throw new Error(text);
  return read.value.profile;
}

describe("a profile of the user's", () => {
  it("begins with what it extends, and can be read by nobody else", () => {
    const file = tree.at("new/profiles/mine.json");
    const edit = editProfile(file, { filesystem: { read: ["~/data"] } }, START, UID);
    expect(edit).toMatchObject({ isNew: true, additions: [{ at: ["filesystem", "read"], value: "~/data" }] });
    saveProfile(edit);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(tree.at("new/profiles")).mode & 0o777).toBe(0o700);
    expect(profileOf(fs.readFileSync(file, "utf8"))).toEqual({
      meta: { name: "mine", description: "what it needs" },
      extends: "claude-code",
      filesystem: { read: ["~/data"] },
    });
  });

  it("has nothing in it that a terminal obeys, whatever files are called, and names the same files", () => {
    const [hostile, entries] = [
      "~/\u009b2J\u202ex\u2028",
      (path: string) => ({ read_file: [path] }),
    ] as const;
    const creations = { create_file: { [hostile]: hostile } };
    const wanted: Profile = { filesystem: { ...entries(hostile), ...creations } };
    for (const text of [
      newProfileText(wanted, { ...START, description: hostile }),
      editProfile(fileWith('{ "filesystem": { "read_file": [ "~/a" ] } } // \u00a0'), wanted, START, UID)
        .text,
    ]) {
      expect(text).not.toMatch(/[\u009b\u202e\u2028]/);
      expect(profileOf(text).filesystem).toMatchObject(creations);
      expect(profileOf(text).filesystem?.read_file).toContain(hostile);
    }
    const kept = editProfile(fileWith('{ "extends": "default" } // \u00a0'), wanted, START, UID).text;
    expect(kept).toContain("// \u00a0");
  });

  it("keeps its comments, trailing commas and everything that it says", () => {
    const text = `// mine
{
  "extends": "default", // and no other
  "filesystem": {
    "read": [
      "~/a", // because of a
    ],
  },
}
`;
    const edit = editProfile(
      fileWith(text),
      { filesystem: { read: ["~/b", "~/a"], allow: ["~/c"] }, workdir: { access: "read" } },
      START,
      UID,
    );
    for (const kept of ["// mine", "// and no other", "// because of a"]) expect(edit.text).toContain(kept);
    expect(profileOf(edit.text)).toEqual({
      extends: "default",
      filesystem: { read: ["~/b", "~/a"], allow: ["~/c"] },
      workdir: { access: "read" },
    });
    expect(edit.additions.map(({ at, value }) => `${at.join(".")} ${value}`)).toEqual([
      "filesystem.read ~/b",
      "filesystem.allow ~/c",
      "workdir.access read",
    ]);
  });

  it("adds reading and writing of the working directory up", () => {
    const file = fileWith('{ "workdir": { "access": "read" } }');
    expect(profileOf(editProfile(file, { workdir: { access: "write" } }, START, UID).text)).toEqual({
      workdir: { access: "readwrite" },
    });
    expect(editProfile(file, { workdir: { access: "read" } }, START, UID).additions).toEqual([]);
  });

  it("is left alone when it is not in order, holds several profiles, or others may write it", () => {
    const edit = (text: string) => () =>
      editProfile(fileWith(text), { filesystem: { read: ["~/b"] } }, START, UID);
    expect(edit('{ "filesystm": {} }')).toThrow("filesystm");
    expect(edit('{ "a": { "extends": "default" }, "b": { "extends": "a" } }')).toThrow("profiles a, b");
    fs.chmodSync(fileWith("{}"), 0o666);
    expect(() => editProfile(tree.at("profiles/mine.json"), {}, START, UID)).toThrow("everybody");
    fs.chmodSync(tree.at("profiles/mine.json"), 0o600);
  });

  it("has all of both, whatever was there and whatever is added", () => {
    const paths = fc.uniqueArray(fc.constantFrom("~/a", "~/b", "~/c", "$WORKDIR/d"), { maxLength: 3 });
    const aProfile = fc.record(
      {
        filesystem: fc.record({ read: paths, allow_file: paths }, { requiredKeys: [] }),
        groups: fc.record({ include: fc.uniqueArray(fc.constantFrom("g", "h"), { maxLength: 2 }) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(aProfile, aProfile, (there, added) => {
        const file = fileWith(newProfileText(there, START));
        const after = profileOf(editProfile(file, added, START, UID).text);
        for (const list of ["read", "allow_file"] as const) {
          const both = [...(there.filesystem?.[list] ?? []), ...(added.filesystem?.[list] ?? [])];
          expect(new Set(after.filesystem?.[list])).toEqual(new Set(both));
        }
        expect(
          editProfile(fileWith(editProfile(file, added, START, UID).text), added, START, UID).additions,
        ).toEqual([]);
      }),
    );
  });
});
