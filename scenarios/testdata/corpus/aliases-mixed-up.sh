#!/usr/bin/env bash
# label: defect
# class: wrong service
# judged by: exec --fixtures opslevel.yml --fixtures 'services/*/opslevel.yml' --expect service:checkout --expect service:inventory
# says: service:inventory
# needs: curl date
# inventory was copied from checkout, and one line was forgotten. Every alias that is sent is a good one.
set -euo pipefail
report() {
  curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d "{\"service\": \"$1\", \"deployer\": {\"name\": \"ci\"},
    \"deployed_at\": \"$(date -u +%FT%TZ)\", \"description\": \"$2\", \"environment\": \"Production\", \"dedup_id\": \"$$-$2\"}"
}
report checkout "Deploy of checkout"
report checkout "Deploy of inventory"
