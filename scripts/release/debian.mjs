// `nono_VERSION_ARCHITECTURE.deb`: the same files, where Debian has its own.

import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { step } from "../step.mjs";
import { VERSION } from "./version.mjs";

/** Where each completion script is looked for (dh_bash-completion(1), zsh-common, fish(1)). */
const COMPLETIONS = {
  "nono.bash": "usr/share/bash-completion/completions/nono",
  "nono.zsh": "usr/share/zsh/vendor-completions/_nono",
  "nono.fish": "usr/share/fish/vendor_completions.d/nono.fish",
};

/**
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} built
 * @param {string} shared
 * @param {string} output
 */
export function packDebian({ name, debian }, built, shared, output) {
  const tree = path.join(path.dirname(built), `${name}.debian`);
  const at = (/** @type {string} */ file) => {
    fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    return path.join(tree, file);
  };
  fs.cpSync(built, at("usr/lib/nono"), { recursive: true });
  fs.symlinkSync("../lib/nono/nono", at("usr/bin/nono"));
  const manual = path.join(shared, "share/man/man1");
  for (const page of fs.readdirSync(manual))
    fs.writeFileSync(
      at(`usr/share/man/man1/${page}.gz`),
      gzipSync(fs.readFileSync(path.join(manual, page)), { level: 9 }),
    );
  for (const [from, to] of Object.entries(COMPLETIONS))
    fs.copyFileSync(path.join(shared, "share/completions", from), at(to));
  fs.copyFileSync(path.join(shared, "LICENSE"), at("usr/share/doc/nono/copyright"));
  fs.copyFileSync(path.join(shared, "bom.cdx.json"), at("usr/share/doc/nono/bom.cdx.json"));
  fs.writeFileSync(at("DEBIAN/control"), control(String(debian), sizeOf(tree)));
  setModes(tree);
  step(
    "dpkg-deb",
    [
      "--root-owner-group",
      "-Zgzip",
      "-z6",
      "--build",
      tree,
      path.join(output, `nono_${VERSION}_${debian}.deb`),
    ],
    {
      quiet: true,
    },
  );
}

/** @param {string} architecture @param {number} bytes */
function control(architecture, bytes) {
  return `Package: nono
Version: ${VERSION}
Architecture: ${architecture}
Maintainer: The nono authors <nono@localhost>
Installed-Size: ${Math.ceil(bytes / 1024)}
Depends: libc6 (>= 2.28)
Section: utils
Priority: optional
Description: runs a command in a sandbox that the kernel enforces
 Starts AI agents, and any other command, so that the kernel refuses whatever
 was not granted: files, network, unix sockets, other processes.
`;
}

/** Whatever the umask was. @param {string} directory */
function setModes(directory) {
  fs.chmodSync(directory, 0o755);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) setModes(file);
    else if (entry.isFile()) fs.chmodSync(file, (fs.statSync(file).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

/** @param {string} directory @returns {number} bytes of its files */
function sizeOf(directory) {
  return fs
    .readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => fs.lstatSync(path.join(directory, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
