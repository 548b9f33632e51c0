import { expect, it } from "vitest";
import { configValues, referencesOf } from "./git-config.ts";

it("finds where hooks lie and which files are included, as git would", () => {
  const text = [
    "[core]",
    "\tbare = false",
    "\thooksPath = first",
    '[CORE]\n  HooksPath = "tools/my hooks" # a comment',
    "[include] path = ../.gitconfig",
    '[includeIf "gitdir:~/work/"]',
    '\tpath = "a;b\\"c" ; another',
    "[alias]\n\tpath = no",
    '[remote "include"]\n\tpath = no',
  ].join("\n");
  expect(referencesOf(text)).toEqual({ hooksPath: "tools/my hooks", includes: ["../.gitconfig", 'a;b"c'] });
});

it("does not go on after a backslash in a comment, where git does not either", () => {
  const text = "# what \\\n[core] ; and \\\nhooksPath = evil # too \\\n[include]\npath = more";
  expect(referencesOf(text)).toEqual({ hooksPath: "evil", includes: ["more"] });
});

it("goes on after a backslash at the end of a line", () => {
  expect(referencesOf("[core]\nhooksPath = one/\\\ntwo\n").hooksPath).toBe("one/two");
});

it("takes white space as git does: before a name in quotes, and at the end of a value before what is empty", () => {
  const text =
    '[core]\n[include\r"x"]\npath = one \n[core]\nhooksPath = dir \\\n\n[include]\npath = two\\t\npath = three ""';
  expect(referencesOf(text)).toEqual({ hooksPath: "dir ", includes: ["two\t", "three "] });
  expect(configValues('[core]\n[filter \r"x"]\nclean = evil')).toEqual([
    { key: "filter.x.clean", value: "evil" },
  ]);
});

it("finds nothing in what is none", () => {
  expect(referencesOf("hooksPath = x\n[core\nhooksPath\n= y\n")).toEqual({
    hooksPath: undefined,
    includes: [],
  });
});

// Whoever writes one has it read, with everybody waiting.
it.each(["a", ".", " ", "\t"])(
  "a configuration of one line of %j takes no longer than others",
  (character) => {
    const text = `[a${character.repeat(300_000)}!`;
    const begun = performance.now();
    referencesOf(text);
    expect(performance.now() - begun).toBeLessThan(30_000);
  },
);
