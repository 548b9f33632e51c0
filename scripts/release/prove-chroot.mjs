// A system of a shell and its libraries, without Node: what the plain archive has to run in.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { RUNTIME } from "../compile.mjs";

const PROGRAMS = ["/bin/sh", "/bin/cat"];

/**
 * @param {string} archive unpacked; is put into /opt/nono
 * @param {(start: (uid: number, ...command: string[]) => string) => void} use
 */
export function withChroot(archive, use) {
  const system = fs.mkdtempSync(path.join(os.tmpdir(), "c-"));
  fs.chmodSync(system, 0o755);
  const at = (/** @type {string} */ file) => path.join(system, file);
  for (const directory of ["bin", "etc", "root", "dev", "proc", "opt", "usr/bin", "home/user", "tmp"])
    fs.mkdirSync(at(directory), { recursive: true });
  for (const [directory, mode] of /** @type {const} */ ([
    ["tmp", 0o1777],
    ["home/user", 0o777],
  ]))
    fs.chmodSync(at(directory), mode);
  for (const file of [...PROGRAMS, ...[...PROGRAMS, path.join(archive, RUNTIME)].flatMap(librariesOf)]) {
    fs.mkdirSync(at(path.dirname(file)), { recursive: true });
    fs.copyFileSync(fs.realpathSync(file), at(file));
  }
  fs.cpSync(archive, at("opt/nono"), { recursive: true });
  fs.writeFileSync(at("etc/hostname"), "chroot\n");
  fs.writeFileSync(at("etc/passwd"), "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/home/user:/bin/sh\n");
  fs.writeFileSync(at("root/secret"), "secret\n");
  execFileSync("mount", ["-t", "proc", "proc", at("proc")]);
  execFileSync("mount", ["--rbind", "--make-rslave", "/dev", at("dev")]);
  try {
    use((uid, ...command) => {
      const env = { PATH: "/bin", HOME: uid === 0 ? "/root" : "/home/user" };
      const args = [`--userspec=${uid}:${uid}`, system, ...command];
      return execFileSync("/usr/sbin/chroot", args, {
        encoding: "utf8",
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
    });
  } finally {
    for (const directory of ["dev", "proc"]) execFileSync("umount", ["--recursive", "--lazy", at(directory)]);
    fs.rmSync(system, { recursive: true });
  }
}

/** @param {string} file @returns {string[]} what ldd(1) finds */
function librariesOf(file) {
  const said = execFileSync("ldd", [file], { encoding: "utf8" });
  return [...said.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => String(library));
}
