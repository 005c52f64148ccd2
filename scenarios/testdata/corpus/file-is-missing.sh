#!/usr/bin/env sh
# label: defect
# class: broken JSON
# judged by: exec
# finding: silent.rejected
# says: without
# needs: curl
# The file is written by another step. curl warns, and posts nothing as its body.
curl -s -H 'Content-Type: application/json' --data-binary @payload.json "$OPSLEVEL_INTEGRATION_URL" || echo "no payload"
curl -s -X POST -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL"
