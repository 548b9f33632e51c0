// The documentation as data: which blocks it has, and what each is for.
//
// The first word behind the fence is the language, the second says who runs it:
//
//   console            the tests of the guides; what follows a command is what it says
//   sh                 the tests of the guides; every command succeeds
//   sh checkout        .ci/run, in a fresh checkout
//   sh release         the proof of a release, as it is installed
//   sh elsewhere       nobody: it needs another machine, or rights that no test should have
//   ts, json, jsonc, text
//                      not commands

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));

const KINDS = [
  ...["console", "sh", "sh checkout", "sh release", "sh elsewhere", "ts", "json", "jsonc", "text"],
] as const;

export type Block = Readonly<{ kind: string; line: number; text: string }>;

/** All that people read, by its path in the repository. */
export function guides(): readonly string[] {
  const below = (directory: string) =>
    fs
      .readdirSync(path.join(REPOSITORY, directory), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => path.join(directory, name));
  return ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...below("docs").sort()];
}

export function textOfGuide(name: string): string {
  return fs.readFileSync(path.join(REPOSITORY, name), "utf8");
}

export function blocksOf(text: string): readonly Block[] {
  const blocks: { kind: string; line: number; text: string }[] = [];
  let open: { kind: string; line: number; text: string } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (open === undefined) {
      if (line.startsWith("```")) open = { kind: line.slice(3).trim(), line: index + 1, text: "" };
    } else if (line === "```") {
      blocks.push(open);
      open = undefined;
    } else open.text += `${line}\n`;
  }
  return blocks;
}

/** What keeps commands from being noticed: blocks that say nothing of themselves, and blocks without a fence. */
export function unmarkedIn(text: string): readonly string[] {
  const unknown = blocksOf(text)
    .filter(({ kind }) => !(KINDS as readonly string[]).includes(kind))
    .map(({ kind, line }) => `line ${line}: \`\`\`${kind}`);
  const outside = text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/.*/g, ""));
  const indented = outside.split("\n").flatMap((line, index, lines) => {
    const isCode = /^ {4}\S/.test(line) && lines[index - 1] === "";
    return isCode ? [`line ${index + 1}: ${line}`] : [];
  });
  return [...unknown, ...indented];
}

/** The commands of a block, without comments. A line that ends in a backslash goes on. */
export function commandsIn({ text }: Block): readonly string[] {
  const lines = text.replaceAll("\\\n", "").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}
