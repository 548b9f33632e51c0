// A terminal for a full-screen program, kept by tmux.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startedAs } from "./identity.ts";
import type { Place } from "./place.ts";
import { runToEnd } from "./process.ts";

export type Screen = AsyncDisposable &
  Readonly<{
    /** What is on the screen once `pattern` is. @throws Error with the screen when it never is */
    until: (pattern: RegExp) => Promise<string>;
    /** All that was ever on it, with colours, as it is now; and where its cursor is, in which modes. */
    look: () => Promise<string>;
    /** Types text, or presses one key by tmux's name for it. */
    type: (text: string) => Promise<void>;
    press: (key: string) => Promise<void>;
    /**
     * The program's exit code once it has ended; a `question` that it ends its screen with is answered with Enter.
     *
     * @throws Error with the screen when it does not end
     */
    ended: (question: RegExp) => Promise<number>;
  }>;

/** Milliseconds that anything on a screen may take. */
const LIMIT = 60_000;

/** Milliseconds between two looks. */
const PAUSE = 50;

/** In tmux's words. */
const STATE = [
  "alternate_on",
  "cursor_x",
  "cursor_y",
  "cursor_flag",
  "insert_flag",
  "keypad_cursor_flag",
  "keypad_flag",
  "mouse_any_flag",
  "origin_flag",
  "scroll_region_lower",
  "scroll_region_upper",
  "wrap_flag",
]
  .map((name) => `${name}=#{${name}}`)
  .join(" ");

/** Whether there is a tmux to keep one. */
export const canOpenScreen = (): boolean => spawnSync("tmux", ["-V"]).status === 0;

export async function openScreen(
  place: Place,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Screen> {
  const socket = join(place.temporary, "tmux.sock");
  const exitCode = join(place.temporary, "exit-code");
  const script = join(place.root, "start.sh");
  writeFileSync(
    script,
    `${command.map(quoted).join(" ")}\necho $? > ${quoted(exitCode)}.new\nmv ${quoted(exitCode)}.new ${quoted(exitCode)}\n`,
  );

  const tmux = async (...args: readonly string[]): Promise<string> => {
    const outcome = await runToEnd(
      startedAs(place.identity, ["tmux", "-S", socket, "-f", "/dev/null", ...args]),
      {
        cwd: place.project,
        environment,
        limit: LIMIT,
      },
    );
    if (outcome.code !== 0) throw new Error(`tmux ${args.join(" ")}: ${outcome.stderr}`);
    return outcome.stdout;
  };
  const text = () => tmux("capture-pane", "-p");

  const pollScreen = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    try {
      return await poll(what, look);
    } catch (error) {
      throw new Error(`${(error as Error).message}; the screen is\n${await text()}`, { cause: error });
    }
  };

  await tmux("new-session", "-d", "-x", "120", "-y", "40", `sh ${quoted(script)}; cat`);
  return {
    until: (pattern) =>
      pollScreen(`showed ${pattern}`, async () => {
        const shown = await text();
        return pattern.test(shown) ? shown : undefined;
      }),
    look: async () =>
      `${await tmux("capture-pane", "-p", "-e", "-S", "-")}${await tmux("display-message", "-p", STATE)}`,
    type: async (typed) => void (await tmux("send-keys", "-l", typed)),
    press: async (key) => void (await tmux("send-keys", key)),
    ended: (question) =>
      pollScreen("ended", async () => {
        if (existsSync(exitCode)) return Number(readFileSync(exitCode, "utf8"));
        if (question.test((await text()).trimEnd())) await tmux("send-keys", "Enter");
        return undefined;
      }),
    [Symbol.asyncDispose]: async () => void (await tmux("kill-server")),
  };
}

/** What `look` finds at last. @throws Error saying that `what` never came about */
export async function poll<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + LIMIT;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(PAUSE);
  }
  throw new Error(`never ${what}`);
}

/** For sh. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
