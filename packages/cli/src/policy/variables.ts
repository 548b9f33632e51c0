// Variables in the paths and values of groups and profiles. What a program keeps in its home is named by the variable
// that moves it, with the place where it is when the variable is not set.

import { resolvePath } from "nono-ts/internal";
import { PolicyError } from "./error.ts";

/** `undefined`: known, and without a value here. */
export type Variables = Readonly<Record<VariableName, string | undefined>>;

type Definition = Readonly<{
  /** Value without one in the environment; may use variables that stand above it. */
  default?: string;
  /** Not taken from the environment: nono sets it. */
  own?: true;
  why: string;
}>;

/** In the order in which defaults may use each other. */
const DEFINITIONS = {
  HOME: { own: true, why: "the home directory; `~` at the start of a path is the same" },
  WORKDIR: { own: true, why: "the working directory of the command" },
  TMPDIR: { own: true, why: "the temporary directory of the session" },
  UID: { own: true, why: "the number of the user" },
  TTY: { own: true, why: "the terminal that nono was started on, if any" },
  XDG_CONFIG_HOME: { default: "$HOME/.config", why: "XDG base directories" },
  XDG_DATA_HOME: { default: "$HOME/.local/share", why: "XDG base directories" },
  XDG_STATE_HOME: { default: "$HOME/.local/state", why: "XDG base directories" },
  XDG_CACHE_HOME: { default: "$HOME/.cache", why: "XDG base directories" },
  XDG_RUNTIME_DIR: { why: "XDG base directories; without a default there, and so here" },
  AZURE_CONFIG_DIR: { default: "$HOME/.azure", why: "az" },
  BUN_INSTALL: { default: "$HOME/.bun", why: "Bun" },
  CARGO_HOME: { default: "$HOME/.cargo", why: "cargo" },
  CLAUDE_CONFIG_DIR: { default: "$HOME/.claude", why: "Claude Code" },
  CLOUDSDK_CONFIG: { default: "$XDG_CONFIG_HOME/gcloud", why: "gcloud" },
  CODEX_HOME: { default: "$HOME/.codex", why: "Codex" },
  DOCKER_CONFIG: { default: "$HOME/.docker", why: "docker" },
  GH_CONFIG_DIR: { default: "$XDG_CONFIG_HOME/gh", why: "gh" },
  GNUPGHOME: { default: "$HOME/.gnupg", why: "GnuPG" },
  GOCACHE: { default: "$XDG_CACHE_HOME/go-build", why: "go" },
  GOPATH: { default: "$HOME/go", why: "go; the first of a list" },
  GOMODCACHE: { default: "$GOPATH/pkg/mod", why: "go" },
  GRADLE_USER_HOME: { default: "$HOME/.gradle", why: "Gradle" },
  NVM_DIR: { default: "$HOME/.nvm", why: "nvm" },
  OPENCLAW_STATE_DIR: { default: "$HOME/.openclaw", why: "OpenClaw" },
  PASSWORD_STORE_DIR: { default: "$HOME/.password-store", why: "pass" },
  PNPM_HOME: { default: "$XDG_DATA_HOME/pnpm", why: "pnpm" },
  PYENV_ROOT: { default: "$HOME/.pyenv", why: "pyenv" },
  RUSTUP_HOME: { default: "$HOME/.rustup", why: "rustup" },
} as const satisfies Record<string, Definition>;

export type VariableName = keyof typeof DEFINITIONS;

export const VARIABLE_NAMES = Object.keys(DEFINITIONS) as readonly VariableName[];

/** What only the process around us knows. Paths are absolute. */
export type Surroundings = Readonly<{
  home: string;
  workdir: string;
  tmpdir: string;
  uid: number;
  terminal: string | undefined;
  /** The caller's environment. A relative or empty path in it counts as not set (XDG Base Directory Specification). */
  env: Readonly<Record<string, string | undefined>>;
}>;

/** The value of every variable. @throws PolicyError `home-unknown` */
export function variablesOf(surroundings: Surroundings): Variables {
  const { home, workdir, tmpdir, uid, terminal, env } = surroundings;
  if (!home.startsWith("/"))
    throw new PolicyError({ code: "home-unknown", reason: "HOME is not an absolute path" });
  const own: Record<string, string | undefined> = {
    HOME: resolvePath(home),
    WORKDIR: workdir,
    TMPDIR: tmpdir,
    UID: String(uid),
    TTY: terminal,
  };
  const values: Record<string, string | undefined> = {};
  for (const [name, definition] of Object.entries<Definition>(DEFINITIONS)) {
    values[name] = definition.own ? own[name] : (absolute(name, env[name]) ?? defaultOf(definition, values));
  }
  return values as Variables;
}

function absolute(name: string, value: string | undefined): string | undefined {
  const first = name === "GOPATH" ? value?.split(":")[0] : value;
  return first?.startsWith("/") ? resolvePath(first) : undefined;
}

function defaultOf(
  definition: Definition,
  values: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return definition.default?.replace(/\$([A-Z_]+)/, (_, name: string) => values[name] ?? "");
}

const REFERENCE = /\$(?:\$|\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*)|)/g;

/** The names of variables that `text` uses; `""` for a `$` that begins none. `$$` is a plain dollar. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)]
    .filter((match) => match[0] !== "$$")
    .map((match) => match[1] ?? match[2] ?? "");
}

export type Expansion = Readonly<{ value: string }> | Readonly<{ unset: string }>;

/** `text` with its variables replaced, or the first of them that has no value. */
export function expand(text: string, variables: Variables): Expansion {
  let unset: string | undefined;
  const value = text.replace(REFERENCE, (match, braced: string | undefined, bare: string | undefined) => {
    if (match === "$$") return "$";
    const name = braced ?? bare ?? "";
    const found = Object.hasOwn(variables, name) ? variables[name as VariableName] : undefined;
    if (found === undefined) unset ??= name;
    return found ?? "";
  });
  return unset === undefined ? { value } : { unset };
}

/** The same for a path: `~` at its start is the home directory; the result is absolute and without `.` and `..`. */
export function expandPath(text: string, variables: Variables): Expansion {
  const named = text === "~" || text.startsWith("~/") ? `$HOME${text.slice(1)}` : text;
  const expansion = expandFirst(named, variables) ?? expand(named, variables);
  return "unset" in expansion ? expansion : { value: resolvePath("/", expansion.value) };
}

/** Nearly all of the several hundred paths of a policy have no variable, or one at their start: without a search. */
function expandFirst(text: string, variables: Variables): Expansion | undefined {
  const last = text.lastIndexOf("$");
  if (last < 0) return { value: text };
  if (last > 0) return undefined;
  const slash = text.indexOf("/");
  const name = text.slice(1, slash < 0 ? undefined : slash);
  const value = Object.hasOwn(variables, name) ? variables[name as VariableName] : undefined;
  return value === undefined ? undefined : { value: slash < 0 ? value : value + text.slice(slash) };
}
