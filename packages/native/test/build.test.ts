import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTree } from "./support/tree.ts";

const MISSING = "nono: no C compiler: install one (Debian: apt install gcc libc6-dev) and run this again\n";
const scripts = new URL("../scripts/", import.meta.url);

/** Compiles one file as the build does. */
function compile(compiler: string, file: string) {
  const script = `const { compile, FLAGS } = await import("${new URL("compile.mjs", scripts).href}");
    compile([...FLAGS, "-static", "-o", "/dev/null", ${JSON.stringify(file)}]);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, CC: compiler },
  });
  return { status, stdout, stderr };
}

describe("the build", () => {
  it("says in one line that there is no compiler", () => {
    using tree = makeTree({ "main.c": "int main(void) { return 0; }\n" });
    expect(compile(tree.at("no-such-cc"), tree.at("main.c"))).toEqual({
      status: 1,
      stdout: "",
      stderr: MISSING,
    });
  });

  it("says the same where the compiler has no static libc", () => {
    const script =
      '#!/bin/sh\ncase "$*" in *-static*) echo "ld: cannot find -lc" >&2; exit 1; esac; exec cc "$@"\n';
    using tree = makeTree({ "main.c": "int main(void) { return 0; }\n", cc: script });
    chmodSync(tree.at("cc"), 0o755);
    expect(compile(tree.at("cc"), tree.at("main.c"))).toEqual({ status: 1, stdout: "", stderr: MISSING });
  });

  it("leaves the word to a compiler that refuses a source, a warning included", () => {
    using tree = makeTree({ "main.c": "int main(void) { int unused; return 0; }\n" });
    const { status, stderr } = compile("cc", tree.at("main.c"));
    expect(status).toBe(1);
    expect(stderr).toContain("unused");
    expect(stderr).not.toContain("nono:");
  });
});
