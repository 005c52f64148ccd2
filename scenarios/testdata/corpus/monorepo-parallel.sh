#!/usr/bin/env bash
# label: healthy
# class: monorepo
# judged by: exec --fixtures opslevel.yml --fixtures 'services/*/opslevel.yml' --expect service:checkout --expect service:inventory --expect service:shopping_cart
# needs: curl xargs date
# One report for each folder that changed, four at a time.
set -euo pipefail
export RUN="$RANDOM-$(date +%s)"
report='curl -fsS -H "Content-Type: application/json" "$OPSLEVEL_INTEGRATION_URL" -d "{\"service\":\"$1\",\"deployer\":{\"name\":\"mono\"},\"deployed_at\":\"$(date -u +%FT%TZ)\",\"description\":\"Deploy $1\",\"environment\":\"Production\",\"dedup_id\":\"$RUN/$1/Production\"}"'
printf '%s\n' shopping_cart checkout inventory | xargs -P 4 -I{} bash -c "$report" report {}
