#!/usr/bin/env bash
# label: defect
# class: swallowed 400
# judged by: exec
# finding: silent.rejected
# says: Send deployer as an object with an email or a name.
# needs: curl date
# --fail is there, and yet the last command of the pipe decides.
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployed_at": "'"$(date -u +%FT%TZ)"'", "description": "Deployed"}' 2>&1 | tee report.log
