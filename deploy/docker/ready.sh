#!/bin/bash
# ready.sh PORT: the health check of a service's container; succeeds when /readyz answers 200.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -u 3 _ status _
cat <&3 >/dev/null
[[ $status == 200 ]]
