import { spawn as spawnUnconfined } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { confine, unconfined } from "./support/confine.ts";
import { itOnAbi } from "./support/requires.ts";

describe("processes outside", () => {
  itOnAbi(6)("cannot be signalled", async () => {
    const victim = spawnUnconfined("sleep", ["60"]);
    const gone = once(victim, "exit");
    const attack = ["-c", `kill -9 ${victim.pid}`];
    expect(await confine({}).run("sh", ...attack)).toMatchObject({ code: 1 });
    expect(victim.exitCode).toBeNull();
    expect(await confine({ set: (set) => set.scopeProcesses("any") }).run("sh", ...attack)).toMatchObject({
      code: 0,
    }); // control
    await gone;
  });

  it("keep their limits: one of no processor time would kill them", async () => {
    const victim = spawnUnconfined("sleep", ["60"]);
    const limits = () => readFileSync(`/proc/${victim.pid}/limits`, "utf8");
    const attack = ["--pid", String(victim.pid), "--cpu=7:7"];
    expect(await confine({}).run("prlimit", ...attack)).toMatchObject({ code: 1 });
    expect(limits()).toMatch(/^Max cpu time +unlimited/m);
    expect(await confine({}).run("prlimit", "--cpu=7:7", "true")).toMatchObject({ code: 0 }); // its own

    expect(await unconfined("prlimit", ...attack)).toMatchObject({ code: 0 }); // control
    expect(limits()).toMatch(/^Max cpu time +7 /m);
    victim.kill();
    await once(victim, "exit");
  });

  it("cannot be read in /proc", async () => {
    const victim = spawnUnconfined("sleep", ["60"], { env: { SECRET_OF_OTHERS: "s" } });
    for (const file of ["environ", "maps", "root/etc/passwd"])
      expect(await confine({}).run("cat", `/proc/${victim.pid}/${file}`), file).toMatchObject({
        code: 1,
        stdout: "",
      });
    for (const directory of ["root/", "cwd/"])
      expect(await confine({}).run("ls", `/proc/${victim.pid}/${directory}`), directory).toMatchObject({
        stdout: "",
      });
    expect((await unconfined("cat", `/proc/${victim.pid}/environ`)).stdout).toContain("SECRET_OF_OTHERS"); // control
    victim.kill();
    await once(victim, "exit");
  });

  it("can be signalled and traced inside", async () => {
    const script =
      "sleep 60 & kill $!; wait $!; test $? -gt 128 && cat /proc/$$/environ >/dev/null && echo fine";
    expect(await confine({}).run("sh", "-c", script)).toMatchObject({ stdout: "fine\n" });
  });
});
