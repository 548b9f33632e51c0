// How the command line is compiled to one executable.

export const COMPILE = [
  "build",
  "--compile",
  // A start is over before what is compiled at run time pays; `run` takes the usual threshold back once the command runs.
  "--compile-jit-policy=1000",
  "--conditions=source",
  // The executable starts in directories that an agent may have written; nothing there may be loaded (see SECURITY.md).
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  // Parsing is half of the start: 15 ms without, 8 with. ESM, because main awaits at top level; split, so that what a
  // command does not import is not read either.
  "--bytecode",
  "--format=esm",
  "--splitting",
];

/** Beside `nono`, on Linux: packages/native/src/front. On macOS, where nothing has to be said before, it is `nono`. */
export const RUNTIME = "nono-runtime";
