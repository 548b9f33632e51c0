// Where the launcher and the addon are: beside the compiled executable, else in the package for this platform that came
// with the library, else, in a checkout, where they were built. Nothing that a working directory or a variable says is
// followed.

import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { NonoError } from "../error.ts";
import { directoryOf, resolvePath } from "../files/path-names.ts";
import { type Addon, isComplete } from "./addon.ts";
import { flawOf } from "./whole-file.ts";

/** The plan format that this code writes. */
export const PLAN_VERSION = 3;

/** @throws NonoError `native-missing`, `native-not-packed`, `native-unusable` */
export const launcherPath: () => string = once(() => {
  const [file] = filesOf("nono-launch");
  const reason = flawOf(file) ?? (isExecutable(file) ? undefined : "it may not be executed");
  if (reason !== undefined) throw new NonoError({ code: "native-unusable", file, reason });
  return file;
});

/** @throws NonoError `native-missing`, `native-not-packed`, `native-unusable`, `native-mismatch` */
export const loadAddon: () => Addon = once(() => {
  const loaded = { exports: {} };
  const file = openFirst(filesOf("nono.node"), loaded);
  const addon = loaded.exports as Addon;
  // On macOS it has less to do.
  const isOlder = process.platform === "linux" && !isComplete(addon);
  if (addon.planVersion !== PLAN_VERSION || isOlder)
    throw new NonoError({ code: "native-mismatch", file, found: addon.planVersion, wanted: PLAN_VERSION });
  return addon;
});

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What is looked for stays where it is while the process runs, and looking costs a third of a spawn. */
function once<T>(find: () => T): () => T {
  let found: T | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

/** Some installers bring the packages of both C libraries: only one of the addons can be loaded. */
function openFirst([file, ...others]: Files, into: { exports: object }): string {
  try {
    const flaw = flawOf(file);
    if (flaw !== undefined) throw new Error(flaw);
    process.dlopen(into, file); // what `require` does with it, without what `require` needs
    return file;
  } catch (error) {
    const [next, ...rest] = others;
    if (next === undefined)
      throw new NonoError(
        { code: "native-unusable", file, reason: (error as Error).message },
        { cause: error },
      );
    return openFirst([next, ...rest], into);
  }
}

type Files = readonly [string, ...string[]];

function filesOf(name: string): Files {
  if (isCompiled()) {
    const directory = directoryOf(process.execPath);
    const file = resolvePath(directory, name);
    if (existsSync(file)) return [file];
    throw new NonoError({ code: "native-missing", file: name, directory });
  }
  const [file, ...others] = places()
    .map((directory) => resolvePath(directory, name))
    .filter(existsSync);
  if (file !== undefined) return [file, ...others];
  const [wanted = ""] = packages();
  throw new NonoError({ code: "native-not-packed", file: name, package: wanted, directory: ownDirectory() });
}

function places(): readonly string[] {
  const near = createRequire(import.meta.url);
  return [
    ...packages().flatMap((name) => packageNamed(name, near)),
    ...packageNamed("nono-native", near).map((directory) => resolvePath(directory, "dist")),
    // Where a bundler was told to copy them.
    ownDirectory(),
  ];
}

/** Of npm, where the one that fits is installed with the library. */
function packages(): readonly string[] {
  const name = `nono-native-${process.platform}-${process.arch}`;
  return process.platform === "linux" ? [`${name}-gnu`, `${name}-musl`] : [name];
}

/** Its directory, if it is installed. */
function packageNamed(name: string, near: NodeJS.Require): readonly string[] {
  try {
    return [directoryOf(near.resolve(`${name}/package.json`))];
  } catch {
    return []; // not installed, which for all but one is as it should be
  }
}

/** Of this module, or of what a bundler put it into. */
function ownDirectory(): string {
  return directoryOf(decodeURIComponent(new URL(import.meta.url).pathname)); // node:url takes a millisecond to load
}

/** An executable made by `bun build --compile` has its modules in a file system of its own. */
export function isCompiled(): boolean {
  return import.meta.url.includes("/$bunfs/");
}
