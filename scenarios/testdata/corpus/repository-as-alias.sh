#!/usr/bin/env bash
# label: defect
# class: unknown alias
# judged by: exec --type githubActions
# finding: silent.unknown_alias
# says: No service has the alias "acme/web-shop"
# system: github
# needs: opslevel
# The repository was renamed, and the action's default for service is the repository's name.
set -euo pipefail
GITHUB_REPOSITORY=acme/web-shop
printf 'service: "%s"\ndescription: "Event Created by %s"\ndedup-id: "%s"\n' "$GITHUB_REPOSITORY" "$GITHUB_WORKFLOW" "$GITHUB_RUN_ID" > data.yaml
opslevel create deploy -f .
