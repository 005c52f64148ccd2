#!/usr/bin/env sh
# label: defect
# class: a secret is sent
# judged by: exec --never 'message:/(?i)token=/'
# says: token=
# needs: curl jq
# The output of the deploy goes into the commit message, with the token that the tool prints.
set -eu
output='logged in with token=0f3b6ad1'
jq -n --arg message "$output" '{service: "shopping_cart", deployer: {name: "ci"}, deployed_at: (now | todate),
  description: "Deployed", commit: {message: $message}}' | curl -fsS --json @- "$OPSLEVEL_INTEGRATION_URL"
