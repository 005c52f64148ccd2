#!/usr/bin/env bash
# label: healthy
# class: Jenkins plugin
# judged by: exec --type jenkins --expect service:shopping_cart
# system: jenkins
# needs: curl date
# What the official plugin sends when it has nothing but a URL: no deployer, a random id, an agent in the query. It looks
# at no status.
set -euo pipefail
id=$(printf '%04x%04x-%04x-4%03x-8%03x-%04x%04x%04x' $RANDOM $RANDOM $RANDOM $((RANDOM % 4096)) $((RANDOM % 4096)) $RANDOM $RANDOM $RANDOM)
curl -sS -A okhttp/4.12.0 -H 'Content-Type: application/json; charset=utf-8' "$OPSLEVEL_INTEGRATION_URL?agent=jenkins-1.2.6" -d '{"dedup_id":"'"$id"'","deploy_number":"'"$BUILD_NUMBER"'","deploy_url":"'"$BUILD_URL"'","deployed_at":"'"$(date -u +%FT%TZ)"'","description":"Jenkins Deploy #'"$BUILD_NUMBER"'","environment":"Production","service":"shopping_cart","commit":{"sha":"'"$GIT_COMMIT"'","branch":"origin/main","message":"Merge the tax rate"}}'
