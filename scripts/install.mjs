// Installs the dependencies where node_modules is not what package-lock.json says. Uses nothing from node_modules.

import fs from "node:fs";
import path from "node:path";
import { root, step } from "./step.mjs";

/** Runs `npm ci` if it has to be run. */
export function install() {
  if (isInstalled()) return;
  console.log("installing dependencies (npm ci)");
  // NODE_ENV=production or an `omit` in somebody's npmrc would leave out the compilers.
  const args = ["ci", "--include=dev", "--include=optional"];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith(".js")) step(process.execPath, [npm, ...args]);
  else step("npm", args);
}

/** Whether every package of the lock file lies in node_modules in its version; npm notes there what it installed. */
function isInstalled() {
  const installed = packagesOf("node_modules/.package-lock.json");
  if (installed === undefined) return false;
  const locked = packagesOf("package-lock.json");
  if (locked === undefined) throw new Error("package-lock.json is missing: the checkout is not complete");

  return Object.entries(locked)
    .filter(([location]) => location.startsWith("node_modules/"))
    .every(([location, { version, optional }]) => {
      const found = installed[location];
      if (found === undefined) return optional === true; // made for another platform
      return found.version === version && fs.existsSync(path.join(root, location));
    });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined} by location; undefined without the file
 */
function packagesOf(file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), "utf8")).packages;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
}
