#!/bin/bash
# Runs huawu in a container. Before "serve" it makes what is not there yet:
# passwords, Asterisk's configuration for the other container, huawu's own, and
# the centre to begin with. docs/containers.md tells the variables.
set -euo pipefail
umask 077

secrets=/var/lib/huawu-secrets
prompts=/var/lib/huawu-prompts
etc=/etc/huawu

# Older programs that read compose files know no empty default.
for name in HUAWU_TRUNK_HOST HUAWU_TRUNK_MATCH HUAWU_DSN; do
  [ "${!name:-none}" != none ] || export "$name="
done

say() { echo "entrypoint: $*" >&2; }
die() { say "$*"; exit 3; }

# random N: so many random bytes in hexadecimal.
random() { od -An -v -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

# number NAME LOW HIGH: a variable that must be a whole number in a range.
number() {
  [[ ${!1} =~ ^[0-9]{1,5}$ ]] && [ "$((10#${!1}))" -ge "$2" ] && [ "$((10#${!1}))" -le "$3" ] ||
    die "$1=${!1}: want a whole number from $2 to $3"
}

# accounts: "<name> <SIP password> <PIN>" a line; the caller has no PIN. What is
# there stays, what is missing is made.
accounts() {
  local name pin
  touch "$secrets/accounts"
  for name in caller "$@"; do
    ! grep -q "^$name " "$secrets/accounts" || continue
    pin=$(printf '%06d' $((16#$(random 4) % 1000000)))
    [ "$name" != caller ] || pin=
    echo "$name $(random 16) $pin" >>"$secrets/accounts"
  done
}

# print_asterisk AGENT...: Asterisk's configuration with the passwords in it.
print_asterisk() {
  local agent file args=(--http-bind "$HUAWU_ARI_BIND" --http-port "$HUAWU_ARI_PORT" --sip-bind "$HUAWU_SIP_BIND" --sip-port "$HUAWU_SIP_PORT" --phone caller)
  for agent; do args+=(--phone "$agent"); done
  if [ -n "$HUAWU_TRUNK_HOST$HUAWU_TRUNK_MATCH" ]; then
    args+=(--trunk trunk --trunk-host "$HUAWU_TRUNK_HOST" --trunk-match "$HUAWU_TRUNK_MATCH")
    [ -z "$HUAWU_TRUNK_HOST" ] || args+=(--emergency 110 --emergency 119 --emergency 120 --emergency 122)
  fi
  rm -rf "$secrets/asterisk.new"
  mkdir "$secrets/asterisk.new"
  for file in asterisk.conf modules.conf http.conf ari.conf pjsip.conf extensions.conf; do
    huawu asterisk config --section "$file" "${args[@]}" |
      awk -v ari="$(cat "$secrets/ari-password")" -v accounts="$secrets/accounts" '
        BEGIN { while ((getline line < accounts) > 0) { split(line, f, " "); password[f[1]] = f[2] } }
        $1 == "username" { user = $3 }
        $1 == "password" { $0 = "password = " (user == "" ? ari : password[user]) }
        { print }' >"$secrets/asterisk.new/$file"
  done
  # One rename, so that Asterisk's container never sees a half of it.
  rm -rf "$secrets/asterisk"
  mv "$secrets/asterisk.new" "$secrets/asterisk"
}

write_config() {
  local store="sqlite: /var/lib/huawu/huawu.db"
  [ -z "$HUAWU_DSN" ] || store="postgres_env: HUAWU_DSN"
  cat >"$etc/huawu.yaml" <<CONFIG
data_dir: /var/lib/huawu
listen: $HUAWU_LISTEN
log: {level: $HUAWU_LOG_LEVEL, format: $HUAWU_LOG_FORMAT}
store: {$store}
switches:
  - name: asterisk
    url: http://$HUAWU_ARI_BIND:$HUAWU_ARI_PORT
    password_file: $secrets/ari-password
    recordings: /var/spool/asterisk/recording
prompts: {dir: $prompts/recorded, cache: $prompts/generated, recordings: $prompts/phrases}
drain: $HUAWU_DRAIN
centre: $etc/centre.yaml
CONFIG
}

# write_centre AGENT...: one hotline, two queues that all agents serve.
write_centre() {
  local agent
  {
    echo "zone: $HUAWU_ZONE"
    echo "numbers: [{number: \"$HUAWU_NUMBER\", flow: demo}]"
    [ -z "$HUAWU_TRUNK_HOST" ] || echo "trunks: [{id: trunk, endpoint: \"PJSIP/{number}@trunk\", number: \"$HUAWU_NUMBER\"}]"
    cat <<CODES
codes:
  - {code: "*11", flow: agent-sign-in}
  - {code: "*12", flow: agent-ready}
  - {code: "*13", flow: agent-not-ready}
  - {code: "*14", flow: agent-sign-out}
queues:
  - {id: sales, name: 业务咨询, wrap_up: 10s}
  - {id: support, name: 技术支持, wrap_up: 10s}
CODES
    echo seats:
    for agent; do echo "  - {endpoint: PJSIP/$agent, extension: \"$agent\"}"; done
    echo agents:
    for agent; do echo "  - {id: \"$agent\", queues: [sales, support]}"; done
    echo pins:
    for agent; do echo "  - {agent: \"$agent\", pin: \"$(awk -v name="$agent" '$1 == name { print $3 }' "$secrets/accounts")\"}"; done
  } >"$etc/centre.yaml"
}

if [ "${1:-serve}" = serve ]; then
  number HUAWU_PHONES 1 999
  number HUAWU_SIP_PORT 1 65535
  number HUAWU_ARI_PORT 1 65535
  [[ $HUAWU_NUMBER =~ ^[0-9]+$ ]] || die "HUAWU_NUMBER=$HUAWU_NUMBER: want digits"
  mapfile -t agents < <(seq 1001 $((1000 + 10#$HUAWU_PHONES)))
  [ -s "$secrets/ari-password" ] || random 16 >"$secrets/ari-password"
  accounts "${agents[@]}"
  mkdir -p "$prompts/recorded"
  # A configuration of the house's own, named by HUAWU_CONFIG, is left alone.
  [ -n "${HUAWU_CONFIG:-}" ] || write_config
  write_centre "${agents[@]}"
  print_asterisk "${agents[@]}"
  say "phones $HUAWU_SIP_BIND:$HUAWU_SIP_PORT, hotline $HUAWU_NUMBER, API http://$HUAWU_LISTEN; accounts in $secrets/accounts, token in /var/lib/huawu/token"
fi
exec huawu "$@"
