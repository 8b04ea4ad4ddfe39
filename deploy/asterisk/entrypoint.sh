#!/bin/bash
# Runs Asterisk in a container. A file of its configuration is made of up to
# three parts: the image's own, what huawu's container has printed into the
# volume of secrets, and what the house adds in /etc/asterisk/local. When a part
# changes, Asterisk reloads: calls stay up.
set -euo pipefail
umask 027

own=/opt/huawu/etc
printed=/var/lib/huawu-secrets/asterisk
added=/etc/asterisk/local
etc=/etc/asterisk

say() { echo "entrypoint: $*"; }

# sum: changes when a part does.
sum() { cat "$printed"/*.conf "$added"/*.conf 2>/dev/null | cksum || true; }

# assemble: every file of the three parts, put together.
assemble() {
  local file name
  for file in "$own"/*.conf "$printed"/*.conf "$added"/*.conf; do
    [ -e "$file" ] || continue
    name=${file##*/}
    cat "$own/$name" "$printed/$name" "$added/$name" 2>/dev/null >"$etc/.$name" || true
    mv "$etc/.$name" "$etc/$name"
  done
  cat >"$etc/rtp.conf" <<RTP
[general]
rtpstart = ${HUAWU_RTP_START:-10000}
rtpend = ${HUAWU_RTP_END:-11999}
RTP
  [ ! -e "$added/rtp.conf" ] || cat "$added/rtp.conf" >>"$etc/rtp.conf"
}

stopped=
[ -e "$printed/pjsip.conf" ] || say "waiting for huawu's container to print its configuration to $printed"
trap 'stopped=1' TERM INT
until [ -e "$printed/pjsip.conf" ]; do
  [ -z "$stopped" ] || exit 0
  sleep 0.5
done

# A call takes about five file descriptors, and the usual limit is 1024.
ulimit -n 16384 2>/dev/null || ulimit -n "$(ulimit -Hn)"
known=$(sum)
assemble
asterisk -nf &
pid=$!
trap 'kill -TERM $pid 2>/dev/null || true' TERM INT
while kill -0 $pid 2>/dev/null; do
  sleep 2 &
  wait -n $pid $! || true # until Asterisk ends, a signal comes or time is up
  current=$(sum)
  # While it is being replaced the printed part is not there.
  if [ "$current" != "$known" ] && [ -e "$printed/pjsip.conf" ]; then
    say "the configuration has changed: reloading"
    known=$current
    assemble
    asterisk -rx 'core reload' >/dev/null || say "Asterisk did not reload"
  fi
done
wait $pid
