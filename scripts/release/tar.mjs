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
  // gzip would note the time.
  execFileSync("tar", [...SAME, time, "--use-compress-program=gzip -n9", "-cf", file, "-C", parent, name]);
}
