#!/usr/bin/env bash
# label: defect
# class: unknown alias
# judged by: exec --type circleci
# finding: silent.unknown_alias
# says: No service has the alias "Shopping Cart"
# system: circleci
# needs: opslevel
# The alias is taken from opslevel.yml with grep, as an official script did: what it finds is the name.
set -euo pipefail
service=$(grep 'name:' < opslevel.yml | awk '{gsub("name:",""); print}' | xargs)
cat > data.yaml <<YAML
service: "${service}"
description: "Deployed"
environment: "production"
dedup-id: "${CIRCLE_PIPELINE_ID}"
YAML
opslevel create deploy -f .
