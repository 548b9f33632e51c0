// Brings the agents and the Node.js that one of them needs from npm into a cache outside the repository.

import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import versions from "./versions.json" with { type: "json" };

type Program = Readonly<{
  /** The file to start, all links resolved. */
  file: string;
  /** What it is installed in; its further files lie below. */
  directory: string;
}>;

export type Installed = Readonly<Record<"claude" | "opencode" | "openclaw" | "codex" | "node24", Program>>;

/**
 * Installs what is missing; what is there is not touched, so a second call needs no network.
 *
 * @param cache made where missing; has to be readable for the user that the agents run as
 * @throws Error with npm's own words where a package cannot be installed
 */
export function installAgents(cache: string): Installed {
  const nodePackage = `node-linux-${process.arch}`;
  const node24 = install(cache, nodePackage, versions["node-linux"], `${nodePackage}/bin/node`);
  const bin = (name: string) => `.bin/${name}`;
  return {
    node24,
    claude: install(cache, "@anthropic-ai/claude-code", versions["@anthropic-ai/claude-code"], bin("claude")),
    opencode: install(cache, "opencode-ai", versions["opencode-ai"], bin("opencode")),
    codex: install(cache, "@openai/codex", versions["@openai/codex"], bin("codex")),
    // Its install script refuses an older Node.js than it runs on.
    openclaw: install(cache, "openclaw", versions.openclaw, bin("openclaw"), join(node24.file, "..")),
  };
}

/** `NONO_TEST_AGENTS_CACHE`, else a directory of root's that others can read, else one in the user's own cache. */
export function defaultCache(env: NodeJS.ProcessEnv): string {
  if (env.NONO_TEST_AGENTS_CACHE) return env.NONO_TEST_AGENTS_CACHE;
  if (process.getuid?.() === 0) return "/var/cache/nono-test-agents";
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nono-test-agents");
}

function install(cache: string, name: string, version: string, program: string, path?: string): Program {
  const directory = join(cache, `${name.replace(/^.*\//, "")}-${version}`);
  const file = join(directory, "node_modules", program);
  if (!existsSync(directory)) {
    const unfinished = `${directory}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, "package.json"), '{ "private": true }\n');
    const npm = spawnSync(
      "npm",
      ["install", "--no-audit", "--no-fund", "--loglevel=error", "--save-exact", `${name}@${version}`],
      {
        cwd: unfinished,
        encoding: "utf8",
        env: path === undefined ? process.env : { ...process.env, PATH: path + delimiter + process.env.PATH },
      },
    );
    if (npm.status !== 0) {
      rmSync(unfinished, { recursive: true, force: true });
      throw new Error(`npm install ${name}@${version} failed: ${npm.error?.message ?? npm.stderr.trim()}`);
    }
    renameSync(unfinished, directory);
  }
  accessSync(file, constants.X_OK);
  return { file: realpathSync(file), directory: join(directory, "node_modules") };
}
