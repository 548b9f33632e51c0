// The compiled half of @napi-rs/keyring for a platform. npm installs only the one for this system, so the others are
// fetched, in the version and with the digest that the lock file has.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fail, root, step } from "../step.mjs";

/**
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} to where the file goes
 * @param {string} work a directory for what is left over
 */
export function fetchKeyring({ name }, to, work) {
  const wanted = `@napi-rs/keyring-${name}`;
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const locked = packages[`node_modules/${wanted}`] ?? fail(`${wanted} is not in package-lock.json`);
  const directory = path.join(work, "keyring", name);
  fs.mkdirSync(directory, { recursive: true });
  step("npm", ["pack", "--silent", `${wanted}@${locked.version}`, "--pack-destination", directory], {
    quiet: true,
  });
  const [packed = fail(`npm packed no ${wanted}`)] = fs.readdirSync(directory);
  const archive = path.join(directory, packed);
  const digest = createHash("sha512").update(fs.readFileSync(archive)).digest("base64");
  if (`sha512-${digest}` !== locked.integrity) fail(`${wanted} is not what package-lock.json names`);
  step("tar", ["-xzf", archive, "-C", directory]);
  const { main } = JSON.parse(fs.readFileSync(path.join(directory, "package/package.json"), "utf8"));
  fs.copyFileSync(path.join(directory, "package", main), to);
  fs.chmodSync(to, 0o644);
}
