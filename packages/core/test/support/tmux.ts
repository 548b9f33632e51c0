// A terminal for tests: tmux, on a server of its own.

import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";

/** Whether there is a tmux. */
export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

/** Before what never comes is told, with what was there instead, in milliseconds. */
const PATIENCE = 45_000;

export type Size = Readonly<{ columns: number; rows: number }>;

export interface Tmux extends AsyncDisposable {
  /** Literally, as if typed at once. */
  type(text: string): void;
  /** By name: `Enter`, `C-z`. */
  press(...keys: string[]): void;
  /** As a terminal does that is told what is pasted from what is typed. */
  paste(text: string): void;
  resize(size: Size): void;
  /** The lines that are seen, without blanks at their ends. */
  lines(): readonly string[];
  /** With colours and other attributes, as escape sequences. */
  painted(): string;
  /** Resolves with the lines when they hold this. @throws Error with what is seen instead */
  shows(wanted: string | RegExp): Promise<readonly string[]>;
  showsNot(unwanted: string | RegExp): Promise<readonly string[]>;
  /** Of the process that was started in it. */
  pid(): number;
}

/** Starts a command in a terminal of its own. */
export function openTmux(
  command: readonly string[],
  options: Readonly<{ cwd: string; env: Readonly<Record<string, string>> }>,
  { columns, rows }: Size = { columns: 80, rows: 24 },
): Tmux {
  const server = `nono-test-${randomUUID().slice(0, 8)}`;
  const tmux = (...args: string[]) =>
    execFileSync("tmux", ["-L", server, "-f", "/dev/null", ...args], { encoding: "utf8", env: options.env });
  const words = [
    "env",
    "-i",
    ...Object.entries(options.env).map(([name, value]) => `${name}=${value}`),
    ...command,
  ];
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  // In one go: a command that ends at once must not take the server along before it is told to stay.
  const settings = [
    "set",
    "-g",
    "default-shell",
    "/bin/sh",
    ";",
    "set",
    "-g",
    "escape-time",
    "0",
    ";",
    "set",
    "-g",
    "remain-on-exit",
    "on",
    ";",
  ];
  const place = ["-x", String(columns), "-y", String(rows), "-c", options.cwd];
  tmux("start-server", ";", ...settings, "new-session", "-d", ...place, `exec ${quoted}`);
  const lines = () =>
    tmux("capture-pane", "-p")
      .split("\n")
      .map((line) => line.trimEnd());
  const holds = (seen: readonly string[], wanted: string | RegExp) => {
    const text = seen.join("\n");
    return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
  };
  const until = async (condition: (seen: readonly string[]) => boolean, what: string) => {
    const limit = performance.now() + PATIENCE;
    for (;;) {
      const seen = lines();
      if (condition(seen)) return seen;
      if (performance.now() > limit) throw new Error(`the terminal never ${what}:\n${seen.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    type: (text) => tmux("send-keys", "-l", text),
    paste(text) {
      tmux("set-buffer", text);
      tmux("paste-buffer", "-p");
    },
    press: (...keys) => tmux("send-keys", ...keys),
    resize: (size) => tmux("resize-window", "-x", String(size.columns), "-y", String(size.rows)),
    lines,
    painted: () => tmux("capture-pane", "-p", "-e"),
    shows: (wanted) => until((seen) => holds(seen, wanted), `showed ${wanted}`),
    showsNot: (unwanted) => until((seen) => !holds(seen, unwanted), `stopped showing ${unwanted}`),
    pid: () => Number(tmux("display-message", "-p", "#{pane_pid}")),
    async [Symbol.asyncDispose]() {
      spawnSync("tmux", ["-L", server, "kill-server"]);
    },
  };
}
