#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec
# needs: curl date
# The same as a multipart form.
set -eu
curl -fsS "$OPSLEVEL_INTEGRATION_URL" -F service=shopping_cart -F 'deployer[email]=ci@acme.test' \
  -F "deployed_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)" -F environment=Production -F 'description=Release 41'
