#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec
# needs: curl date
# A body whose length nobody knew beforehand.
set -eu
printf '{"service":"shopping_cart","deployer":{"name":"stream"},"deployed_at":"%s","description":"Streamed"}' \
  "$(date -u +%Y-%m-%dT%H:%M:%SZ)" |
  curl -fsS -X POST -T - -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL"
