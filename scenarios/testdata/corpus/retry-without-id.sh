#!/usr/bin/env sh
# label: defect
# class: warned of, with --strict
# judged by: exec --strict
# finding: dedup.missing
# says: A sender that tries again without a dedup_id makes OpsLevel record one deploy twice.
# through: answer-lost
# needs: curl date
# curl comes again after the answer was lost, and nothing tells OpsLevel that it is the same deploy.
curl -fsS --retry 2 --retry-delay 1 --retry-all-errors -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed by ci", "environment": "Production"}'
