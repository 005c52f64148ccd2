#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec
# needs: curl date
# A client that would rather speak HTTP/2 and asks for it on the way (Java's HttpClient does so by itself).
set -eu
curl --http2 -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "java"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'
