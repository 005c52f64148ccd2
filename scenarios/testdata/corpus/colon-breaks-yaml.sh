#!/usr/bin/env bash
# label: defect
# class: blank service
# judged by: exec --type octopus
# finding: sender.broken_yaml
# says: The service is blank
# system: octopus
# needs: opslevel
# Values without quotes, and a release with ": " in its name.
set -uo pipefail
opslevel create deploy --log-level=WARN -f - <<YAML || echo "warning: OpsLevel was not told"
service: shopping_cart
description: Release ${Octopus_Release_Number}: tax rates
environment: ${Octopus_Environment_Name}
dedup-id: ${Octopus_Deployment_Id}
YAML
