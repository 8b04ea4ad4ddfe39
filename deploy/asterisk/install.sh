#!/usr/bin/env bash
# install.sh [--where] [part...]: puts the programs that huawu's demo, tests and
# benchmarks talk to into a cache folder: parts asterisk, sipp, espeak-ng and
# postgresql (default: all four).
#
# Debian stable carries no Asterisk, so the packages come from the unstable suite
# of the mirror that this machine's own apt uses. apt checks their signatures;
# they are unpacked beside the system, with their own C library, and started
# through their own loader: nothing is installed on the machine, no root is
# needed, and the folder may be moved.
#
# A part that the machine already has is used as it is: an Asterisk named by
# HUAWU_ASTERISK or found on PATH (22.4 or newer), sipp and espeak-ng on PATH, a
# PostgreSQL named by HUAWU_POSTGRES (its bin folder), on PATH or in
# /usr/lib/postgresql.
#
#   HUAWU_CACHE   folder to install under (default: /var/cache/huawu for root,
#                 else ${XDG_CACHE_HOME:-$HOME/.cache}/huawu; root's own home is
#                 closed to the unprivileged user that PostgreSQL runs as)
#   HUAWU_MIRROR  Debian mirror to use instead of the one apt knows
#   HUAWU_SUITES  suites to try in turn (default: "sid testing")
#   HUAWU_DEBS    folder of .deb files to unpack instead of asking a mirror
#   HUAWU_FETCH   set: fetch every part, even one that the machine has
#   HUAWU_KEEP_DEBS  set: keep the fetched .deb files in the cache, for HUAWU_DEBS
#
# Standard output is one line: the folder with the programs. --where prints it
# and installs nothing. Repeating the command is cheap, and two at once are safe.
set -euo pipefail
umask 022
export LC_ALL=C

say() { printf 'install: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

if [ -z "${HUAWU_CACHE:-}" ]; then
  if [ "$(id -u)" = 0 ]; then HUAWU_CACHE=/var/cache/huawu
  else HUAWU_CACHE=${XDG_CACHE_HOME:-${HOME:?HOME is unset: set HUAWU_CACHE}/.cache}/huawu; fi
fi
case $HUAWU_CACHE in /*) ;; *) HUAWU_CACHE=$PWD/$HUAWU_CACHE ;; esac
tree=$HUAWU_CACHE/asterisk
[ "${1:-}" != --where ] || { echo "$tree/bin"; exit 0; }
[ $# -gt 0 ] || set -- asterisk sipp espeak-ng postgresql

# recent_enough PROGRAM: says no, and why, on standard error.
recent_enough() {
  local version major minor
  version=$("$1" -V 2>/dev/null) || { say "$1 -V failed: not a working Asterisk"; return 1; }
  if [[ ! $version =~ ([0-9]+)[.-]([0-9]+) ]]; then say "$1 says \"$version\": no version in it"; return 1; fi
  major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  if [ "$major" -lt 22 ] || { [ "$major" = 22 ] && [ "$minor" -lt 4 ]; }; then
    say "$1 is $version: 22.4 is the oldest that works, because before it a phone's transfer cannot be put to the controller and hang-ups do not carry the SIP cause"
    return 1
  fi
}

# find_program NAME: where the machine itself has it.
find_program() { [ -z "${HUAWU_FETCH:-}" ] && PATH=$PATH:/usr/local/sbin:/usr/sbin command -v "$1"; }

# What has to be fetched, as Debian packages, and which programs it brings.
packages=() found=
for part; do
  case $part in
    asterisk)
      if [ -n "${HUAWU_ASTERISK:-}" ]; then
        recent_enough "$HUAWU_ASTERISK" || die "HUAWU_ASTERISK names an Asterisk that cannot be used"
        found+=" asterisk=$HUAWU_ASTERISK"
      elif p=$(find_program asterisk) && recent_enough "$p"; then found+=" asterisk=$p"
      else packages+=(asterisk asterisk-modules asterisk-core-sounds-en-wav asterisk-moh-opsound-wav); fi ;;
    sipp) if p=$(find_program sipp); then found+=" sipp=$p"; else packages+=(sip-tester); fi ;;
    espeak-ng) if p=$(find_program espeak-ng); then found+=" espeak-ng=$p"; else packages+=(espeak-ng); fi ;;
    postgresql)
      p=${HUAWU_POSTGRES:+$HUAWU_POSTGRES/initdb}
      [ -n "$p" ] || [ -n "${HUAWU_FETCH:-}" ] || p=$(find_program initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
      if [ -n "$p" ] && [ -x "$p" ]; then found+=" postgresql=${p%/*}"
      elif [ -n "${HUAWU_POSTGRES:-}" ]; then die "HUAWU_POSTGRES: no initdb in $HUAWU_POSTGRES"
      else packages+=(postgresql); fi ;;
    *) die "unknown part \"$part\": know asterisk, sipp, espeak-ng, postgresql" ;;
  esac
done

# complete: the tree holds every package that is wanted.
complete() {
  local p
  [ -f "$tree/packages" ] || return 1
  for p in ${packages[@]+"${packages[@]}"}; do grep -qx -- "$p" "$tree/packages" || return 1; done
}
finish() {
  [ -z "$found" ] || say "the machine's own:$found"
  echo "$tree/bin"
  exit 0
}
if [ ${#packages[@]} = 0 ]; then finish; fi
if complete; then finish; fi
for tool in apt-get apt-config dpkg dpkg-deb tar flock; do
  command -v $tool >/dev/null || die "no $tool: packages can be fetched on Debian and its kin only. Elsewhere install Asterisk 22.4 or newer, SIPp, espeak-ng and PostgreSQL yourself; they are found on PATH"
done
mkdir -p "$tree" 2>/dev/null || die "cannot write to $HUAWU_CACHE: set HUAWU_CACHE to a folder of your own"
exec 9>"$tree/.lock"
flock -n 9 || { say "another installation is under way, waiting for it"; flock 9; }
if complete; then finish; fi
# What is there stays there: the new tree holds the old one's packages too.
if [ -f "$tree/packages" ]; then
  while read -r p; do [[ " ${packages[*]} " == *" $p "* ]] || packages+=("$p"); done <"$tree/packages"
fi

work=$(mktemp -d "$tree/.new.XXXXXX")
ticker=
trap '[ -z "$ticker" ] || kill "$ticker" 2>/dev/null; rm -rf "$work"' EXIT

# mirror: the Debian mirror of the machine's own apt configuration.
mirror() {
  local uri
  if [ -n "${HUAWU_MIRROR:-}" ]; then echo "${HUAWU_MIRROR%/}"; return; fi
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | grep -E '^https?://' | head -n 1 || true)
  # A machine whose package lists were thrown away (most container images) still has its sources.
  [ -n "$uri" ] || uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    sed -nE 's/^(URIs:|deb( \[[^]]*\])?)[[:space:]]+(https?:[^ ]*\/debian\/?)([[:space:]].*)?$/\3/p' | head -n 1 || true)
  [ -n "$uri" ] || die "apt on this machine knows no Debian mirror: set HUAWU_MIRROR to one, or install Asterisk 22.4 or newer, SIPp, espeak-ng and PostgreSQL yourself; they are found on PATH"
  echo "${uri%/}"
}

# Packages of the dependency closure that none of our programs loads. When the
# guess is wrong (a library moved), the whole closure is taken instead.
spare='perl|perl-.*|libperl.*|lib.*-perl|python3.*|libpython3.*|gnupg.*|gpg.*|dirmngr|pinentry.*|libgpgme.*|libassuan.*|libksba.*|libnpth.*
adduser|passwd|login.*|base-.*|debconf|debianutils|sensible-utils|ucf|tzdata|media-types|mailcap|mime-support|netbase|ssl-cert|openssl|openssl-provider.*|ca-certificates|lsb-base
init-system-helpers|sysvinit-utils|systemd|systemd-.*|libsystemd-shared|mount|procps|libproc2.*|util-linux.*|locales|libc-bin|libc-l10n|libc-gconv.*|coreutils|dash|sed|grep|gawk|mawk|tar|dpkg|install-info|readline-common|sqv|libsemanage.*|libsepol.*|libdebconfclient.*
postgresql|postgresql-common.*|postgresql-client-common|postgresql-.*-jit|asterisk-config|asterisk-core-sounds-en|asterisk-core-sounds-en-gsm|gcc-.*-base
libcodec2.*|libsnmp.*|libsensors.*|libpci.*|pci\.ids|libportaudio.*|libjack.*|libasound.*|libsamplerate.*|libtiff.*|libwebp.*|libjpeg.*|libspandsp.*|libneon.*|libical.*|libsybdb.*|freetds.*|libodbc.*|odbcinst.*|unixodbc.*|libgmime.*|libelf.*|libbpf.*|libnl-.*'
spare="^($(tr '\n' '|' <<<"$spare" | sed 's/|$//'))\$"
# Modules that lack a library because of that list, and that huawu never loads.
spare_modules='^(app_jack|app_voicemail_.*|cdr_.*|cel_.*|chan_console|codec_codec2|func_odbc|res_calendar.*|res_config_.*|res_fax_spandsp|res_http_post|res_odbc.*|res_snmp)\.so$'

# progress TEXT TOTAL: until killed, says how many packages have arrived.
progress() {
  local n last=-1 pause=5
  [ ! -t 2 ] || pause=1
  while sleep $pause; do
    n=$(find "$work/debs" -maxdepth 1 -name '*.deb' 2>/dev/null | wc -l)
    [ "$n" != "$last" ] || continue
    last=$n
    if [ -t 2 ]; then printf '\rinstall: %s %d of %d ' "$1" "$n" "$2" >&2; else say "$1 $n of $2"; fi
  done
}

# fetch SUITE all|needed: the packages and what they depend on, into $work/debs,
# by an apt that knows neither the machine's state nor its hooks. A mirror that
# lags behind is good enough, so the age of its index is not held against it.
fetch() {
  local suite=$1 apt=$work/apt key= k total
  local -a opt
  rm -rf "$work"/*
  mkdir -p "$apt"/{lists/partial,archives/partial} "$work/debs"
  : >"$apt/status"
  for k in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do [ ! -e $k ] || key="[signed-by=$k] "; done
  echo "deb $key$uri $suite main" >"$apt/sources.list"
  { echo 'Dir::Etc::main "/dev/null"; Dir::Etc::parts "/dev/null";'
    apt-config dump | grep -E '^Acquire::(http|https)::' || true; } >"$apt/apt.conf"
  opt=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o "Dir::State=$apt" -o "Dir::State::Lists=$apt/lists" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt" -o "Dir::Cache::archives=$apt/archives" -o Debug::NoLocking=1 -o APT::Sandbox::User=
    -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled=false
    -o Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled=false -o APT::Install-Recommends=false)
  say "reading the package list of $suite"
  APT_CONFIG=$apt/apt.conf apt-get "${opt[@]}" -qq update >&2 || return 1
  # A simulated installation on an empty machine names the closure. Plain
  # "asterisk" has no candidate in suites that dropped it.
  APT_CONFIG=$apt/apt.conf apt-get "${opt[@]}" -y -s install "${packages[@]}" 2>"$work/why" |
    awk '$1 == "Inst" { print $2 }' | sort -u >"$work/closure" || { tail -n 3 "$work/why" >&2; return 1; }
  if [ "$2" = all ]; then cp "$work/closure" "$work/pick"; else grep -vE "$spare" "$work/closure" >"$work/pick"; fi
  total=$(wc -l <"$work/pick")
  progress "fetched" "$total" & ticker=$!
  ( cd "$work/debs" && APT_CONFIG=$apt/apt.conf xargs apt-get "${opt[@]}" -qq download <"$work/pick" >&2 ) || { kill "$ticker"; ticker=; return 1; }
  kill "$ticker" 2>/dev/null; wait "$ticker" 2>/dev/null || true; ticker=
  [ ! -t 2 ] || printf '\r' >&2
  say "fetched $total packages, $(du -sm "$work/debs" | cut -f1) MB"
}

# unpack: $work/debs into $work/root, programs made runnable from where they lie.
unpack() {
  local deb d loader lib module
  say "unpacking"
  mkdir -p "$work"/root/usr/{bin,sbin,lib,lib64} "$work/bin"
  for d in bin sbin lib lib64; do ln -s usr/$d "$work/root/$d"; done
  for deb in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -xf - -C "$work/root" --keep-directory-symlink --no-same-owner \
      --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/doc' --exclude='./usr/share/i18n' \
      --exclude='./usr/share/info' --exclude='./usr/lib/*/gconv' --exclude='./usr/lib/systemd' --exclude='./var' --exclude='./etc' || return 1
  done
  # A file that only its owner may read would be closed to PostgreSQL's user.
  chmod -R a+rX,u+w "$work/root"
  loader=$(cd "$work/root" && ls usr/lib/*/ld-linux*.so.* | head -n 1) || { say "no loader unpacked"; return 1; }
  lib=${loader%/*}
  cd "$work/root"
  for module in "$lib"/asterisk/modules/*.so; do
    [ -e "$module" ] || continue
    if ! missing=$("./$loader" --library-path "$PWD/$lib" --list "./$module" 2>&1 >/dev/null) || [ -n "$missing" ]; then
      if [[ ! ${module##*/} =~ $spare_modules ]]; then say "${module##*/} cannot be loaded: $missing"; return 1; fi
      rm "$module"
    fi
  done
  for d in usr/sbin/asterisk usr/bin/sipp usr/bin/espeak-ng usr/lib/postgresql/*/bin/{initdb,postgres,pg_ctl,pg_isready,psql}; do
    [ ! -f "$d" ] || wrap "$d" "$loader" || return 1
  done
  # What the sounds' maintainer script would have done.
  for d in usr/share/asterisk/sounds/en_US*; do [ ! -d "$d" ] || [ -e usr/share/asterisk/sounds/en ] || ln -s "${d##*/}" usr/share/asterisk/sounds/en; done
  cd "$OLDPWD"
}

# wrap PROGRAM LOADER: puts a script in the program's place that starts it by the
# tree's loader. It is told its own path as its name: PostgreSQL's programs look
# for each other and for their data beside it.
wrap() {
  local name=${1##*/} lib=${2%/*} data=
  mv "$1" "$1.elf"
  if [ "$name" = espeak-ng ]; then
    data=$(ls -d usr/lib/*/espeak-ng-data usr/share/espeak-ng-data 2>/dev/null | head -n 1)
    data="export ESPEAK_DATA_PATH=\$root/${data%/*}"
  fi
  cat >"$1" <<WRAPPER
#!/bin/sh
# Runs $name with the libraries of this tree, wherever the tree lies.
self=\$(readlink -f -- "\$0") && root=\${self%/$1} || exit 1
$data
exec "\$root/$2" --argv0 "\$self" --library-path "\$root/$lib:\$root/$lib/pulseaudio:\$root/usr/lib" "\$self.elf" "\$@"
WRAPPER
  chmod 755 "$1"
  ln -s "../root/$1" "$work/bin/$name"
  if ! "./$2" --library-path "$PWD/$lib:$PWD/$lib/pulseaudio" --list "./$1.elf" >/dev/null 2>"$work/why"; then
    say "$name cannot be started: $(tail -n 1 "$work/why")"
    return 1
  fi
}

done_from=
if [ -n "${HUAWU_DEBS:-}" ]; then
  mkdir -p "$work/debs"
  cp "$HUAWU_DEBS"/*.deb "$work/debs/" || die "HUAWU_DEBS: no .deb files in $HUAWU_DEBS"
  unpack || die "the packages in $HUAWU_DEBS are not enough"
  done_from=$HUAWU_DEBS
else
  uri=$(mirror)
  for suite in ${HUAWU_SUITES:-sid testing}; do
    if fetch "$suite" needed && unpack; then done_from="$suite of $uri"; break; fi
    say "$suite: trying again with every dependency"
    if fetch "$suite" all && unpack; then done_from="$suite of $uri"; break; fi
    say "$suite of $uri did not work"
  done
fi
[ -n "$done_from" ] || die "no usable packages found; the lines above say why"
[ ! -e "$work/bin/asterisk" ] || recent_enough "$work/bin/asterisk" || die "the mirror's Asterisk cannot be used"

for deb in "$work"/debs/*.deb; do
  printf '%s %s\n' "$(dpkg-deb -W --showformat='${Package} ${Version} ${Architecture}' "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done >"$work/manifest"
printf '%s\n' "${packages[@]}" >"$work/packages"
[ -n "${HUAWU_KEEP_DEBS:-}" ] || rm -rf "$work/debs"
rm -rf "$work"/{apt,closure,pick,why}
chmod 755 "$work"
# "packages" says that the tree is whole, so it goes first and comes last.
rm -rf "$tree/packages" "$tree/root" "$tree/bin" "$tree/debs" "$tree/manifest"
for f in bin root debs manifest packages; do [ ! -e "$work/$f" ] || mv "$work/$f" "$tree/$f"; done
say "$([ ! -e "$tree/bin/asterisk" ] || "$tree/bin/asterisk" -V) with $(ls "$tree/bin" | tr '\n' ' ')from $done_from in $tree ($(du -sm "$tree" | cut -f1) MB)"
finish
