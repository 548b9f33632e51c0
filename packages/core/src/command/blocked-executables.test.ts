import { describe, expect, it } from "vitest";
import { at, memoryFiles, type Tree } from "../../test/support/memory-files.ts";
import { blockedExecutables, namesToLookFor } from "./blocked-executables.ts";
import { executablesOf } from "./executables-in.ts";

function find(tree: Tree, blocked: readonly string[], allowed: readonly string[] = []) {
  const view = memoryFiles(tree);
  const realPath = (file: string): ReturnType<typeof at> | undefined => {
    const target = view.linkTarget(at(file));
    if (target !== undefined) return realPath(target);
    return view.kindOf(at(file)) === "missing" ? undefined : at(file);
  };
  const rules = (names: readonly string[]) => names.map((name) => ({ name, source: "test" }));
  const commands = { allowed: rules(allowed), blocked: rules(blocked) };
  const executables = executablesOf(view, [at("/bin"), at("/opt")], namesToLookFor(commands));
  return blockedExecutables(commands, { view, executables, realPath });
}

describe("blockedExecutables", () => {
  it("finds a command in every directory", () => {
    const { executables } = find({ "/bin/rm": "file", "/opt/rm": "file", "/bin/ls": "file" }, ["rm"]);
    expect(executables.map((one) => one.path)).toEqual(["/bin/rm", "/opt/rm"]);
  });

  it("takes an absolute path as one file", () => {
    expect(find({ "/bin/rm": "file", "/opt/rm": "file" }, ["/opt/rm"]).executables).toEqual([
      { command: "/opt/rm", path: "/opt/rm" },
    ]);
  });

  it("leaves out what is allowed again", () => {
    expect(find({ "/bin/rm": "file", "/bin/dd": "file" }, ["rm", "dd"], ["rm"]).executables).toEqual([
      { command: "dd", path: "/bin/dd" },
    ]);
  });

  it("does not take ls away where rm and ls are one executable, and says so", () => {
    const busybox: Tree = {
      "/bin/busybox": "file",
      "/bin/rm": "-> /bin/busybox",
      "/bin/ls": "-> /bin/busybox",
    };
    const { executables, unblockable } = find(busybox, ["rm"]);
    expect(executables).toEqual([]);
    expect(unblockable).toEqual([
      { command: "rm", path: "/bin/busybox", why: "its executable is also the command busybox" },
    ]);
  });

  it("says the same of hard links", () => {
    const { executables, unblockable } = find({ "/bin/rm": 7, "/bin/ls": 7 }, ["rm"]);
    expect(executables).toEqual([]);
    expect(unblockable[0]?.why).toBe("its executable is also the command ls");
  });

  it("blocks a shared executable when each of its names is blocked", () => {
    const tree: Tree = { "/bin/systemctl": "file", "/bin/reboot": "-> /bin/systemctl" };
    expect(find(tree, ["reboot", "systemctl"]).executables.map((one) => one.path)).toEqual([
      "/bin/systemctl",
    ]);
    expect(find(tree, ["reboot"]).executables).toEqual([]);
  });
});
