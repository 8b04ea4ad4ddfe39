#!/usr/bin/env bash
# compose-check.sh: brings docker-compose.yml up for real, places a call through
# it and takes it down again, whatever happens. Ends with 1 and the containers'
# logs when anything is wrong.
#
# With a Docker engine it uses that. Without one, as root on Debian, it uses
# podman, which it installs, and no registry of images: the base images are made
# from the machine's own Debian mirror and Go, under the names that the
# Dockerfiles use. The first run takes minutes, a repeated one far less.
#
# Every run has a project name and loopback addresses of its own.
#
#   HUAWU_MIRROR      Debian mirror to use instead of the one apt knows
#   HUAWU_CHECK_KEEP  set: leave the containers up and say how to end them
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

say() { printf 'compose-check: %3d s  %s\n' "$SECONDS" "$*"; }
die() { say "$*"; exit 1; }

work=$(mktemp -d)
project=huawucheck$$
up=
# loud SECONDS COMMAND...: runs it for so long at most; what it wrote is shown
# only if it fails.
loud() {
  local limit=$1
  shift
  local status=0
  timeout --kill-after 10 "$limit" "$@" >"$work/log" 2>&1 || status=$?
  # podman-compose only tells of what failed below it.
  ! grep -qE '^exit code: [1-9]' "$work/log" || status=1
  [ $status != 0 ] || return 0
  tail -n 60 "$work/log"
  [ $status != 124 ] || say "it took more than $limit s: $*"
  return $status
}

container() { "$engine" ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1"; }

finish() {
  local status=$?
  trap - EXIT INT TERM
  set +e
  if [ $status != 0 ] && [ -n "$up" ]; then
    for service in asterisk huawu; do
      say "the log of $service:"
      "$engine" logs --tail 80 "$(container $service)" 2>&1
    done
  fi
  if [ -n "$up" ] && [ -n "${HUAWU_CHECK_KEEP:-}" ]; then
    say "left up: $(container asterisk) $(container huawu); end them with: ${compose[*]} down -v"
  elif [ -n "$up" ]; then
    loud 120 "${compose[@]}" down -v -t 30
    if [ -z "$(container asterisk)$(container huawu)" ]; then
      [ $engine = docker ] || podman network rm "${project}_default" >/dev/null 2>&1
      say "taken down"
    else
      say "could not be taken down"
      status=1
    fi
  fi
  rm -rf "$work"
  [ $status != 0 ] || say "passed"
  exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The names that the Dockerfiles build on.
from() { sed -nE "s/^FROM ($1:[^ ]+).*/\1/p" deploy/*/Dockerfile | sort -u; }
debian=$(from debian) golang=$(from golang)
wanted=$(sed -nE 's/^go ([0-9]+\.[0-9]+).*/\1/p' go.mod)
[ "$golang-slim" = "golang:$wanted-${debian#*:}" ] ||
  die "deploy/huawu/Dockerfile builds with $golang on $debian, go.mod wants Go $wanted"

if docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
  engine=docker compose=(docker compose -p "$project")
  build=("${compose[@]}" build)
else
  engine=podman compose=(podman-compose -p "$project")
  # The build has the machine's network and its Go caches.
  mkdir -p "$(go env GOMODCACHE)" "$(go env GOCACHE)"
  build=(podman-compose -p "$project" --podman-build-args="--network host -v $(go env GOMODCACHE):/gomodcache -v $(go env GOCACHE):/gocache --build-arg GOMODCACHE=/gomodcache --build-arg GOCACHE=/gocache" build)
fi
say "with $engine"

# shim: a podman in front of the real one. Debian's podman-compose asks for a
# network of its own beside the host's, which podman refuses.
shim() {
  mkdir "$work/bin"
  cat >"$work/bin/podman" <<SHIM
#!/bin/bash
args=()
if [ "\$1" = run ] && [[ " \$* " == *" --network host "* ]]; then
  while [ \$# -gt 0 ]; do
    case \$1 in --net | --network-alias) shift ;; *) args+=("\$1") ;; esac
    shift
  done
else
  args=("\$@")
fi
exec $(command -v podman) "\${args[@]}"
SHIM
  chmod +x "$work/bin/podman"
  PATH=$work/bin:$PATH
}

install_podman() {
  local p missing=() tool
  for p in podman:podman podman-compose:podman-compose runc:runc netavark:/usr/lib/podman/netavark aardvark-dns:/usr/lib/podman/aardvark-dns \
    fuse-overlayfs:fuse-overlayfs iptables:iptables debootstrap:debootstrap; do
    tool=${p#*:}
    PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || missing+=("${p%%:*}")
  done
  [ ${#missing[@]} != 0 ] || return 0
  command -v apt-get >/dev/null || die "no Docker engine, and no apt-get to install podman with"
  [ "$(id -u)" = 0 ] || die "no Docker engine; podman can be used by root only"
  say "installing ${missing[*]}"
  loud 180 apt-get -qq -o DPkg::Lock::Timeout=120 update || die "apt-get update failed"
  DEBIAN_FRONTEND=noninteractive loud 300 apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends install "${missing[@]}" || die "podman could not be installed"
}

mirror() {
  local uri=${HUAWU_MIRROR:-}
  [ -n "$uri" ] || uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | grep -E '^https?://' | head -n 1 || true)
  [ -n "$uri" ] || die "apt on this machine knows no Debian mirror: set HUAWU_MIRROR"
  echo "${uri%/}"
}

# base_debian: a minimal Debian in the image's place, without what apt left.
base_debian() {
  local uri suite include=()
  uri=$(mirror)
  suite=${debian#*:} suite=${suite%-slim}
  case $uri in https:*) include=(--include=ca-certificates) ;; esac
  say "making $debian from the machine's Debian mirror"
  loud 400 debootstrap --variant=minbase "${include[@]}" "$suite" "$work/debian" "$uri" || die "debootstrap failed"
  rm -rf "$work/debian/var/cache/apt/archives" "$work"/debian/var/lib/apt/lists/* "$work"/debian/var/log/*
  loud 120 bash -c 'tar -C "$1" -c . | podman import - "localhost/$2"' - "$work/debian" "$debian" || die "podman import failed"
  rm -rf "$work/debian"
}

# base_go: the same with this machine's Go.
base_go() {
  local root
  root=$(go env GOROOT)
  case $(go env GOVERSION) in go"$wanted" | go"$wanted".*) ;; *) die "this machine's Go is $(go env GOVERSION), want $wanted" ;; esac
  say "making $golang from this machine's Go"
  printf '%s\n' "FROM $debian" 'RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends ca-certificates >/dev/null' \
    'COPY bin /usr/local/go/bin' 'COPY pkg /usr/local/go/pkg' 'COPY src /usr/local/go/src' 'COPY go.env VERSION /usr/local/go/' \
    'ENV GOPATH=/go GOTOOLCHAIN=local PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' >"$work/Containerfile"
  loud 300 podman build --network host -t "localhost/$golang" -f "$work/Containerfile" "$root" || die "podman build failed"
}

# The caller, built as the image builds huawu, so that it finds the same packages.
CGO_ENABLED=0 loud 600 go build -trimpath -o "$work/call" ./test/compose || die "test/compose does not build"

# Images and their cache are common to all runs, so one run at a time makes them.
exec 9>"${TMPDIR:-/tmp}/huawu-compose-check.lock"
flock -n 9 || { say "another run is building, waiting for it"; flock -w 900 9 || die "it did not end"; }
if [ "$engine" = podman ]; then
  install_podman
  # Debian's crun does not start under mixed versions of control groups; the
  # limits are what the machine allows.
  files=$(ulimit -Hn)
  [ "$files" != unlimited ] && [ "$files" -le 65536 ] || files=65536
  cat >"$work/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=4096:4096"]
[engine]
runtime = "runc"
[network]
network_backend = "netavark"
CONF
  export CONTAINERS_CONF=$work/containers.conf DISABLE_HC_SYSTEMD=true
  shim
  podman image exists "$debian" || base_debian
  podman image exists "$golang" || base_go
fi

say "building the images"
loud 900 "${build[@]}" || die "the images could not be built"

# A /24 of the loopback network on which nobody listens.
for _ in {1..50}; do
  a=$((RANDOM % 254 + 1)) b=$((RANDOM % 256))
  ! grep -qi "$(printf ' [0-9A-F]{2}%02X%02X7F:' $b $a)" -E /proc/net/tcp /proc/net/udp || continue
  net=127.$a.$b
  break
done
export HUAWU_SIP_BIND=$net.1 HUAWU_ARI_BIND=$net.1 HUAWU_LISTEN=$net.1:8080 HUAWU_TRUNK_MATCH=$net.2 HUAWU_TRUNK_HOST=$net.2:5060
export HUAWU_PHONES=3

say "bringing it up as $project on $net.1"
up=yes
loud 120 "${compose[@]}" up -d || die "it did not come up"
flock -u 9

healthy() {
  if [ "$engine" = docker ]; then
    [ "$(docker inspect -f '{{.State.Health.Status}}' "$1")" = healthy ]
  else
    # Nobody runs the health checks where there is no systemd.
    podman healthcheck run "$1" >"$work/health" 2>&1
  fi
}
for service in asterisk huawu; do
  id=$(container $service)
  [ -n "$id" ] || die "there is no container of $service"
  deadline=$((SECONDS + 90))
  until healthy "$id"; do
    [ $SECONDS -lt $deadline ] || { cat "$work/health" 2>/dev/null; die "$service is not healthy after 90 s"; }
    [ "$("$engine" inspect -f '{{.State.Running}}' "$id")" = true ] || die "$service has ended"
    sleep 0.5
  done
  say "$service is healthy"
done

say "placing a call"
timeout --kill-after 10 90 "$work/call" -in "$engine exec $(container huawu)" -sip "$net.1:5060" -api "http://$net.1:8080" -outside "$net.2" -phones "$net.3"
