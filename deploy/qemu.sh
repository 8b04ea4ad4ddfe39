#!/usr/bin/env bash
# qemu.sh [--where]: puts qemu's user-mode emulation of arm64 into a cache
# folder, so that tests built for it run on this machine: one static program out
# of a Debian package that the machine's own apt fetches and checks. Nothing is
# installed and no root is needed. One that is on PATH is used as it is.
#
#   HUAWU_CACHE  folder to install under, as in asterisk/install.sh
#
# Standard output is one line: the folder with qemu-aarch64. --where prints it
# and installs nothing.
set -euo pipefail
umask 022
export LC_ALL=C

say() { printf 'qemu: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

if [ -z "${HUAWU_CACHE:-}" ]; then
  if [ "$(id -u)" = 0 ]; then HUAWU_CACHE=/var/cache/huawu
  else HUAWU_CACHE=${XDG_CACHE_HOME:-${HOME:?HOME is unset: set HUAWU_CACHE}/.cache}/huawu; fi
fi
case $HUAWU_CACHE in /*) ;; *) HUAWU_CACHE=$PWD/$HUAWU_CACHE ;; esac
bin=$HUAWU_CACHE/qemu/bin
[ "${1:-}" != --where ] || { echo "$bin"; exit 0; }
[ $# = 0 ] || die "unknown argument \"$1\": know --where"

done_here() { echo "$bin"; exit 0; }
! command -v qemu-aarch64 >/dev/null || done_here
[ ! -x "$bin/qemu-aarch64" ] || done_here
[ "$(uname -m)" != aarch64 ] || done_here # needs none

for tool in apt-get dpkg-deb tar; do
  command -v $tool >/dev/null || die "no $tool: the package can be fetched on Debian and its kin only. Elsewhere install qemu's user-mode emulation yourself; qemu-aarch64 is found on PATH"
done
mkdir -p "$bin" 2>/dev/null || die "cannot write to $HUAWU_CACHE: set HUAWU_CACHE to a folder of your own"
work=$(mktemp -d "$HUAWU_CACHE/qemu/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT
# own: an apt with the machine's sources and lists of its own, for a machine whose
# lists were thrown away, as in most container images.
own=()
own_lists() {
  own=(-o "Dir::State=$work/apt" -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt" -o "Dir::Cache::archives=$work/apt/archives"
    -o Debug::NoLocking=1 -o Acquire::Languages=none)
  mkdir -p "$work"/apt/{lists,archives}/partial
  say "reading the package lists"
  apt-get -qq -o APT::Sandbox::User= "${own[@]}" update >&2
}

# try PACKAGE: its qemu-aarch64, if it is static and runs.
try() {
  local program
  rm -rf "$work/deb"
  mkdir "$work/deb"
  ( cd "$work/deb" && apt-get -qq -o APT::Sandbox::User= ${own[@]+"${own[@]}"} download "$1" ) >&2 || return 1
  dpkg-deb --fsys-tarfile "$work"/deb/*.deb | tar -xf - -C "$work/deb" --wildcards './usr/bin/qemu-aarch64*' 2>/dev/null || return 1
  for program in "$work"/deb/usr/bin/qemu-aarch64-static "$work"/deb/usr/bin/qemu-aarch64; do
    [ -f "$program" ] && [ ! -L "$program" ] && "$program" --version >/dev/null 2>&1 || continue
    chmod 755 "$program"
    mv "$program" "$bin/qemu-aarch64" # at once: another one may run this too
    return 0
  done
  return 1
}

say "fetching qemu-aarch64"
# Up to Debian 12 the static programs have a package of their own.
for package in qemu-user-static qemu-user; do ! try "$package" || done_here; done
own_lists || true
for package in qemu-user-static qemu-user; do ! try "$package" || done_here; done
die "no package of this machine's apt brings a static qemu-aarch64. Try apt-get update, or install qemu's user-mode emulation yourself; qemu-aarch64 is found on PATH"
