// The guide of each agent names every entry of its profile, each with what it grants and why, and no entry that the
// profile does not have.

import { describe, expect, it } from "vitest";
import { PROFILES } from "../src/policy/data/profiles.ts";
import type { Profile } from "../src/policy/form/profile-form.ts";
import { textOfGuide } from "./support/guides.ts";

const CLIENTS = ["claude-code", "opencode", "openclaw", "codex"];

/** The cells of all tables below a heading. */
function rowsBelow(heading: string, guide: string): readonly (readonly string[])[] {
  const [, section = ""] = guide.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const rows = own.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

/** What a profile says of its own, as the guides put it. A key that no guide could explain is an error. */
function entriesOf(profile: Profile): ReadonlyMap<string, string> {
  const { meta, extends: base, groups, filesystem, workdir, environment, ...others } = profile;
  const { allow, allow_file, read, create, create_file, bypass_protection, ...rest } = filesystem ?? {};
  const { allow_vars, set_vars, ...further } = environment ?? {};
  const unexplained = { ...others, ...rest, ...further };
  expect([meta?.name, base, workdir, unexplained]).toEqual([
    expect.any(String),
    "default",
    { access: "readwrite" },
    {},
  ]);

  const entries = new Map<string, string[]>();
  const add = (what: string, names: readonly string[]) => {
    for (const name of names) entries.set(name, [...(entries.get(name) ?? []), what]);
  };
  add("read and write", ["$WORKDIR", ...(allow ?? []), ...(allow_file ?? [])]);
  add("read", read ?? []);
  add("made", [...(create ?? []), ...Object.keys(create_file ?? {})]);
  add("not denied", bypass_protection ?? []);
  add("passed", allow_vars ?? []);
  for (const [name, value] of Object.entries(set_vars ?? {})) add(`set to \`${value}\``, [name]);
  add("group", groups?.include ?? []);
  return new Map([...entries].map(([name, what]) => [name, what.join(", ")]));
}

describe("the guide of an agent", () => {
  it.each(CLIENTS)("%s names what its profile grants, no more and no less", (name) => {
    const rows = rowsBelow("What the profile grants, and why", textOfGuide(`docs/clients/${name}.md`));
    const told = Object.fromEntries(rows.map(([entry = "", what = ""]) => [entry.replaceAll("`", ""), what]));
    expect(told).toEqual(Object.fromEntries(entriesOf(PROFILES[name] as Profile)));
    expect(Object.keys(told)).toHaveLength(rows.length);
    expect(rows.filter(([, , why = ""]) => why === "")).toEqual([]);
  });

  it("is there for every profile that is no working environment, and found from the list", () => {
    const agents = Object.keys(PROFILES).filter((name) => name !== "default" && !name.endsWith("-dev"));
    expect(agents.sort()).toEqual([...CLIENTS].sort());
    for (const name of CLIENTS) expect(textOfGuide("docs/agents.md")).toContain(`(clients/${name}.md)`);
  });

  it("is completed by what every profile has", () => {
    const rows = rowsBelow("What every profile grants", textOfGuide("docs/agents.md"));
    const told = rows.flatMap(([groups = ""]) => groups.replaceAll("`", "").split(", "));
    expect(told.sort()).toEqual([...(PROFILES.default?.groups?.include ?? [])].sort());
  });
});
