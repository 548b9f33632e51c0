// Packages of another architecture from Debian, unpacked side by side: fetched by an apt(8) of its own, which checks their
// signatures and touches nothing of this system's.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const SOURCE = "http://deb.debian.org/debian";
const SUITE = "trixie";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * @param {string} arch as Debian names it
 * @param {string} cache a directory that keeps what was fetched
 */
export function debian(arch, cache) {
  const at = (/** @type {string} */ name) => path.join(cache, name);
  for (const directory of ["etc/apt.conf.d", "etc/preferences.d", "lists/partial", "archives/partial"])
    fs.mkdirSync(at(directory), { recursive: true });
  fs.writeFileSync(at("status"), "");
  fs.writeFileSync(at("etc/sources.list"), `deb [signed-by=${KEYRING}] ${SOURCE} ${SUITE} main\n`);
  fs.writeFileSync(
    at("apt.conf"),
    [
      `Dir::Etc "${at("etc")}";`,
      `Dir::State::status "${at("status")}";`,
      `Dir::State::lists "${at("lists")}";`,
      `Dir::Cache::archives "${at("archives")}";`,
      `Dir::Cache::pkgcache "";`,
      `Dir::Cache::srcpkgcache "";`,
      `APT::Architecture "${arch}";`,
      `APT::Architectures { "${arch}"; };`,
      'Acquire::Languages "none";',
      'APT::Sandbox::User "root";',
      "",
    ].join("\n"),
  );
  const env = { ...process.env, APT_CONFIG: at("apt.conf") };
  const apt = (/** @type {string} */ tool, /** @type {readonly string[]} */ args, cwd = cache) =>
    execFileSync(tool, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  apt("apt-get", ["update", "-qq"]);

  return {
    /** What a package of the newest of something stands for: `linux-image-arm64` for one kernel. @param {string} name */
    dependencyOf(name) {
      const [, found] = /^ {2}Depends: (\S+)$/m.exec(apt("apt-cache", ["depends", name])) ?? [];
      if (found === undefined) throw new Error(`${name} depends on nothing`);
      return found;
    },

    /** @param {readonly string[]} names @param {string} to */
    unpack(names, to) {
      const archives = at("archives");
      for (const name of names) {
        apt("apt-get", ["download", "-qq", name], archives);
        const file = fs.readdirSync(archives).find((one) => one.startsWith(`${name}_`));
        if (file === undefined) throw new Error(`apt fetched no ${name}`);
        execFileSync("dpkg-deb", ["--extract", path.join(archives, file), to]);
        fs.rmSync(path.join(archives, file));
      }
    },
  };
}
