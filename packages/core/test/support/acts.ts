// acts.c, a program that does what it is told, for the tests of one file.

import { afterAll, beforeAll } from "vitest";
import { compileC } from "./supervised.ts";
import { makeTree, type TestTree } from "./tree.ts";

/** `directory`: where the program lies. */
export type Acts = Readonly<{ program: string; directory: string }>;

/** Compiled before the first test, and removed after the last: for the top of a file. */
export function useActs(): Acts {
  let tree: TestTree;
  let program: string;
  beforeAll(async () => {
    tree = await makeTree();
    program = compileC("acts.c", tree.at("acts"));
  });
  afterAll(() => tree[Symbol.asyncDispose]());
  return {
    get program() {
      return program;
    },
    get directory() {
      return tree.root;
    },
  };
}

/** One for each act, and what came of it. */
export function linesOf(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
