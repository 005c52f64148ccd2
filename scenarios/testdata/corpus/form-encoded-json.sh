#!/usr/bin/env sh
# label: defect
# class: JSON as a form
# judged by: exec
# finding: silent.rejected body.form_encoded_json
# says: Add -H 'Content-Type: application/json' to curl
# needs: curl date
# curl -d without a content type says that it is a form.
curl -s "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'
