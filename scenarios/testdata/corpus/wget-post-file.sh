#!/usr/bin/env sh
# label: healthy
# class: wget
# judged by: exec
# needs: wget date
# An image without curl.
set -eu
cat > deploy.json <<JSON
{"service": "shopping_cart", "deployer": {"name": "wget"}, "deployed_at": "$(date -u +%Y-%m-%dT%H:%M:%SZ)", "description": "Deployed from alpine"}
JSON
wget -q -O - --header 'Content-Type: application/json' --post-file deploy.json "$OPSLEVEL_INTEGRATION_URL"
