#!/usr/bin/env sh
# label: defect
# class: wrong method
# judged by: exec
# finding: wire.method
# says: A GET reached the integration URL
# needs: curl date
# -G turns the data into a query, and the call into a GET.
curl -s -G "$OPSLEVEL_INTEGRATION_URL" --data-urlencode service=shopping_cart --data-urlencode 'description=Deployed' \
  --data-urlencode 'deployer[name]=ci' --data-urlencode "deployed_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
