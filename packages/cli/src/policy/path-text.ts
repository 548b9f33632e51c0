// Paths as profiles write them, so that they mean the same place for another user and in another directory.

/** Absolute. */
export type NamedPlaces = Readonly<{ home: string; workdir: string }>;

/** `$WORKDIR/src`, `~/.tool`, or the path itself; a dollar in a name is doubled. */
export function pathText(path: string, { home, workdir }: NamedPlaces): string {
  const inWorkdir = below(path, workdir);
  const inHome = below(path, home);
  // A working directory around the home directory says less.
  if (inWorkdir !== undefined && !(inHome !== undefined && below(home, workdir) !== undefined))
    return `$WORKDIR${escaped(inWorkdir)}`;
  return inHome === undefined ? escaped(path) : `~${escaped(inHome)}`;
}

/** What follows `directory` in `path`, with its slash. */
function below(path: string, directory: string): string | undefined {
  if (path === directory) return "";
  return path.startsWith(`${directory}/`) ? path.slice(directory.length) : undefined;
}

function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}
