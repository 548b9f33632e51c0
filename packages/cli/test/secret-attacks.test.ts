// What gets around secrets would do: other processes, core files, stores, agents, and whatever is left on the disk.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itAsUser, itWhere } from "../../core/test/support/requires.ts";
import { makeTree } from "../../core/test/support/tree.ts";
import { makeWorld, NONO, outcomeOf, until, type World } from "./support/world.ts";

const PYTHON = "/usr/bin/python3";
const VALUE = "xyzzy-0123456789-plugh";
const INTO = ["--secret-env", "env://MINE=OPENAI_API_KEY"];

const childrenOf = (pid: number) =>
  fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** A command that has the secret and waits; the processes from nono down to it. */
async function withVictim<T>(
  world: World,
  use: (processes: readonly number[], nono: ChildProcess) => Promise<T>,
  limits = "true",
): Promise<T> {
  const words = ["-c", `${limits}; exec "$@"`, "sh", NONO, "run", "-s", ...INTO, "--", "sleep", "600"];
  const env = { ...world.env, MINE: VALUE };
  const nono = spawn("sh", words, { cwd: world.project, env, stdio: "ignore" });
  const chain = () => {
    const pids = [nono.pid as number];
    for (let last = pids[0]; last !== undefined; last = childrenOf(last)[0], last && pids.push(last));
    return pids;
  };
  const isThere = () => {
    const last = chain().at(-1);
    return fs.readFileSync(`/proc/${last}/comm`, "utf8") === "sleep\n";
  };
  try {
    await until(() => quietly(isThere) === true);
    return await use(chain(), nono);
  } finally {
    const gone = new Promise((resolve) => nono.once("close", resolve));
    if (nono.exitCode === null && nono.signalCode === null) {
      nono.kill("SIGTERM");
      await gone;
    }
  }
}

function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

describe("another process", () => {
  // The value is in a file: an argument of the one that looks would be found as well.
  const SCAN = `for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do
    grep -qsF -f value "$file" && echo "found $file"; done; echo over`;

  it("in another sandbox finds the value in the variables and arguments of none", async () => {
    await using world = await makeWorld({ "project/value": VALUE, "project/scan": SCAN });
    await withVictim(world, async (processes) => {
      const inside = await world.nono("run", "-s", "--allow-cwd", "--", "sh", "./scan");
      expect(inside.stdout).toBe("over\n");
      const bare = await world.bare("sh", "./scan"); // the control
      expect(bare.stdout).toContain(`found /proc/${processes.at(-1)}/environ\n`);
      expect(bare.stdout).not.toContain("cmdline");
    });
  });

  itAsUser("of the same user looks into none of nono's own, though it needs no sandbox", async () => {
    await using world = await makeWorld();
    await withVictim(world, async (processes) => {
      const own = processes.slice(0, -1);
      expect(own.length).toBeGreaterThanOrEqual(2);
      const read = (pid: number) =>
        ["environ", "mem", "maps"].map((name) =>
          quietly(() => fs.readFileSync(`/proc/${pid}/${name}`).length),
        );
      for (const pid of own) expect(read(pid)).toEqual([undefined, undefined, undefined]);
      expect(fs.readFileSync(`/proc/${processes.at(-1)}/environ`, "utf8")).toContain(VALUE); // the control
    });
  });
});

describe("a core file", async () => {
  /** Whether this place keeps core files in the working directory, as the control shows. */
  const keepsCores = await (async () => {
    await using tree = await makeTree();
    spawnSync("sh", ["-c", "ulimit -c unlimited; kill -ABRT $$"], { cwd: tree.root, env: { MINE: VALUE } });
    return fs.readdirSync(tree.root).some((name) => fs.readFileSync(tree.at(name)).includes(VALUE));
  })();

  itWhere(keepsCores, "a kernel that leaves core files where a program was started")(
    "is not left by the supervisor",
    async () => {
      await using world = await makeWorld();
      const abort = async (_: unknown, nono: ChildProcess) => {
        const gone = new Promise((resolve) => nono.once("close", resolve));
        nono.kill("SIGABRT");
        await gone;
      };
      await withVictim(world, abort, "ulimit -c unlimited");
      expect(fs.readdirSync(world.project)).toEqual([]);
    },
  );
});

describe("from inside", () => {
  const STORES = [
    ".local/share/keyrings/login.keyring",
    ".local/share/kwalletd/kdewallet.kwl",
    ".local/state/nono/secrets",
    ".password-store/key.gpg",
    ".gnupg/private-keys-v1.d/key",
    ".config/op/config",
    ".config/Bitwarden CLI/data.json",
  ];

  it("no store of secrets opens, nor can one be granted by its path", async () => {
    const files = Object.fromEntries(STORES.map((file) => [`home/${file}`, VALUE]));
    await using world = await makeWorld({ ...files, "home/.local/share/other": VALUE });
    const around = world.at("home/.local/share");
    const look = ["-rlsF", VALUE, world.home];
    const bare = await world.bare("grep", ...look); // the control
    expect(bare.stdout.trim().split("\n")).toHaveLength(STORES.length + 1);
    const inside = await world.nono("run", "-s", "--read", around, "--", "grep", ...look, around);
    expect(inside.stdout).toBe(`${world.at("home/.local/share/other")}\n`);

    const granted = await Promise.all(
      STORES.map((file) => world.nono("run", "--read-file", world.at("home", file), "--", "true")),
    );
    expect(granted.map(({ code }) => code)).toEqual(STORES.map(() => 1));
  });

  // Names of sockets are short: they are bound and called from where they lie.
  const SOCKETS = ["bus", "keyring/control", "gnupg/S.gpg-agent", "ssh-agent", "1password-agent.sock"];
  const listen = `
import os, socket, sys
base, kept = os.getcwd(), []
for name in sys.argv[1:]:
    directory, name = os.path.split(name)
    os.makedirs(os.path.join(base, directory), exist_ok=True)
    os.chdir(os.path.join(base, directory))
    kept.append(socket.socket(socket.AF_UNIX))
    kept[-1].bind(name)
    kept[-1].listen(8)
print("ready", flush=True)
sys.stdin.read()`;
  const call = `
import os, socket, sys
base = os.environ["PLACE"]
for name in sys.argv[1:]:
    try:
        os.chdir(os.path.join(base, os.path.dirname(name)))
        socket.socket(socket.AF_UNIX).connect(os.path.basename(name))
        print("reached", name)
    except OSError:
        print("refused", name)`;

  itWhere(fs.existsSync(PYTHON), "python3")(
    "no agent with keys answers, though its directory is granted",
    async () => {
      await using world = await makeWorld({ "run/": "", "project/call.py": call });
      fs.chmodSync(world.at("run"), 0o700);
      const agents = spawn(PYTHON, ["-c", listen, ...SOCKETS], { cwd: world.at("run") });
      try {
        await new Promise((resolve) => agents.stdout.once("data", resolve));
        const words = [PYTHON, "./call.py", ...SOCKETS];
        const env = { PLACE: world.at("run"), SSH_AUTH_SOCK: world.at("run/ssh-agent") };
        const inside = await world.nonoWith(
          { env },
          "run",
          "-s",
          "--allow-cwd",
          "--allow",
          world.at("run"),
          "--",
          ...words,
        );
        expect(inside.stdout).toBe(SOCKETS.map((name) => `refused ${name}\n`).join(""));
        const bare = await outcomeOf(PYTHON, words.slice(1), {
          cwd: world.project,
          env: { ...world.env, ...env },
        });
        expect(bare.stdout).toBe(SOCKETS.map((name) => `reached ${name}\n`).join("")); // the control
      } finally {
        agents.kill("SIGKILL");
      }
    },
  );
});

describe("what is left of a session", () => {
  /** Files below a directory that hold the value. */
  const leaks = async (world: World, directory: string) =>
    (await world.bare("grep", "-rlF", VALUE, world.at(directory))).stdout;

  it("does not hold the value, though the command puts it where it is noted down", async () => {
    await using world = await makeWorld({ "outside/": "" });
    const script = `
      cat "${world.at("outside")}/$OPENAI_API_KEY"
      mkdir "${world.at("outside")}/$OPENAI_API_KEY"
      env rm "$OPENAI_API_KEY"
      sh -c 'mkdir "$0/x"' "${world.at("outside")}/$OPENAI_API_KEY"`;
    const { stderr } = await world.nonoWith(
      { env: { MINE: VALUE } },
      ...["run", "--rollback", "--allow-cwd", ...INTO, "--diagnostics-json", world.at("report.json")],
      ...["--", "sh", "-c", script],
    );
    const report = fs.readFileSync(world.at("report.json"), "utf8");
    expect(report).toContain(`${world.at("outside")}/[redacted]`);
    expect(stderr.slice(stderr.indexOf("nono: refused"))).not.toContain(VALUE);
    for (const directory of ["home", "tmp", "report.json"]) expect(await leaks(world, directory)).toBe("");

    const [{ session_id: id }] = JSON.parse((await world.nono("audit", "list", "--json")).stdout);
    const record = (await world.nono("audit", "show", id, "--json")).stdout;
    expect(record).toContain(`${world.at("outside")}/[redacted]`); // the control: it was noted down
    expect(record).toContain('"OPENAI_API_KEY"');
    fs.writeFileSync(world.at("tmp/control"), VALUE);
    expect(await leaks(world, "tmp")).toBe(`${world.at("tmp/control")}\n`);
  });
});
