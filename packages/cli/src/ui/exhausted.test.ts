import os from "node:os";
import { expect, it } from "vitest";
import { CliError } from "../error.ts";
import { exhaustionIn } from "./exhausted.ts";

const failure = (code: string) => Object.assign(new Error(code), { code });

it("tells what has run out, whatever was being opened and whoever says so", () => {
  const because = (cause: Error) =>
    new CliError({ code: "sessions-unwritable", path: "/state", reason: cause.message }, { cause });
  expect(exhaustionIn(because(failure("EMFILE")))).toMatch(/too many open files.*ulimit/);
  expect(exhaustionIn(Object.assign(new Error("native"), { errno: os.constants.errno.EMFILE }))).toMatch(
    /ulimit/,
  );
  expect(exhaustionIn(because(failure("ENFILE")))).toMatch(/on this machine/);
  expect(exhaustionIn(because(failure("EACCES")))).toBeUndefined();
  expect(exhaustionIn("text")).toBeUndefined();
});
