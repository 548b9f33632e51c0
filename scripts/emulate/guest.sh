#!/bin/busybox sh
# The first process of the emulated system. What it finds goes to the console, a line each:
#   == ok TITLE | == NOT ok TITLE | == probe WORDS | == done
export PATH=/bin:/opt/nono
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /data /tmp
mount -t devpts pts /dev/pts
mount -t tmpfs data /data
mount -t tmpfs tmp /tmp
chmod 1777 /tmp
ip link set lo up

mkdir -p /data/in /data/out/there /data/other /data/home/.ssh
echo content >/data/in/file
echo secret >/data/home/.ssh/id
echo mine >/data/other/file
cp /bin/busybox /data/other/busybox
chown -R 1000:1000 /data

as() { # as USER COMMAND...
  user=$1; shift
  su -s /bin/sh "$user" -c "cd /data; export HOME=/data/home PATH=$PATH; $*"
}

check() { # check TITLE USER COMMAND: passes where the command does
  title=$1; user=$2; shift 2
  if as "$user" "$*" >/tmp/said 2>&1; then echo "== ok $title, as $user"; else
    echo "== NOT ok $title, as $user"
    sed 's/^/   | /' /tmp/said
  fi
}

BOX="--read /data/in --allow /data/out --read /probe --allow-command rm --allow-command mv --allow-command cp"
inside() { # inside TITLE USER SCRIPT
  check "$1" "$2" "nono $MODE -s $BOX -- sh -c '$3'"
}

refused() { # refused TITLE USER SCRIPT: inside, where the script passes only if everything is refused
  inside "$@"
  check "$1: the control" "$2" "! sh -c '$3'"
}

uname -mr
as user "nono setup --check-only"

for user in user root; do
  for MODE in run wrap; do
    inside "$MODE reads what is granted" $user "cat in/file"
    refused "$MODE reads nothing else" $user "! cat other/file && ! cat home/.ssh/id && ! ls other"
    inside "$MODE writes, makes and removes within a grant" $user \
      "cd out && echo x >f && mkdir d && ln -s f l && ln f h && mkfifo p && mv f d/f && truncate -s 0 d/f && cp in d/c 2>/dev/null; rm l h p d/f && rmdir d"
    refused "$MODE writes, makes and removes nothing outside" $user \
      "cd in; ! echo x >f && ! echo x >>file && ! mkdir d && ! ln -s f l && ! ln file h && ! mkfifo p && ! mv file g && ! truncate -s 0 file && ! rm file && ! ln file ../out/h && ! mv ../out/there there"
    refused "$MODE executes nothing that is not granted" $user "! /data/other/busybox true"
    check "$MODE blocks a command" $user "nono $MODE -s --allow /data/out -- rm -rf out/none; test \$? -ne 0"
    check "$MODE shuts ports" $user \
      "test \"\$(nono $MODE -s $BOX --allow-connect-port 1 -- /probe/syscall-probe connect:9 connect:1 fast-open:9)\" = \"errno 13
errno 111
errno 95\""
  done
  MODE=run
  inside "run changes modes within a grant" $user "touch out/m && chmod 600 out/m && ! chmod 600 in/file"
  check "run tells what it refused" $user \
    "nono run --no-save-prompt $BOX --diagnostics-json /data/out/report -- cat other/file; grep -q /data/other/file /data/out/report"
done

numbers=$(cat /probe/numbers)
echo "== probe inside" $(as user "nono wrap -s --read /probe -- /probe/syscall-probe $numbers")
echo "== probe outside" $(as user "/probe/syscall-probe $numbers")
echo "== done"
poweroff -f
