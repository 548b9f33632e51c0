// The ways in which people who do not use npm install packages: each has its own idea of where they lie.

/** The tools themselves, from npm. */
export const TOOLS = ["pnpm@10.34.9", "@yarnpkg/cli-dist@4.18.1"];

/**
 * @typedef {Readonly<{
 *   name: string,
 *   files: Readonly<Record<string, string>>,
 *   install: readonly string[],
 *   node: readonly string[],
 *   nono: readonly string[],
 * }>} Installer
 *   `files`: its configuration; the others are commands, `node` one that runs a script
 */

/**
 * @param {Readonly<{ registry: string, tools: string, bun: string }>} where
 * @returns {readonly Installer[]}
 */
export function installers({ registry, tools, bun }) {
  const pnpm = [process.execPath, `${tools}/node_modules/pnpm/bin/pnpm.cjs`];
  const yarn = [process.execPath, `${tools}/node_modules/@yarnpkg/cli-dist/bin/yarn.js`];
  const yarnSettings = {
    npmRegistryServer: registry,
    unsafeHttpWhitelist: ["127.0.0.1"],
    nodeLinker: "pnp",
    enableGlobalCache: false,
    enableMirror: false,
    enableScripts: false,
    enableTelemetry: false,
    enableImmutableInstalls: false,
    // What it holds was made a moment ago.
    npmMinimalAgeGate: 0,
  };
  return [
    {
      name: "pnpm",
      files: { ".npmrc": `registry=${registry}\nignore-scripts=true\n` },
      install: [...pnpm, "install"],
      node: [process.execPath],
      nono: [...pnpm, "exec", "nono"],
    },
    {
      name: "Yarn, without node_modules",
      // JSON is YAML as well.
      files: { ".yarnrc.yml": JSON.stringify(yarnSettings), "yarn.lock": "" },
      install: [...yarn, "install"],
      node: [...yarn, "node"],
      // By Node.js, like every command of a package that is no executable.
      nono: [...yarn, "nono"],
    },
    {
      name: "Bun",
      files: { "bunfig.toml": `[install]\nregistry = "${registry}"\n` },
      install: [bun, "install", "--ignore-scripts"],
      node: [bun],
      nono: [bun, "run", "nono"],
    },
  ];
}
