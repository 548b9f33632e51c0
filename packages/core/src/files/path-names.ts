// Paths as text, by name only. What node:path has, for text that may hold bytes that are not UTF-8: Bun's node:path
// puts U+FFFD in their place, which is another path.

/** The last part that is absolute, and all behind it, without `.`, `..` and empty components. */
export function resolvePath(...parts: readonly string[]): string {
  const last = parts[parts.length - 1] ?? "";
  if (isResolved(last)) return last;
  let components: string[] = [];
  for (const part of parts) {
    if (part.startsWith("/")) components = [];
    for (const name of part.split("/")) {
      if (name === "..") components.pop();
      else if (name !== "" && name !== ".") components.push(name);
    }
  }
  return `/${components.join("/")}`;
}

/** A component that is empty, `.` or `..`. */
const UNRESOLVED = /\/(?:\.{0,2})(?:\/|$)/;

/** Told without taking the text apart: most paths are in this form already. */
function isResolved(file: string): boolean {
  return file.startsWith("/") && !UNRESOLVED.test(file);
}

/** The directory that an absolute path lies in; `/` is its own. */
export function directoryOf(file: string): string {
  return file.slice(0, Math.max(1, file.lastIndexOf("/")));
}

/** The last component of a path. */
export function baseNameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
