#!/usr/bin/env bash
# label: healthy
# class: curl
# judged by: exec --expect service:shopping_cart
# needs: curl jq date
# A commit message with everything that breaks a payload made by hand; jq writes it rightly.
set -euo pipefail
message='Merge "fix: tax rate" into main

\n is not a line break, $(true) is not run, and 100 % of `it` arrives 🚀'
jq -n --arg message "$message" --arg at "$(date -u +%FT%TZ)" --arg id "jq-$RANDOM-$(date +%s)" '{
  service: "acme/shopping-cart", deployer: {name: "jq"}, deployed_at: $at, environment: "Production",
  description: ($message | split("\n")[0]), dedup_id: $id,
  commit: {sha: "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", message: $message, branch: "main"}
}' | curl -fsS --json @- "$OPSLEVEL_INTEGRATION_URL"
