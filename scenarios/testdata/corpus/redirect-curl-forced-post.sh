#!/usr/bin/env sh
# label: defect
# class: redirect
# judged by: exec
# finding: silent.rejected wire.redirect
# says: without its body
# through: moved-301
# needs: curl date
# With -X POST the method stays, and the body is lost all the same.
curl -sL -X POST -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'
