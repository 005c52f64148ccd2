#!/usr/bin/env sh
# label: defect
# class: warned of, with --strict
# judged by: exec --strict
# finding: date.future
# says: deployed_at
# needs: curl
# The local time of Auckland, called UTC.
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(TZ=NZST-13 date +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'
