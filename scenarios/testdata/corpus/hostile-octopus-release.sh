#!/usr/bin/env bash
# label: defect
# class: hostile values
# judged by: probe --system octopus --value trailing-zero
# says: trailing-zero
# needs: opslevel
# deploy-number without quotes: YAML reads 1.10 as the number 1.1.
set -euo pipefail
opslevel create deploy -f - <<YAML
service: shopping_cart
description: "A release"
deploy-number: $(get_octopusvariable "Octopus.Release.Number")
YAML
