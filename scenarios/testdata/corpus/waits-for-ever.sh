#!/usr/bin/env sh
# label: defect
# class: timeout
# judged by: exec --timeout 700ms
# exit: 5
# says: The command still ran at the end of --timeout
# through: no-answer
# needs: curl
# No --max-time: where a firewall swallows the request, the job hangs until somebody looks.
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart"}'
