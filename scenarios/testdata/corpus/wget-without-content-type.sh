#!/usr/bin/env sh
# label: defect
# class: JSON as a form
# judged by: exec
# finding: silent.rejected body.form_encoded_json
# says: Send the header Content-Type: application/json.
# needs: wget
# wget says the same of --post-data, and its error is thrown away.
wget -q -O - --post-data '{"service":"shopping_cart","deployer":{"name":"ci"},"deployed_at":"2026-01-31T16:20:00Z","description":"x"}' \
  "$OPSLEVEL_INTEGRATION_URL" || true
