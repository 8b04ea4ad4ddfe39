#!/bin/bash
# Says whether Asterisk has loaded everything and answers ARI with huawu's
# password.
set -euo pipefail
asterisk -rx 'core waitfullybooted' >/dev/null
setting() { sed -nE "s/^$1 *= *(.*)/\1/p" /etc/asterisk/http.conf; }
secret=$(printf 'huawu:%s' "$(cat /var/lib/huawu-secrets/ari-password)" | base64 -w 0)
exec 3<>"/dev/tcp/$(setting bindaddr)/$(setting bindport)"
printf 'GET /ari/asterisk/ping HTTP/1.0\r\nAuthorization: Basic %s\r\n\r\n' "$secret" >&3
read -r -t 3 status <&3
[[ $status == *" 200 "* ]] || { echo "ARI answers: $status"; exit 1; }
