// Questions about calls with two paths: each path that nothing grants is asked about, and nothing moves before all are answered.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { compileC } from "../../core/test/support/supervised.ts";
import { hasTmux } from "../../core/test/support/tmux.ts";
import { isInstalled } from "./support/installed.ts";
import { listed, openSupervised, ready } from "./support/supervised.ts";
import { makeWorld, until, type World } from "./support/world.ts";

const itOnTerminal = itWhere(hasTmux, "tmux");

const FILES = {
  "outside/a": "a",
  "outside/b": "b",
  "elsewhere/": "",
  "project/own": "own",
  "home/.ssh/id": "secret",
};

/** Makes each call when a line is typed. */
function acting(world: World, ...acts: readonly string[]): readonly string[] {
  compileC("acts.c", world.at("project/acts"));
  return ["sh", "-c", `echo ready; ${acts.map((act) => `read line; ./acts ${act}`).join("; ")}; echo over`];
}

describe("on the program's terminal", () => {
  itOnTerminal("a move and an exchange are done after a yes, and a link is not after a no", async () => {
    await using world = await makeWorld(FILES);
    const [a, b, own, moved] = ["outside/a", "outside/b", "project/own", "project/moved"].map((one) =>
      world.at(one),
    ) as [string, string, string, string];
    const acts = [`link:${b}:${moved}`, `rename:${a}:${moved}`, `exchange:${own}:${b}`];
    await using tmux = openSupervised(world, [], acting(world, ...acts));
    await ready(tmux);
    tmux.press("Enter");
    const question = (await tmux.shows("may acts link this")).join("\n");
    expect(question).toContain(`path        ${b}`);
    expect(question).toContain(`to          ${moved}, with`);
    tmux.type("n");
    await tmux.shows("link=EACCES");
    expect(fs.existsSync(moved)).toBe(false);

    tmux.press("Enter");
    expect((await tmux.shows("may acts rename this")).join("\n")).toContain(`to          ${moved}, with`);
    tmux.type("y");
    await tmux.shows("rename=0");
    expect([fs.existsSync(a), fs.readFileSync(moved, "utf8")]).toEqual([false, "a"]);

    tmux.press("Enter");
    const exchange = (await tmux.shows(`with        ${own}`)).join("\n");
    expect(exchange).toContain(`path        ${b}`);
    tmux.type("y");
    await tmux.shows("exchange=0");
    expect([own, b].map((file) => fs.readFileSync(file, "utf8"))).toEqual(["b", "own"]);
    await tmux.shows(/^over$/m);
  });

  itOnTerminal("two paths outside are two questions, and one no is enough", async () => {
    await using world = await makeWorld(FILES);
    const [a, to] = [world.at("outside/a"), world.at("elsewhere/a")] as const;
    await using tmux = openSupervised(world, [], acting(world, `rename:${a}:${to}`, `rename:${a}:${to}`));
    await ready(tmux);
    tmux.press("Enter");
    await tmux.shows(`path        ${a}`);
    tmux.type("y");
    await tmux.shows(`path        ${to}`);
    expect(fs.existsSync(a)).toBe(true); // nothing happens by half of an answer
    tmux.type("n");
    await tmux.shows("rename=EACCES");
    expect([fs.existsSync(a), fs.existsSync(to)]).toEqual([true, false]);
    tmux.press("Enter");
    await tmux.shows(`path        ${a}`);
    tmux.type("y");
    await tmux.shows(`from        ${a}`);
    tmux.type("y");
    await tmux.shows("rename=0");
    expect([fs.existsSync(a), fs.readFileSync(to, "utf8")]).toEqual([false, "a"]);
  });
});

describe("by nono approvals", () => {
  it("moves, links and exchanges are listed with both paths, and done as they are answered", async () => {
    await using world = await makeWorld(FILES);
    const [a, b, own, linked] = ["outside/a", "outside/b", "project/own", "project/linked"].map((one) =>
      world.at(one),
    ) as [string, string, string, string];
    compileC("acts.c", world.at("project/acts"));
    const secret = `link:${world.at("home/.ssh/id")}:${world.at("project/id")}`;
    const acts = `./acts link:${a}:${linked} rename:${own}:${b} exchange:${own}:${b} ${secret}`;
    const script = `: > ready; until [ -e go ]; do sleep 0.01; done; ${acts}`;
    const run = world.nono("run", "--supervised", "--allow-cwd", "--", "sh", "-c", script);
    await until(() => fs.existsSync(world.at("project/ready")));
    await listed(world); // who looks may answer
    fs.writeFileSync(world.at("project/go"), "");
    const next = async () => {
      for (;;) {
        const [request] = await listed(world);
        if (request !== undefined) return request;
      }
    };
    const link = await next();
    expect(link).toMatchObject({ operation: "link", path: a, other: { relation: "to", path: linked } });
    expect((await world.nono("approvals", "list")).stdout).toContain(`to ${linked}`);
    expect(await world.nono("approvals", "allow", String(link.id))).toMatchObject({ code: 0 });
    const over = await next();
    expect(over).toMatchObject({ operation: "rename", path: b, other: { relation: "from", path: own } });
    expect(await world.nono("approvals", "deny", String(over.id))).toMatchObject({ code: 0 });
    const exchange = await next();
    expect(exchange).toMatchObject({ operation: "rename", path: b, other: { relation: "with", path: own } });
    expect(await world.nono("approvals", "allow", String(exchange.id))).toMatchObject({ code: 0 });
    // What is denied is never asked about, whatever it is to become.
    expect((await run).stdout).toBe("link=0\nrename=EACCES\nexchange=0\nlink=EACCES\n");
    expect([own, b, linked].map((file) => fs.readFileSync(file, "utf8"))).toEqual(["b", "own", "a"]);
    expect((await world.nono("audit", "show")).stdout).toContain(`rename ${b} with ${own}, by acts`);
  });

  itWhere(isInstalled("git"), "git")(
    "git config and git remote add work after a yes, which says what they let run",
    async () => {
      await using world = await makeWorld();
      await world.bare("git", "init", "-q", ".");
      const script = `: > ready; until [ -e go ]; do sleep 0.01; done
      git config core.editor evil; echo $?; git remote add other ../other && git config user.name ana; echo $?`;
      const options = ["--supervised", "--guard", "--allow-cwd"];
      const run = world.nono("run", ...options, "--", "sh", "-c", script);
      await until(() => fs.existsSync(world.at("project/ready")));
      await listed(world); // who looks may answer
      fs.writeFileSync(world.at("project/go"), "");
      for (const answer of [["deny"], ["allow", "--session"]]) {
        let [request] = await listed(world);
        while (request === undefined) [request] = await listed(world);
        expect(request).toMatchObject({
          operation: "rename",
          path: world.at("project/.git/config"),
          other: { relation: "from", path: world.at("project/.git/config.lock") },
          runsLater: expect.stringMatching(/git/),
        });
        expect(request).not.toHaveProperty("covers.directory");
        expect(await world.nono("approvals", ...answer, String(request.id))).toMatchObject({ code: 0 });
      }
      const { stdout } = await run;
      expect(stdout.split("\n").slice(0, 2)).toEqual([expect.stringMatching(/^[1-9]/), "0"]);
      const { stdout: config } = await world.bare("git", "config", "--list", "--local");
      expect(config).not.toContain("evil");
      expect(config).toContain("remote.other.url=../other");
      expect(config).toContain("user.name=ana");
    },
  );
});
