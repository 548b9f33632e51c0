// A directory as an archive that depends on nothing but its content and modes.

import { execFileSync } from "node:child_process";

const SAME = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=ustar"];

/**
 * @param {string} parent
 * @param {string} name of the directory in it
 * @param {string} file `.tar.gz`
 */
export function tar(parent, name, file) {
  const time = `--mtime=@${process.env.SOURCE_DATE_EPOCH}`;
  // gzip would note the time. A runtime packed with level 9 is 0.3 % smaller, in twice the time.
  execFileSync("tar", [...SAME, time, "--use-compress-program=gzip -n6", "-cf", file, "-C", parent, name]);
}
