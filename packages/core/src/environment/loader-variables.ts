// Variables that make a program load code or change how it starts. They never come along by inheritance: what the
// caller's shell had set up for itself must not steer the confined program, nor reach nono's own launcher.

const NAMES: ReadonlySet<string> = new Set([
  "GLIBC_TUNABLES", // ld.so(8)
  "GCONV_PATH", // iconv(3) loads modules from it
  "NODE_OPTIONS", // node --help: --require, --import
  "NODE_REPL_EXTERNAL_MODULE",
  // Obeyed by every executable that Bun compiled, but nono's: there these names are unmade (scripts/runtime-variables.mjs),
  // wherever they stand as one string.
  ...["OPTIONS", "BE_BUN", "INSPECT", "INSPECT_PRELOAD", "CONFIG_PRELOAD"].map((name) => `BUN_${name}`),
  "BASH_ENV", // bash(1), read by every script
  "ENV", // sh(1), likewise
  "PERL5OPT", // perlrun(1)
  "PERL5DB",
  "PYTHONSTARTUP", // python3(1)
  "PYTHONINSPECT",
  "RUBYOPT", // ruby(1)
  "JAVA_TOOL_OPTIONS", // JVM: -javaagent
  "JDK_JAVA_OPTIONS",
  "_JAVA_OPTIONS",
]);

/**
 * ld.so(8) and dyld(1) own the first two prefixes; BASH_FUNC_ is an exported shell function; BUN_JSC_ sets options of Bun's
 * engine, among them a file with other bodies for functions.
 */
const PREFIXES = ["LD_", "DYLD_", "BASH_FUNC_", "BUN_JSC_"] as const;

/** Whether a variable loads code into the program that gets it, or changes how its loader works. */
export function isLoaderVariable(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Variables without those that load code, and the names that were left out. */
export function withoutLoaderVariables(variables: Readonly<Record<string, string | undefined>>): Readonly<{
  environment: Record<string, string>;
  withheld: readonly Readonly<{ name: string; why: string }>[];
}> {
  const environment: Record<string, string> = {};
  const withheld: { name: string; why: string }[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    if (isLoaderVariable(name)) withheld.push({ name, why: "it loads code into programs" });
    else environment[name] = value;
  }
  return { environment, withheld };
}
