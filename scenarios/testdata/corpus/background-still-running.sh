#!/usr/bin/env sh
# label: healthy
# class: background
# judged by: exec
# needs: curl date
# The report goes into the background and the script ends first; the job is over only when its processes are.
set -eu
( sleep 0.4
  curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
    "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Sent late"}'
) >/dev/null 2>&1 &
echo "deployed"
