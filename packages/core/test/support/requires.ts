// What a test needs of the kernel or the user. Where it is missing the test is skipped by name, and counted; where
// NONO_TEST_ABI promises the Landlock ABI, as it does in CI, the test fails instead.

import { createRequire } from "node:module";
import { it } from "vitest";
import type { Addon } from "../../src/native/addon.ts";

/** How `it` is called by these: a title and a body. */
export type Test = (title: string, body: () => void | Promise<void>, timeout?: number) => void;

const addon: Addon = createRequire(import.meta.url)("../../../native/dist/nono.node");

/** The highest Landlock ABI of the running kernel; 0 without Landlock. */
const kernelAbi: number = addon.landlock().abi;

const promisedAbi = Number(process.env.NONO_TEST_ABI ?? 0);
const isRoot = process.getuid?.() === 0;

/** A test of something that Landlock has from `abi` on. */
export function itOnAbi(abi: number): Test {
  const lack = `Landlock ABI ${abi} is needed, this kernel has ${kernelAbi}`;
  if (kernelAbi >= abi) return run;
  return promisedAbi >= abi ? failBecause(`${lack}, and NONO_TEST_ABI=${promisedAbi}`) : skipBecause(lack);
}

/** A test of something that only root can do, or that is dangerous only for root. */
export const itAsRoot: Test = isRoot ? run : skipBecause("root is needed");

/** A test that means nothing as root, whom the rights of files do not stop. */
export const itAsUser: Test = isRoot ? skipBecause("an ordinary user is needed") : run;

/** A test of something that not every machine has; `need` says what, for the list of skipped tests. */
export function itWhere(present: boolean, need: string): Test {
  return present ? run : skipBecause(`${need} is needed`);
}

function run(title: string, body: () => void | Promise<void>, timeout?: number): void {
  it(title, body, timeout);
}

function skipBecause(lack: string): Test {
  return (title, body) => it.skipIf(true)(`${title} (${lack})`, body);
}

function failBecause(lack: string): Test {
  return (title) =>
    it(title, () => {
      throw new Error(lack);
    });
}
