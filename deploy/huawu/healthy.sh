#!/bin/bash
# Says whether huawu is ready, and if not, why.
set -euo pipefail
exec 3<>"/dev/tcp/${HUAWU_LISTEN%:*}/${HUAWU_LISTEN##*:}"
printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
answer=$(timeout 4 cat <&3)
[[ ${answer%%$'\r'*} == *" 200 "* ]] || { echo "${answer##*$'\r\n\r\n'}"; exit 1; }
