#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec --expect 'service:shopping_cart environment:Staging'
# needs: curl date
# The payload straight from a here-document, and the answer looked at.
set -eu
answer=$(curl -sS --fail-with-body --data-binary @- -H 'Content-Type: application/json; charset=utf-8' \
  "$OPSLEVEL_INTEGRATION_URL" <<JSON
{"service": "shopping_cart", "deployer": {"email": "ci@acme.test"}, "environment": "Staging",
 "deployed_at": "$(date -u '+%Y-%m-%d %H:%M:%S')", "description": "Deployed by make staging"}
JSON
)
case $answer in *'"ok"'*) ;; *) echo "OpsLevel said $answer" >&2; exit 1 ;; esac
