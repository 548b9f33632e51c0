// Whether what `npm run release` made is what people can use: installs it into empty places, as a user without
// privileges, with install scripts off, and uses it there.
//
//   npm run release:prove -- DIR

import { execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bunExecutable } from "../bun.mjs";
import { asOrdinaryUser, asStarted } from "../identity.mjs";
import { fail, root } from "../step.mjs";
import { installers, TOOLS } from "./installers.mjs";
import { PLATFORMS } from "./platforms.mjs";
import { proveAgain } from "./prove-again.mjs";
import { withChroot } from "./prove-chroot.mjs";
import { proveFormula } from "./prove-formula.mjs";
import { installationLines } from "./prove-guide.mjs";
import { VERSION } from "./version.mjs";

const release = path.resolve(process.argv[2] ?? fail("usage: npm run release:prove -- DIR"));
const [host = fail("this system has no release")] = PLATFORMS.filter(
  ({ os, cpu, libc }) => os === process.platform && cpu === process.arch && libc === "glibc",
);
const IMPORT = 'import { AccessMode, CapabilitySet, apply } from "nono-ts"; import fs from "node:fs";';
const REQUIRE =
  'const { AccessMode, CapabilitySet, apply } = require("nono-ts"); const fs = require("node:fs");';
/** After `apply` the directory that was granted can be read, and what lies beside it cannot. */
const USE = `
const capabilities = new CapabilitySet();
capabilities.allowPath(process.cwd() + "/src", AccessMode.Read);
apply(capabilities);
const reads = (file) => { try { fs.readFileSync(file); return "read"; } catch { return "refused"; } };
console.log(reads("src/read-me") + ", " + reads("package.json"));
`;
const TYPES = `
const capabilities: InstanceType<typeof CapabilitySet> = new CapabilitySet();
capabilities.allowPath("/data", AccessMode.Read);
// @ts-expect-error there is no such access
capabilities.allowPath("/data", "sometimes");
`;
const isRoot = process.getuid?.() === 0;
const user = (isRoot ? asOrdinaryUser : asStarted)(root);
let failures = 0;
const registryServer = startRegistry();

try {
  const prefix = path.join(user.temporary, "prefix");
  run(["mkdir", "-p", prefix, path.join(prefix, "src"), path.join(prefix, "output")], user.temporary);
  proof("the packages install without scripts, and without the other platforms", () => {
    fs.writeFileSync(
      path.join(user.temporary, "home/.npmrc"),
      "ignore-scripts=true\naudit=false\nfund=false\n",
    );
    put(prefix, "package.json", "{}");
    const packed = ["nono", `nono-${host.name}`, "nono-ts", `nono-native-${host.name}`];
    run(
      [
        "npm",
        "install",
        "--prefer-offline",
        ...packed.map((name) => path.join(release, `${name}-${VERSION}.tgz`)),
      ],
      prefix,
    );
  });
  proof("npx finds the command, which is the executable itself", () => {
    same(run(["npx", "nono", "--version"], prefix).trim(), `nono ${VERSION}`);
    put(prefix, "src/read-me", "content");
    const script = "cat src/read-me && echo written > output/file && ! cat package.json";
    const args = ["run", "--read", "./src", "--write", "./output", "--", "sh", "-c", script];
    same(run([path.join(prefix, "node_modules/.bin/nono"), ...args], prefix), "content");
    same(fs.readFileSync(path.join(prefix, "output/file"), "utf8"), "written\n");
    const inside = run(
      [
        path.join(prefix, "node_modules/.bin/nono"),
        "run",
        "--",
        "sh",
        "-c",
        "readlink /proc/$PPID/exe || echo hidden",
      ],
      prefix,
    );
    same(inside.trim(), "hidden");
  });
  for (const [kind, file, start] of /** @type {const} */ ([
    ["an ES module", "use.mjs", IMPORT],
    ["CommonJS", "use.cjs", REQUIRE],
  ]))
    proof(`the library works from ${kind}`, () => {
      put(prefix, file, `${start}\n${USE}`);
      same(run([process.execPath, file], prefix), "read, refused\n");
    });
  const registry = await registryServer.address;
  const tools = path.join(user.temporary, "tools");
  run(["npm", "install", "--prefer-offline", "--prefix", tools, ...TOOLS], user.temporary);
  for (const { name, files, install, node, nono } of installers({ registry, tools, bun: bunExecutable() }))
    proof(`the library and the command work where ${name} put them`, () => {
      const project = path.join(user.temporary, name.replace(/\W.*/, ""));
      const dependencies = { nono: VERSION, "nono-ts": VERSION };
      put(project, "package.json", JSON.stringify({ name: "project", dependencies }));
      for (const [file, content] of Object.entries({ ...files, "src/read-me": "content" }))
        put(project, file, content);
      put(project, "use.mjs", `${IMPORT}\n${USE}`);
      put(project, "use.cjs", `${REQUIRE}\n${USE}`);
      run(install, project);
      same(run([...node, "use.mjs"], project), "read, refused\n");
      same(run([...node, "use.cjs"], project), "read, refused\n");
      same(run([...nono, "--version"], project).trim(), `nono ${VERSION}`);
      const words = ["run", "-s", "--read", "src", "--", "printf", "%s|", "one word", "", "$two"];
      same(run([...nono, ...words], project).trim(), "one word||$two|");
    });
  proof("its types are right under node16, nodenext and bundler", () => {
    put(prefix, "esm.mts", `import { AccessMode, CapabilitySet } from "nono-ts";\n${TYPES}`);
    put(
      prefix,
      "cjs.cts",
      `import nono = require("nono-ts");\nconst { AccessMode, CapabilitySet } = nono;\n${TYPES}`,
    );
    for (const [module, resolution, ...files] of [
      ["node16", "node16", "esm.mts", "cjs.cts"],
      ["nodenext", "nodenext", "esm.mts", "cjs.cts"],
      ["esnext", "bundler", "esm.mts"],
    ]) {
      const options = [
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        module,
        "--moduleResolution",
        resolution,
      ];
      const types = ["--types", "node", "--typeRoots", path.join(root, "node_modules/@types")];
      run(
        [
          process.execPath,
          path.join(root, "node_modules/typescript/bin/tsc"),
          ...options,
          ...types,
          ...files,
        ].map(String),
        prefix,
      );
    }
  });
  proof("attw and publint find nothing wrong with the library", () => {
    const packed = path.join(release, `nono-ts-${VERSION}.tgz`);
    for (const [tool, ...args] of [["attw"], ["publint", "run", "--strict"]])
      run([path.join(root, "node_modules/.bin", String(tool)), ...args, packed], prefix);
  });
  proof("a bundle that lost the natives says what is missing, and works with them beside it", () => {
    const bundle = path.join(user.temporary, "bundle");
    put(user.temporary, "bundle/package.json", '{ "type": "module" }');
    put(user.temporary, "bundle/src/read-me", "content");
    run([bunExecutable(), "build", "use.mjs", "--target=node", `--outfile=${bundle}/out.js`], prefix);
    const lost = spawnSync(process.execPath, ["out.js"], { ...user.options, cwd: bundle, encoding: "utf8" });
    if (!lost.stderr.includes(`install nono-native-${host.name}`)) throw new Error(lost.stderr);
    const natives = path.join(prefix, `node_modules/nono-native-${host.name}`);
    run(["cp", `${natives}/nono.node`, `${natives}/nono-launch`, bundle], prefix);
    same(run([process.execPath, "out.js"], bundle), "read, refused\n");
  });
  proof("the library and its natives are below 400 KB packed, for every platform that is there", () => {
    const size = (/** @type {string} */ name) => {
      const file = path.join(release, `${name}-${VERSION}.tgz`);
      return fs.existsSync(file) ? fs.statSync(file).size : 0;
    };
    for (const { name } of PLATFORMS) {
      const bytes = size("nono-ts") + size(`nono-native-${name}`);
      if (bytes > 400_000) throw new Error(`${name}: ${bytes} bytes`);
    }
  });
  proof("the lines of the installation guide do what it says", () => {
    const place = path.join(user.temporary, "guide");
    const home = path.join(user.temporary, "home-of-guide");
    run(["mkdir", "-p", place, home], user.temporary);
    run(["sh", "-c", 'ln -s "$1"/* .', "sh", release], place);
    run(["cp", path.join(user.temporary, "home/.npmrc"), home], place);
    const setting = `export HOME='${home}' npm_config_prefix='${home}/npm' PATH='${home}/npm/bin:'"$PATH"`;
    for (const lines of installationLines(host.name)) {
      const said = run(["bash", "-ec", `${setting}\n${lines}`], place);
      const version = lines.includes("--version")
        ? `nono ${VERSION}`
        : lines.includes("isSupported")
          ? "true"
          : "";
      if (!said.includes(version)) throw new Error(`${lines}${said}`);
    }
  });
  const debian = fs.readdirSync(release).find((name) => name.endsWith(`_${host.debian}.deb`));
  if (debian !== undefined)
    proof(
      "the Debian package has the command, its manual and its completion where Debian looks for them",
      () => {
        const place = path.join(user.temporary, "debian");
        run(["dpkg-deb", "--extract", path.join(release, debian), place], user.temporary);
        const nono = path.join(place, "usr/bin/nono");
        same(run([nono, "run", "-s", "--", "echo", "started"], user.temporary), "started\n");
        for (const file of [
          "man/man1/nono-run.1.gz",
          "bash-completion/completions/nono",
          "doc/nono/copyright",
        ])
          fs.accessSync(path.join(place, "usr/share", file));
      },
    );
  if (spawnSync("ruby", ["--version"]).status === 0)
    proof("the formula for Homebrew names this archive, installs it, and its test passes", () => {
      const place = path.join(user.temporary, "formula");
      run(["mkdir", place], user.temporary);
      proveFormula(host, release, place, run);
    });
  else console.log("skipped the formula for Homebrew: there is no ruby");
  proof("every manual page is well-formed", () => {
    const archive = path.join(release, `nono-${VERSION}-${host.name}.tar.gz`);
    run(["tar", "-xzf", archive, "-C", user.temporary], user.temporary);
    const manual = path.join(user.temporary, `nono-${VERSION}-${host.name}/share/man/man1`);
    for (const page of fs.readdirSync(manual)) {
      const { stderr } = spawnSync("groff", ["-man", "-ww", "-Tutf8", path.join(manual, page)], {
        encoding: "utf8",
      });
      if (stderr !== "") throw new Error(stderr);
    }
  });
  proof("what is built again is the same, byte for byte", () => {
    const again = fs.mkdtempSync(path.join(os.tmpdir(), "again-"));
    try {
      proveAgain(host, path.join(user.temporary, `nono-${VERSION}-${host.name}`), again);
    } finally {
      fs.rmSync(again, { recursive: true });
    }
  });
  if (isRoot)
    proof("the archive works where there is no Node, as root and as nobody", () => {
      const archive = path.join(user.temporary, `nono-${VERSION}-${host.name}`);
      withChroot(archive, (start) => {
        for (const uid of [0, 65534]) {
          same(start(uid, "/opt/nono/nono", "--version"), `nono ${VERSION}\n`);
          const script = "cat /etc/hostname; cat /root/secret || echo refused";
          same(start(uid, "/opt/nono/nono", "run", "--", "/bin/sh", "-c", script), "chroot\nrefused\n");
        }
      });
      run(["sha256sum", "--quiet", "--check", "SHA256SUMS"], archive);
    });
} finally {
  registryServer.stop();
  user.remove();
}
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} title @param {() => void} prove */
function proof(title, prove) {
  try {
    prove();
    console.log(`ok      ${title}`);
  } catch (error) {
    failures += 1;
    console.log(`NOT ok  ${title}`);
    const { stderr, stdout, message } = /** @type {any} */ (error);
    for (const text of [message, stdout, stderr])
      if (text) console.log(String(text).replace(/^/gm, "        | "));
  }
}

/** A registry on loopback. */
function startRegistry() {
  const server = spawn(process.execPath, [path.join(root, "scripts/release/registry.mjs"), release], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  /** @type {Promise<string>} */
  const address = new Promise((resolve, reject) => {
    server.stdout.once("data", (line) => resolve(String(line).trim()));
    server.once("exit", () => reject(new Error("the registry did not start")));
  });
  return { address, stop: () => server.kill() };
}

/** @param {readonly string[]} argv @param {string} cwd */
function run([command = "", ...args], cwd) {
  const { env, uid, gid } = user.options;
  const options = { cwd, env, uid, gid, encoding: /** @type {const} */ ("utf8") };
  return execFileSync(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
}

/** As the user. @param {string} directory @param {string} name @param {string} content */
function put(directory, name, content) {
  const file = path.join(directory, name);
  run(["mkdir", "-p", path.dirname(file)], "/");
  execFileSync("tee", [file], {
    ...user.options,
    cwd: "/",
    input: content,
    stdio: ["pipe", "ignore", "inherit"],
  });
}

/** @param {string} found @param {string} wanted */
function same(found, wanted) {
  if (found !== wanted)
    throw new Error(`${JSON.stringify(found)}, where ${JSON.stringify(wanted)} was expected`);
}
