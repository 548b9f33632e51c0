// The documentation does what it says: every block of commands is run as it stands, in a project and a home of its own
// (`support/guides.ts` says by whom). In a `console` block, what follows a command is what it prints on either stream;
// `...` stands for any lines, `[exit N]` for an exit code other than 0.

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { flagOf } from "../src/args/option.ts";
import { ENTRIES } from "../src/commands/index.ts";
import { profileSchema } from "../src/policy/form/json-schema.ts";
import {
  type Block,
  blocksOf,
  commandsIn,
  guides,
  REPOSITORY,
  textOfGuide,
  unmarkedIn,
} from "./support/guides.ts";
import { makeWorld, NONO, outcomeOf, type World } from "./support/world.ts";

/** Blocks that nobody runs, by the guide that they are in. */
const ELSEWHERE: Readonly<Record<string, number>> = {
  "docs/installation.md": 1,
  "docs/macos.md": 1,
  "docs/secrets.md": 1,
};

/** Programs of others, for lines that show how to start one. */
const STAND_INS = ["claude", "codex", "opencode", "openclaw", "make", "cargo"];

/** Options of other programs that the guides name. */
const FOREIGN: readonly string[] = [
  "--dangerously-skip-permissions",
  "--no-track",
  "--api-key",
  "--sandbox",
  "--help",
  "--version",
];

/** They speak of the options of scripts. */
const OF_SCRIPTS: readonly string[] = ["CONTRIBUTING.md", "docs/development.md"];

type Step = Readonly<{ command: string; expected: readonly string[] }>;

function stepsOf(block: Block): readonly Step[] {
  if (block.kind === "sh") return [{ command: `set -e\n${block.text}`, expected: ["..."] }];
  if (block.kind !== "console") return [];
  const steps: { command: string; expected: string[] }[] = [];
  for (const line of block.text.replaceAll("\\\n", "").trimEnd().split("\n")) {
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), expected: [] });
    else if (steps.length > 0) steps.at(-1)?.expected.push(line);
    else throw new Error(`line ${block.line}: a console block begins with $`);
  }
  return steps;
}

/** Where a line is wrapped depends on how long the temporary directory's name is. */
function unwrapped(text: string): string {
  return text.replaceAll(/\n {10,}/g, " ");
}

function patternOf(lines: readonly string[]): RegExp {
  const parts = unwrapped(lines.join("\n"))
    .split("\n")
    .filter((line) => line !== "" || lines.length > 1)
    .map((line) => (line === "..." ? "(?:(?!\\[exit).*\\n)*?" : `${escapeText(line)}\\n`));
  return new RegExp(`^${parts.join("")}$`);
}

/** `...` in a line may be so long that it is wrapped. */
function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll("\\.\\.\\.", ".*(?:\\n {4,}.*)?");
}

/** Inline code that is a call of nono or begins with an option, as words up to the command that is started. */
function spansIn(name: string): readonly (readonly [string, readonly string[]])[] {
  const text = textOfGuide(name).replaceAll(/^```[\s\S]*?^```$/gm, "");
  // The first column there is what other programs say.
  const own = name.endsWith("from-other-sandboxes.md") ? text.replaceAll(/^\| [^|]* \|/gm, "") : text;
  const spans = [...own.matchAll(/`((?:nono |--[a-z])[^`]*)`/g)].map(([, span = ""]) => span);
  return spans.map((span) => [span, (span.split(" -- ")[0] ?? "").split(/[\s,]+/)]);
}

function allOptions(): readonly string[] {
  const commands = ENTRIES.flatMap((entry) => ("commands" in entry ? entry.commands : [entry]));
  const tables = commands.flatMap(({ sections }) => sections.map(({ options }) => options));
  return tables.flatMap((options) => Object.keys(options).map(flagOf));
}

function allCommands(): readonly string[] {
  return ENTRIES.flatMap((entry) =>
    "commands" in entry
      ? entry.commands.map(({ name }) => `nono ${entry.name} ${name}`)
      : `nono ${entry.name}`,
  );
}

function keysOfProfiles(): readonly (readonly [section: string, key: string])[] {
  const sections = Object.entries(profileSchema().properties ?? {}) as [string, { properties?: object }][];
  return sections.flatMap(([section, { properties }]) =>
    Object.keys(properties ?? {}).map((key) => [section, key] as const),
  );
}

/** Those to files of this repository. */
function linksIn(name: string): readonly Readonly<{ link: string; file: string; heading?: string }>[] {
  const links = textOfGuide(name).matchAll(/\]\(([^)#\s]*)(?:#([^)]*))?\)/g);
  return [...links]
    .filter(([, target = ""]) => !/^[a-z]+:/.test(target))
    .map(([link, target, heading]) => ({
      link,
      file: target ? path.join(path.dirname(name), target) : name,
      ...(heading !== undefined && { heading }),
    }));
}

/** As links name them. */
function headingsOf(file: string): readonly string[] {
  const headings = textOfGuide(file).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

async function makePlace(): Promise<World> {
  const world = await makeWorld({
    "home/.ssh/id_ed25519": "not a key\n",
    "home/.aws/credentials": "not a credential\n",
    "project/notes.txt": "a note\n",
    "programs/": "",
  });
  for (const name of STAND_INS) fs.symlinkSync("/usr/bin/true", world.at("programs", name));
  return world;
}

describe("the guides", () => {
  it.each(guides())("%s does what it says", async (name) => {
    await using world = await makePlace();
    const env = { ...world.env, PATH: `${path.dirname(NONO)}:${world.at("programs")}:${world.env.PATH}` };
    for (const { command, expected } of blocksOf(textOfGuide(name)).flatMap(stepsOf)) {
      const { stdout, stderr, code } = await outcomeOf("bash", ["-c", `exec 2>&1; ${command}`], {
        cwd: world.project,
        env,
      });
      const said = [stdout, stderr].join("");
      const exit = code === 0 ? [] : [`[exit ${code}]`];
      expect(`${unwrapped(said)}${exit.map((line) => `${line}\n`).join("")}`, `$ ${command}`).toMatch(
        patternOf(expected),
      );
    }
  });

  it.each(guides())("%s says of every block what it is", (name) => {
    expect(unmarkedIn(textOfGuide(name))).toEqual([]);
  });

  it("have few commands that nobody runs, and each is counted", () => {
    const counted = guides().map((name) => [
      name,
      blocksOf(textOfGuide(name)).filter(({ kind }) => kind === "sh elsewhere").length,
    ]);
    expect(Object.fromEntries(counted.filter(([, count]) => count !== 0))).toEqual(ELSEWHERE);
  });

  it("have the rest run where they say", () => {
    const ci = fs.readFileSync(path.join(REPOSITORY, ".ci/run"), "utf8");
    const [, ofReadme = ""] = /^## Two commands\n([\s\S]*?)^## /m.exec(textOfGuide("README.md")) ?? [];
    for (const name of guides())
      for (const block of blocksOf(textOfGuide(name)).filter(({ kind }) => kind === "sh checkout"))
        for (const command of commandsIn(block))
          expect(ofReadme + ci.replaceAll("run --silent", "run"), `${name}: ${command}`).toContain(command);
  });

  it("name no option and no key of a profile that there is not", () => {
    const known = new Set([...allOptions(), ...FOREIGN]);
    for (const name of guides().filter((guide) => !OF_SCRIPTS.includes(guide)))
      for (const [span, words] of spansIn(name)) {
        const own = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.replace(/[=/[].*$/, ""));
        for (const option of own) expect(known, `${name}: ${span}`).toContain(option);
      }
    const schema = JSON.stringify(profileSchema());
    for (const [, section = "", key = ""] of guides()
      .map(textOfGuide)
      .join("\n")
      .matchAll(/`(filesystem|network|environment|limits|commands|groups|rollback)\.([a-z_]+)/g))
      expect(schema, `${section}.${key}`).toContain(`"${key}":`);
  });

  it("leave no command, no option and no key of a profile without a word", () => {
    const words = guides().map(textOfGuide).join("\n");
    const options = [...new Set(allOptions())].filter(
      (option) => !new RegExp(`${option}(?![\\w-])`).test(words),
    );
    expect([allCommands().filter((command) => !words.includes(command)), options]).toEqual([[], []]);
    const keys = textOfGuide("docs/profiles.md");
    const isTold = ([section, key]: readonly [string, string]) =>
      keys.includes(`\`${section}.${key}\``) || keys.includes(`\`${key}\``);
    expect(keysOfProfiles().filter((key) => !isTold(key))).toEqual([]);
  });

  it("are found from the first of them", () => {
    const first = textOfGuide("docs/README.md");
    for (const name of guides().filter((guide) => guide.startsWith("docs/") && guide !== "docs/README.md"))
      expect(first).toContain(`(${path.relative("docs", name)})`);
  });

  it("lead to files that are there, and to headings in them", () => {
    for (const name of guides())
      for (const { link, file, heading } of linksIn(name)) {
        expect(fs.existsSync(path.join(REPOSITORY, file)), `${name}: ${link}`).toBe(true);
        if (heading !== undefined) expect(headingsOf(file), `${name}: ${link}`).toContain(heading);
      }
  });
});
