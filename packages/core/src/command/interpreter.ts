// What the kernel loads to run a file: the interpreter of a script's first line, or the loader an ELF file names.
// Source: execve(2) on interpreter scripts; elf(5) on PT_INTERP.

import { closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { fileName, textOf } from "../text/bytes.ts";

const HEAD_BYTES = 4096;
const PT_INTERP = 3;

/**
 * @param locate finds a command by name, for scripts that start through env(1)
 * @returns an absolute path as the file has it, or `undefined` where the file needs none or cannot be read
 */
export function interpreterOf(
  file: string,
  locate: (name: string) => string | undefined,
): string | undefined {
  const head = headOf(file);
  if (head === undefined) return undefined;
  if (head[0] === 0x23 && head[1] === 0x21) return scriptInterpreter(head, locate);
  return elfInterpreter(head);
}

/** What a file names as its interpreter and is not there: the kernel says that the file itself is missing. */
export function missingInterpreterOf(file: string): string | undefined {
  const named = interpreterOf(file, () => undefined);
  return named?.startsWith("/") && isMissing(named) ? named : undefined;
}

/** Only of a script: what the loader of an ELF file is missing for may be run by an emulator (binfmt_misc). */
export function missingScriptInterpreterOf(file: string): string | undefined {
  return headOf(file)?.subarray(0, 2).toString("latin1") === "#!" ? missingInterpreterOf(file) : undefined;
}

function isMissing(file: string): boolean {
  try {
    return statSync(fileName(file), { throwIfNoEntry: false }) === undefined;
  } catch {
    return false; // nobody can tell
  }
}

function headOf(file: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(fileName(file), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * As load_script() of fs/binfmt_script.c has it, and no more generous: what is taken for the interpreter is readable without
 * a grant, and whoever wrote the script chose every byte of the line.
 */
function scriptInterpreter(head: Buffer, locate: (name: string) => string | undefined): string | undefined {
  const end = head.subarray(0, LINE_BYTES).indexOf(0x0a);
  const isCut = end < 0 && head.length >= LINE_BYTES;
  const line = textOf(head.subarray(2, end < 0 ? LINE_BYTES - 1 : end));
  const [, interpreter, blank, argument = ""] = /^[ \t]*([^ \t\0]+)([ \t]*)(.*?)[ \t]*$/s.exec(line) ?? [];
  // Without a blank behind it, it goes on: behind a NUL, or where the line was cut off.
  if (interpreter === undefined || (blank === "" && (isCut || argument !== ""))) return undefined;
  const command = !isCut && ENV.includes(interpreter) ? commandOfEnv(argument) : undefined;
  return command === undefined ? interpreter : (locate(command) ?? interpreter);
}

/** BINPRM_BUF_SIZE, since Linux 5.1 */
const LINE_BYTES = 256;

/** Another program of that name does something else. */
const ENV = ["/usr/bin/env", "/bin/env"];

/**
 * The command that env(1) starts, of whose one argument only -S makes several. Undefined where it could be another one than
 * it seems.
 */
function commandOfEnv(argument: string): string | undefined {
  if (/["'\\$#]|(?!\t)\p{Cc}/u.test(argument)) return undefined;
  const split = /^(?:-v*S|--split-string=)[ \t]*(.*)$/s.exec(argument)?.[1];
  const command = split === undefined ? argument : afterOptions(split.split(/[ \t]+/));
  return command !== undefined && /^[^-= \t][^= \t]*$/.test(command) ? command : undefined;
}

/** Options and variables before the command, as far as they do not choose where it is looked for. */
const BEFORE_COMMAND = /^(--debug|-v|--unset=(?!PATH$).*|(?!PATH=)[^-=][^=]*=.*)$/;

function afterOptions([word, ...others]: readonly string[]): string | undefined {
  if (word === "-u" || word === "--unset")
    return others[0] === "PATH" ? undefined : afterOptions(others.slice(1));
  return word !== undefined && BEFORE_COMMAND.test(word) ? afterOptions(others) : word;
}

/** 64-bit little-endian only: what x86_64 and aarch64 run. */
function elfInterpreter(head: Buffer): string | undefined {
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2 || head[5] !== 1)
    return undefined;
  const table = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  for (let at = table, left = count; left > 0 && at + 56 <= head.length; at += size, left--) {
    if (size < 56) return undefined;
    if (head.readUInt32LE(at) !== PT_INTERP) continue;
    const start = Number(head.readBigUInt64LE(at + 8));
    const length = Number(head.readBigUInt64LE(at + 32));
    if (length < 2 || start + length > head.length) return undefined;
    return textOf(head.subarray(start, start + length - 1));
  }
  return undefined;
}
