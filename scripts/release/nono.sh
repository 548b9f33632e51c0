#!/bin/sh
":" /* ;
# Becomes the executable of this platform, which npm installed beside this package. For sh; and below for Node.js, by
# which Yarn starts every command of a package where there is no node_modules. Each takes the other's half for a comment.
set -u

self=$0
while [ -L "$self" ]; do
	target=$(readlink "$self")
	case $target in
	/*) self=$target ;;
	*) self=${self%/*}/$target ;;
	esac
done
modules=${self%/*}/../..

found=
for name in linux-x64-gnu linux-arm64-gnu linux-x64-musl linux-arm64-musl darwin-x64 darwin-arm64; do
	# Beside this package, or below it, as the installer likes it.
	for place in "$modules/nono-$name" "${self%/*}/../node_modules/nono-$name"; do
		[ -x "$place/nono" ] && found="$found $name" && eval "place_$(echo "$name" | tr - _)=\$place"
	done
done

# Some installers bring the packages of every platform.
case $found in
' '*' '*)
	case $(uname -m) in
	aarch64 | arm64) cpu=arm64 ;;
	*) cpu=x64 ;;
	esac
	libc=gnu
	for loader in /lib/ld-musl-*; do
		[ -e "$loader" ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ] && libc=musl
	done
	found=" linux-$cpu-$libc"
	[ "$(uname -s)" = Darwin ] && found=" darwin-$cpu"
	;;
esac

if [ -n "$found" ]; then
	eval "place=\${place_$(echo "${found# }" | tr - _):-}"
	[ -n "$place" ] && exec "$place/nono" "$@"
fi
echo "nono: the package for this platform is not installed: install nono again, with optional dependencies on" >&2
exit 126
*/

// For Node.js from here on.
const fs = require("node:fs");

const name = `nono-${process.platform}-${process.arch}`;
const names = process.platform === "linux" ? [`${name}-gnu`, `${name}-musl`] : [name];

/** What was typed. Node.js makes text of it, and loses what is no UTF-8. */
function typed() {
	const count = process.argv.length - 2;
	if (process.platform !== "linux" || count === 0) return process.argv.slice(2);
	const parts = fs.readFileSync("/proc/self/cmdline", "latin1").split("\0").slice(0, -1);
	return parts.slice(-count).map((part) => Buffer.from(part, "latin1"));
}

for (const one of names) {
	let directory;
	const loaded = { exports: {} };
	try {
		directory = require("node:path").dirname(require.resolve(`${one}/package.json`));
		process.dlopen(loaded, `${directory}/nono.node`); // also tells the C libraries apart
	} catch {
		continue;
	}
	const file = Buffer.from(`${directory}/nono`);
	const words = [file, ...typed().map((word) => Buffer.from(word))];
	const environment = Object.entries(process.env).map(([key, value]) => Buffer.from(`${key}=${value}`));
	loaded.exports.execve(file, words, environment, []);
}
process.stderr.write("nono: the package for this platform is not installed: install nono again, with optional dependencies on\n");
process.exit(126);
