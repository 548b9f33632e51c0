/** `~` in a path as people write it is the home directory, also where no shell has replaced it: quoted, or behind `=`. */
export function inHome(path: string, home: string | undefined): string {
  return home === undefined ? path : path.replace(/^~(?=\/|$)/, () => home);
}
