#!/usr/bin/env sh
# label: defect
# class: timeout
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# through: no-answer
# needs: curl
# A firewall swallows the request; curl gives up after a while, and the script goes on.
curl -fsS --max-time 0.5 -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart"}' ||
  echo "OpsLevel is slow today, going on"
