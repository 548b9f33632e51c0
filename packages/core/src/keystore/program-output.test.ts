import { describe, expect, it } from "vitest";
import { outputOf } from "./program-output.ts";

const sh = (script: string, environment: Readonly<Record<string, string>> = {}) => ({
  path: "/bin/sh",
  argv0: "sh",
  args: ["-c", script],
  environment: { PATH: "/usr/bin:/bin", ...environment },
});

const said = async (script: string) => Buffer.from(await outputOf(sh(script), "it")).toString();

describe("what a program prints", () => {
  it("is taken as it stands, without input, from the root directory, with the variables that were given", async () => {
    expect(await said("printf 'a\\nb\\n'; cat; pwd")).toBe("a\nb\n/\n");
    const output = await outputOf(sh('echo "$GIVEN$HOME"', { GIVEN: "g" }), "it");
    expect(Buffer.from(output).toString()).toBe("g\n");
  });

  it("is nothing when it fails, and what it complains of is told in one line that moves no terminal", async () => {
    const failed = said("echo secret; printf 'sign in\\033[2J\\nmore' >&2; exit 3");
    await expect(failed).rejects.toMatchObject({ code: "secret-unreadable" });
    await expect(failed).rejects.toThrow(/it failed with exit code 3: sign in[^\u001b\n]*$/);
    await expect(failed).rejects.not.toThrow("secret;");
    await expect(said("kill -TERM $$")).rejects.toThrow("SIGTERM ended it");
  });

  it("is refused when it does not end", async () => {
    for (const script of ["exec yes", "yes; exit"])
      await expect(said(script)).rejects.toThrow("it printed more than 1 MiB");
  });

  it("is not waited for longer than it takes patience, whoever holds its output open", async () => {
    for (const script of [
      "exec sleep 600",
      "sleep 600 & echo $! >&2",
      "trap '' TERM; sleep 600",
      "setsid sleep 5",
    ]) {
      const late = outputOf(sh(script), "it", 300);
      await expect(late).rejects.toThrow("it took longer than 0.3 seconds");
    }
  });
});
