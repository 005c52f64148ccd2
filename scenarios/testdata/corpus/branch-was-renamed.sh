#!/usr/bin/env sh
# label: defect
# class: nothing sent
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# system: github
# needs: curl
# master is called main now, and nobody told the script.
set -eu
if [ "$GITHUB_REF_NAME" = master ]; then
  curl -fsS -H 'Content-Type: application/json' -d @deploy.json "$OPSLEVEL_INTEGRATION_URL"
fi
