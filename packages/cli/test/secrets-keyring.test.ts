// Secrets in a real Secret Service, on a session bus of its own.

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { IN_MEMORY, makeTree } from "../../core/test/support/tree.ts";
import { isInstalled } from "./support/installed.ts";
import { makeWorld, NONO, outcomeOf, type World } from "./support/world.ts";

const VALUE = "xyzzy-0123456789-plugh";
const PYTHON = "/usr/bin/python3";
const UNLOCK = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";

const itWithKeyring = itWhere(
  ["gnome-keyring-daemon", "dbus-run-session", PYTHON.slice("/usr/bin/".length)].every(isInstalled),
  "gnome-keyring and dbus-run-session with python3",
);

type Bus = World & Readonly<{ runtime: string }>;

/** Names of sockets are short, whatever TMPDIR is. */
async function makeWorldWithBus(): Promise<Bus> {
  const [world, { root: runtime, ...tree }] = await Promise.all([makeWorld(), makeTree({}, IN_MEMORY)]);
  fs.chmodSync(runtime, 0o700);
  const dispose = async () => {
    await world[Symbol.asyncDispose]();
    await tree[Symbol.asyncDispose]();
  };
  return { ...world, runtime, [Symbol.asyncDispose]: dispose };
}

/** Runs a script of the shell on a new session bus, with `nono` in it. */
function onBus(world: Bus, script: string) {
  return outcomeOf("dbus-run-session", ["--", "sh", "-c", `nono() { ${NONO} "$@"; }\n${script}`], {
    cwd: world.project,
    env: { ...world.env, XDG_RUNTIME_DIR: world.runtime },
  });
}

describe("a secret in the system's keystore", () => {
  itWithKeyring("reaches the command, and the keystore stays out of its reach", async () => {
    await using world = await makeWorldWithBus();
    const inside = `
      echo "[$OPENAI_API_KEY]"
      cat ${world.at("home/.local/share/keyrings/login.keyring")} && echo READ
      ${PYTHON} - <<'EOF'
import os, socket
for path in ("${world.runtime}/keyring/control", os.environ["BUS"].split("path=")[1].split(",")[0]):
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        print("CONNECTED", path)
    except OSError as error:
        print("refused")
EOF`;
    fs.writeFileSync(world.at("inside.sh"), inside);
    const { stdout } = await onBus(
      world,
      `${UNLOCK}
      printf '${VALUE}' | nono secret set openai_api_key || exit 9
      nono secret list
      export BUS=$DBUS_SESSION_BUS_ADDRESS
      nono run -s --secrets openai_api_key --read-file ${world.at("inside.sh")} -- sh ${world.at("inside.sh")}
      sh ${world.at("inside.sh")} | sed 's/^/bare /'
      nono secret rm openai_api_key && nono secret list`,
    );
    expect(stdout).toContain(`openai_api_key\n[${VALUE}]\nrefused\nrefused\n`);
    // the control: without a sandbox both sockets answer
    expect(stdout.match(/^bare CONNECTED/gm)).toHaveLength(2);
  });

  itWithKeyring("is chosen among several, and those of other programs by keyring://", async () => {
    await using world = await makeWorldWithBus();
    const { stdout, stderr } = await onBus(
      world,
      `${UNLOCK}
      for name in openai_api_key github_token; do printf "value of $name" | nono secret set $name; done
      printf "replaced" | nono secret set github_token
      nono run -s --secrets openai_api_key,github_token -- sh -c 'echo "[$OPENAI_API_KEY] [$GITHUB_TOKEN]"'
      nono run -s --env-credential openai_api_key --secret-env github_token=GH_TOKEN -- \\
        sh -c 'echo "[$OPENAI_API_KEY] [$GH_TOKEN] [$GITHUB_TOKEN]"'
      printf 'of another program\\n\\n' | nono secret set plain
      nono run -s --secret-env keyring://nono/plain=KEY -- sh -c 'echo "[$KEY]"'
      nono run --secrets github_token,nope -- echo started; echo "exit $?"`,
    );
    expect(stdout).toBe(
      "[value of openai_api_key] [replaced]\n[value of openai_api_key] [replaced] []\n" +
        "[of another program]\nexit 1\n",
    );
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      "there is no secret nope in the system's keystore: nono secret set nope stores it",
    );
  });

  itWithKeyring("is out of reach while it is locked, which is what is said", async () => {
    await using world = await makeWorldWithBus();
    const stored = await onBus(world, `${UNLOCK}; printf x | nono secret set key`);
    expect(stored.code).toBe(0);
    // A bus without a desktop: nobody can be asked for the password, and the keyring stays locked.
    const script = "for command in list 'get key'; do nono secret $command; echo $?; done";
    const { stdout, stderr } = await onBus(world, script);
    expect(stdout).toBe("1\n1\n");
    const said = stderr.split("\n").filter((line) => line.startsWith("nono: "));
    const locked = "nono: the system's keystore does not open: it is locked";
    expect(said).toEqual([expect.stringContaining(locked), expect.stringContaining(locked)]);
    expect(stderr).not.toContain("--secret-store");
  });

  it("is missed where no keystore runs, with what there is instead", async () => {
    await using world = await makeWorld();
    for (const address of [undefined, `unix:path=/nonexistent/bus`]) {
      const env: Record<string, string> = address === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: address };
      for (const args of [
        ["secret", "list"],
        ["run", "--secrets", "key", "--", "echo", "started"],
      ]) {
        const { code, stdout, stderr } = await world.nonoWith({ env }, ...args);
        expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
        expect(stderr).toContain("no Secret Service answers");
        expect(stderr).toContain("--secret-store file");
      }
    }
  });
});
