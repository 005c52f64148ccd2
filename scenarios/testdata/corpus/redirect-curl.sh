#!/usr/bin/env sh
# label: defect
# class: redirect
# judged by: exec
# finding: wire.redirect
# says: After a 301 or 302 most clients repeat a POST as a GET
# through: moved-301
# needs: curl date
# http:// is moved to https://: after the 301 curl -L asks with a GET and without the body.
curl -sL -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'
