import fs from "node:fs";
import path from "node:path";

/** Whether PATH has a program of that name. */
export function isInstalled(program: string): boolean {
  const directories = (process.env.PATH ?? "").split(":");
  return directories.some((directory) => fs.existsSync(path.join(directory, program)));
}
