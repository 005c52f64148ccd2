#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec --expect 'service:shopping_cart deployer:"Michael Scott"'
# needs: curl date
# Real form fields, with the brackets that Rails reads.
set -eu
curl -fsS "$OPSLEVEL_INTEGRATION_URL" \
  --data-urlencode service=shopping_cart --data-urlencode 'deployer[name]=Michael Scott' \
  --data-urlencode "deployed_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)" --data-urlencode environment=Production \
  --data-urlencode 'description=Tax & duties, 50 % done' --data-urlencode 'commit[branch]=main'
