// Inside a sandbox `nono why --self` says what is so there: the kernel's rules and what the supervisor serves.

import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeWorld, NONO } from "./support/world.ts";

const NAMES = [
  "work/file",
  "work/new",
  "work/secret",
  "work/split/new",
  "work/split/kept/secret",
  "work/split/kept/new",
  "saved.json",
  "saved.json.lock",
  "saved.json.tmp.12",
  "saved.jsonx",
  "other",
  "read/file",
  "read/new",
  "names/tool.tmp.1",
  "names/other",
];

/** Each attempt leaves things as they were. */
const TRY = `
import os, sys
def attempt(mode, name):
    there = os.path.exists(name)
    try:
        os.close(os.open(name, mode, 0o600))
        if not there and os.path.exists(name): os.unlink(name)
        return True
    except FileNotFoundError: return None
    except OSError: return False
for name in sys.argv[1:]:
    w = attempt(os.O_WRONLY | os.O_CREAT, name)
    r = attempt(os.O_RDONLY, name)
    print(name, "?" if r is None else "r" if r else "-", "w" if w else "-")
`;

const ASK = `
for name in "$@"; do
  r=-; w=-
  "$NONO" why --self --path "$name" --op read >/dev/null && r=r
  "$NONO" why --self --path "$name" --op write >/dev/null && w=w
  echo "$name $r $w"
done`;

const FILES = {
  "home/work/file": "",
  "home/work/secret": "",
  "home/work/split/kept/secret": "",
  "home/saved.json": "",
  "home/saved.jsonx": "",
  "home/other": "",
  "home/read/file": "",
  "home/names/other": "",
  "home/.config/nono/profiles/mine.json": JSON.stringify({
    filesystem: {
      allow: ["~/work"],
      deny: ["~/work/secret", "~/work/split/kept/secret"],
      allow_file: ["~/saved.json"],
      read: ["~/read"],
      allow_pattern: ["~/names/tool.tmp.*"],
    },
  }),
};

describe("nono why --self", () => {
  it("agrees with what the kernel and the supervisor do inside", async () => {
    await using world = await makeWorld(FILES);
    const inside = (...command: string[]) =>
      world.nonoWith(
        { cwd: world.home, env: { NONO: NONO } },
        ...["run", "-s", "-p", "mine", "--read", path.dirname(NONO), "--", ...command],
      );
    const tried = await inside("/usr/bin/python3", "-c", TRY, ...NAMES);
    const said = await inside("sh", "-c", ASK, "sh", ...NAMES);
    expect(tried.code, tried.stderr).toBe(0);
    const wanted = tried.stdout.split("\n").map((line, index) => {
      const asked = said.stdout.split("\n")[index] ?? "";
      // What is not there cannot be read: only the answer about writing can be held against it.
      return line.replace("?", asked.split(" ")[1] ?? "?");
    });
    expect(said.stdout.split("\n")).toEqual(wanted);
    expect(said.stdout).toContain("saved.json.lock r w\n"); // by its name
    expect(said.stdout).toContain("work/split/kept/new r w\n"); // on behalf
    expect(said.stdout).toContain("work/secret - -\n");
  });

  it("answers as the same question outside, and the file says how the run is supervised", async () => {
    await using world = await makeWorld(FILES);
    const document = await world.nono("run", "-s", "-p", "mine", "--", "sh", "-c", 'cat "$NONO_CAP_FILE"');
    expect(JSON.parse(document.stdout)).toMatchObject({
      supervised: true,
      names: expect.arrayContaining([expect.objectContaining({ directory: world.at("home/names") })]),
      ungrantable: expect.arrayContaining([{ path: world.at("home/.config/nono"), access: "read+write" }]),
    });
    const wrapped = await world.nono("wrap", "-s", "--", "sh", "-c", 'cat "$NONO_CAP_FILE"');
    expect(JSON.parse(wrapped.stdout)).toMatchObject({ supervised: false, names: [] });
    for (const name of ["home/saved.json.lock", "home/saved.jsonx", "home/.config/nono/x"]) {
      const question = ["--json", "--path", world.at(name), "--op", "write"];
      const outside = await world.nono("why", "-p", "mine", "--read", path.dirname(NONO), ...question);
      const inside = await world.nono(
        ...[
          "run",
          "-s",
          "-p",
          "mine",
          "--read",
          path.dirname(NONO),
          "--",
          NONO,
          "why",
          "--self",
          ...question,
        ],
      );
      expect(inside).toEqual(outside);
    }
  });
});
