#!/usr/bin/env bash
# label: healthy
# class: background
# judged by: exec --fixtures opslevel.yml --fixtures 'services/**/opslevel.yml' --times 3
# needs: curl date
# Three services at the same time; the script waits for all of them.
set -euo pipefail
run="release-$RANDOM-$(date +%s)"
report() {
  curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d "{\"service\": \"$1\", \"deployer\": {\"name\": \"ci\"},
    \"deployed_at\": \"$(date -u +%FT%TZ)\", \"description\": \"Release train\", \"environment\": \"Production\", \"dedup_id\": \"$run-$1\"}"
}
pids=()
for service in shopping_cart checkout inventory; do
  report "$service" & pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
