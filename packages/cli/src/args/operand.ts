// What an option or an argument takes: its name in the help, its check, and what a shell completes it with.

import { HOST_EXPECTED, hostIn, type NamedHost } from "../text/host.ts";
import { inHome } from "../text/in-home.ts";
import { bytesIn } from "../text/size.ts";

/** What a shell offers while an operand is typed. */
export type Completion = "directory" | "file" | "command" | "profile" | "none" | readonly string[];

export type Operand<T> = Readonly<{
  /** As the help shows it: `DIR`. */
  label: string;
  /** What is right, for the message that a wrong value gets. */
  expected: string;
  completion: Completion;
  /** The value of `text`; undefined when it is wrong. @param home of who typed it; undefined: not known */
  parse(text: string, home?: string): T | undefined;
}>;

export const DIRECTORY = path("DIR", "a directory", "directory");
export const FILE = path("FILE", "a file", "file");
export const PATH = path("PATH", "a path", "file");
export const PROFILE = path("PROFILE", "a profile's name or file", "profile");
export const COMMAND = text("COMMAND", "a command's name or path", "command");
export const NAME = text("NAME", "a name", "none");
/** Never like an id, which begins with a digit, and the same wherever it is written. */
export const SESSION_NAME: Operand<string> = {
  label: "NAME",
  expected: "a letter, and then up to 62 letters, digits, dots, dashes or underscores",
  completion: "none",
  parse: (text) => (/^[A-Za-z][A-Za-z0-9._-]{0,62}$/.test(text) ? text : undefined),
};
/** As in .gitignore, without exceptions: there is --rollback-include. */
export const PATTERN: Operand<string> = {
  label: "PATTERN",
  expected: "a pattern as in '*.log' or data/raw/",
  completion: "none",
  parse: (text) => (text === "" || text.startsWith("!") || text.includes("\0") ? undefined : text),
};

export const URL_TEXT = text("URL", "a URL", "none");
export const HOST = text("HOST", "a host name or address", "none");

export const HOST_AND_PORT: Operand<NamedHost> = {
  label: "HOST[:PORT]",
  expected: HOST_EXPECTED,
  completion: "none",
  parse: hostIn,
};

export const PORT: Operand<number> = {
  label: "PORT",
  expected: "a port, a whole number from 1 to 65535",
  completion: "none",
  parse(text) {
    const port = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0;
    return port >= 1 && port <= 65535 ? port : undefined;
  },
};

export const SECONDS: Operand<number> = {
  label: "SECONDS",
  expected: "a whole number of seconds from 1 to 86400",
  completion: "none",
  parse(text) {
    const seconds = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0;
    return seconds >= 1 && seconds <= 86_400 ? seconds : undefined;
  },
};

/** From `least` on. */
function wholeNumber(label: string, least: number): Operand<number> {
  return {
    label,
    expected: `a whole number from ${least} on`,
    completion: "none",
    parse(text) {
      const number = /^(0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : -1;
      return number >= least ? number : undefined;
    },
  };
}

/** Counted from 0. */
export const INDEX = wholeNumber("NUMBER", 0);
export const AMOUNT = wholeNumber("NUMBER", 1);
export const MINUTES = wholeNumber("MINUTES", 1);

/** In bytes. */
export const SIZE: Operand<number> = {
  label: "SIZE",
  expected: "a size as in 500MB or 10GB",
  completion: "none",
  parse: bytesIn,
};

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168 };

/** In milliseconds. */
export const AGE: Operand<number> = {
  label: "AGE",
  expected: "an age as in 12h, 30d or 8w",
  completion: "none",
  parse(text) {
    const match = /^([0-9]{1,5})([hdw])$/.exec(text);
    return match === null ? undefined : Number(match[1]) * (HOURS[match[2] as string] as number) * 3_600_000;
  },
};

/** One of a few words. */
export function oneOf<const T extends string>(label: string, ...words: readonly T[]): Operand<T> {
  return {
    label,
    expected: `one of ${words.join(", ")}`,
    completion: words,
    parse: (text) => words.find((word) => word === text),
  };
}

/** PATH_MAX and NAME_MAX of limits.h, in bytes: no program can name what is longer. */
const [PATH_LIMIT, NAME_LIMIT] = [4095, 255];

function path(label: string, expected: string, completion: Completion): Operand<string> {
  const operand = text(label, expected, completion);
  const isTooLong = (text: string) =>
    Buffer.byteLength(text) > PATH_LIMIT ||
    text.split("/").some((name) => Buffer.byteLength(name) > NAME_LIMIT);
  return {
    ...operand,
    parse(text, home) {
      const named = inHome(text, home);
      return isTooLong(named) ? undefined : operand.parse(named);
    },
  };
}

function text(label: string, expected: string, completion: Completion): Operand<string> {
  return {
    label,
    expected,
    completion,
    parse: (text) => (text === "" || text.includes("\0") ? undefined : text),
  };
}
