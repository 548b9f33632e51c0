// What a snapshot leaves out. A value, stored with the session, so that a restore uses the one that was used.
//
// Patterns are those of .gitignore: a name without a slash counts at every depth, one with a slash from the tracked
// root on; a slash at the end means directories only; `*` and `?` stay within a name, `**` does not.

export type Filter = Readonly<{ exclude: readonly string[]; include: readonly string[] }>;

/**
 * What a package manager or a compiler makes again. Not in it: names that people also give to what they wrote
 * (`build`, `dist`, `out`, `vendor`), and version control, whose loss is what hurts.
 */
export const DEFAULT_EXCLUDES: readonly string[] = [
  "node_modules/",
  ".venv/",
  "venv/",
  "__pycache__/",
  ".tox/",
  ".mypy_cache/",
  ".pytest_cache/",
  ".ruff_cache/",
  "target/",
  ".gradle/",
  ".next/",
  ".nuxt/",
  ".svelte-kit/",
  ".turbo/",
  ".parcel-cache/",
  ".angular/",
  "cmake-build-*/",
  "bower_components/",
  ".terraform/",
];

export const DEFAULT_FILTER: Filter = { exclude: DEFAULT_EXCLUDES, include: [] };

/** `transit`: excluded itself, on the way to something that is included: only the directory is recorded. */
export type Verdict = "captured" | "transit" | "excluded";

export type Judge = (relative: string, isDirectory: boolean, parent: Verdict) => Verdict;

export function compileFilter(filter: Filter): Judge {
  const excludes = filter.exclude.map(compilePattern);
  const includes = filter.include.map(compilePattern);
  const matches = (patterns: readonly Pattern[], relative: string, isDirectory: boolean) =>
    patterns.some((pattern) => (isDirectory || !pattern.directories) && pattern.expression.test(relative));

  return (relative, isDirectory, parent) => {
    if (matches(includes, relative, isDirectory)) return "captured";
    if (parent === "captured" && !matches(excludes, relative, isDirectory)) return "captured";
    return isDirectory && includes.some((pattern) => pattern.mayMatchBelow(relative))
      ? "transit"
      : "excluded";
  };
}

type Pattern = Readonly<{
  directories: boolean;
  expression: RegExp;
  /** Whether it could match something in the directory. */
  mayMatchBelow: (directory: string) => boolean;
}>;

function compilePattern(pattern: string): Pattern {
  const directories = pattern.endsWith("/");
  const body = pattern.replace(/^\/|\/+$/g, "");
  const anchored = pattern.replace(/\/+$/, "").includes("/");
  const components = body.split("/");
  const deep = components.indexOf("**");
  return {
    directories,
    expression: new RegExp(`^${anchored ? "" : "(?:.*/)?"}${expressionOf(components)}$`, "s"),
    // A name at every depth would mean to walk through all that is excluded: only paths lead on.
    mayMatchBelow: (directory) => {
      if (!anchored) return false;
      const length = directory.split("/").length;
      if (deep >= 0 && length >= deep) return matchesStart(components.slice(0, deep), directory);
      return length < components.length && matchesStart(components.slice(0, length), directory);
    },
  };
}

function matchesStart(components: readonly string[], directory: string): boolean {
  const start = directory.split("/").slice(0, components.length);
  return (
    start.length === components.length &&
    new RegExp(`^${expressionOf(components)}$`, "s").test(start.join("/"))
  );
}

function expressionOf(components: readonly string[]): string {
  return components
    .map((component, index) => {
      const last = index === components.length - 1;
      if (component === "**") return last ? ".*" : "(?:.*/)?";
      return component.replace(/[.+^${}()|[\]\\]|\*+|\?/g, escapeOf) + (last ? "" : "/");
    })
    .join("");
}

function escapeOf(special: string): string {
  if (special.startsWith("*")) return "[^/]*";
  return special === "?" ? "[^/]" : `\\${special}`;
}
