import type { CanonicalPath, FileView } from "nono-ts";
import { expect, it } from "vitest";
import type { GuardRules } from "../policy/policy.ts";
import { walk } from "./walk.ts";

const RULES: GuardRules = { repository: [], pointer: [], hooked: [], workspace: [], secrets: [], public: [] };
const ROOT = "/w" as CanonicalPath;

/** Directories by path; everything in them that is not one itself is a file. */
function viewOf(directories: Readonly<Record<string, readonly string[]>>): FileView & { listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    list(directory) {
      listed.push(directory);
      return directories[directory]?.map((name) => ({
        name,
        kind: `${directory}/${name}` in directories ? ("directory" as const) : ("file" as const),
      }));
    },
    kindOf: () => "missing",
    identityOf: () => undefined,
    identityBehind: () => undefined,
    linkTarget: () => undefined,
  };
}

it("finds what lies near the top before it comes to its bound, and says that it came there", () => {
  const many = Array.from({ length: 50 }, (_, index) => `d${index}`);
  const view = viewOf({
    "/w": ["deep", "near"],
    "/w/deep": many,
    ...Object.fromEntries(many.map((name) => [`/w/deep/${name}`, ["x"]])),
    "/w/near": [".git"],
    "/w/near/.git": [],
  });
  const found = walk([ROOT], RULES, view, 60);
  expect(found.complete).toBe(false);
  expect(found.repositories).toEqual([{ directory: "/w/near/.git", workTree: "/w/near" }]);
  expect(walk([ROOT], RULES, view).complete).toBe(true);
});

it("looks into each directory once, and into no git directory", () => {
  const view = viewOf({
    "/w": [".git", "a"],
    "/w/.git": ["x"],
    "/w/.git/x": [],
    "/w/a": ["b"],
    "/w/a/b": [],
  });
  walk([ROOT, "/w/a" as CanonicalPath], RULES, view);
  expect(view.listed.sort()).toEqual(["/w", "/w/a", "/w/a/b"]);
});
