#!/usr/bin/env bash
# label: defect
# class: unknown alias
# judged by: exec --fixtures opslevel.yml --fixtures 'services/**/opslevel.yml'
# finding: silent.unknown_alias
# says: No service has the alias "stock"
# needs: curl date
# Two of three services arrive; the third was renamed.
set -euo pipefail
for service in shopping_cart checkout stock; do
  curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d "{\"service\": \"$service\", \"deployer\": {\"name\": \"ci\"},
    \"deployed_at\": \"$(date -u +%FT%TZ)\", \"description\": \"Release train\", \"dedup_id\": \"train-$$-$service\"}"
done
