import type { Change, Entry } from "nono-ts";
import { describe, expect, it } from "vitest";
import type { Candidate } from "./candidate.ts";
import { press, type Reaction } from "./press.ts";
import { pickedAt, type Review, reviewOf } from "./review.ts";

function entry(path: string, type: "file" | "directory"): Entry {
  const common = { path, mode: 0o644, uid: 0, gid: 0, modified: 0n, attributes: [] };
  if (type === "directory") return { ...common, type };
  return {
    ...common,
    type,
    size: 0,
    content: "" as Extract<Entry, { type: "file" }>["content"],
    stretches: undefined,
    linkedTo: undefined,
    unstable: false,
  };
}

function candidate(path: string, kind: Change["kind"], more: Partial<Candidate> = {}): Candidate {
  const one = entry(path, path.endsWith("/") ? "directory" : "file");
  const change = { path: path.replace(/\/$/, ""), kind };
  const before = kind === "added" ? undefined : one;
  const after = kind === "deleted" ? undefined : one;
  return { change: { ...change, before, after }, conflict: undefined, later: undefined, ...more };
}

const later = { later: { change: {} as Change, why: "make runs it", details: [] } };

const CANDIDATES = [
  candidate("/w/Makefile", "added", later),
  candidate("/w/a", "modified"),
  candidate("/w/mine", "modified", { conflict: "changed" }),
  candidate("/w/new/", "added"),
  candidate("/w/new/x", "added"),
  candidate("/w/new/y", "added"),
  candidate("/w/z", "deleted"),
];

function typed(...strokes: readonly string[]): Review {
  return strokes.reduce<Review>(
    (review, stroke) => {
      const reaction = press(review, stroke, 10);
      if (reaction.does !== "show") throw new Error(reaction.does);
      return reaction.review;
    },
    reviewOf(["/w"], CANDIDATES),
  );
}

const names = ({ rows }: Review) => rows.map(({ path }) => path);
const meant = (reaction: Reaction) =>
  "wish" in reaction
    ? CANDIDATES.map(({ change }) => change.path).filter((path) => reaction.wish.meant(path))
    : reaction.does;

describe("the list of a review", () => {
  it("has what is new or gone as a whole folded, and opens and folds it", () => {
    expect(names(typed())).toEqual(["/w", "/w/Makefile", "/w/a", "/w/mine", "/w/new", "/w/z"]);
    const open = typed("last", "up", "right");
    expect(names(open)).toEqual([...names(typed()).slice(0, 5), "/w/new/x", "/w/new/y", "/w/z"]);
    expect(names(typed("last", "up", "right", "down", "left", "left"))).toEqual(names(typed()));
  });

  it("can be only what runs later", () => {
    expect(names(typed("l"))).toEqual(["/w", "/w/Makefile"]);
    expect(names(typed("l", "l"))).toEqual(names(typed()));
  });

  it("keeps the cursor on its rows", () => {
    expect(typed("up").cursor).toBe(0);
    expect(typed("page-down", "down", "j").cursor).toBe(5);
    expect(typed("G", "g").cursor).toBe(0);
  });
});

describe("picking", () => {
  it("is of files, and of directories with all in them, but for what is left alone", () => {
    const [root, , file] = typed().rows;
    expect(pickedAt(typed("down", "down", " "), file as never)).toBe("all");
    expect(pickedAt(typed("down", "down", " "), root as never)).toBe("some");
    expect([...typed(" ").picked].sort()).toEqual(
      ["/w/Makefile", "/w/a", "/w/new", "/w/new/x", "/w/new/y", "/w/z"].sort(),
    );
    expect(typed(" ", " ").picked.size).toBe(0);
    expect(typed("a").picked).toEqual(typed(" ").picked);
    expect(typed("down", "down", "down", " ")).toMatchObject({ picked: new Set(), notice: /left alone/ });
  });

  it("of what runs later takes nothing else along", () => {
    expect([...typed("l", " ").picked]).toEqual(["/w/Makefile"]);
    expect(meant(press(typed("l"), "r", 10))).toEqual(["/w/Makefile"]);
  });
});

describe("taking back", () => {
  it("does a single file at once, and shows what more than that would do", () => {
    const single = press(typed("down"), "r", 10);
    expect([single.does, meant(single)]).toEqual(["restore", ["/w/Makefile"]]);
    const picked = press(typed("down", " ", "down", " "), "r", 10);
    expect([picked.does, meant(picked)]).toEqual(["plan", ["/w/Makefile", "/w/a"]]);
    const directory = press(typed("last", "up"), "r", 10);
    expect([directory.does, meant(directory)]).toEqual(["plan", ["/w/new", "/w/new/x", "/w/new/y"]]);
  });

  it("takes what is not listed along only with everything", () => {
    const everything = press(typed(), "r", 10);
    expect("wish" in everything && everything.wish.meant("/w/only its time")).toBe(true);
    const some = press(typed("down", " "), "r", 10);
    expect("wish" in some && some.wish.meant("/w/only its time")).toBe(false);
  });

  it("writes over what was changed since only when it is forced, and what was never known not even then", () => {
    expect(typed("down", "down", "down", "r").notice).toMatch(/left alone/);
    const forced = press(typed("down", "down", "down"), "f", 10);
    expect(meant(forced)).toEqual(["/w/mine"]);
    expect(forced).toMatchObject({ does: "plan", wish: { force: true } });
    const all = press(typed(), "f", 10);
    expect("wish" in all && all.wish.meant("/w/mine too")).toBe(false);
    expect(typed("down", "f").notice).toMatch(/nothing of it is left alone/);
  });
});
