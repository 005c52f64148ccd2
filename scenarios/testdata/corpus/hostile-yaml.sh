#!/usr/bin/env bash
# label: defect
# class: hostile values
# judged by: probe --system github --value double-quote --value backslash
# says: double-quote
# needs: opslevel
# The official action's way: YAML made by hand, between double quotes.
set -uo pipefail
cat > data.yaml <<YAML
service: "shopping_cart"
description: "Event Created by ${GITHUB_WORKFLOW}"
dedup-id: "${GITHUB_RUN_ID}"
YAML
opslevel create deploy -f . || true
