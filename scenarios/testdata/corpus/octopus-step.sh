#!/usr/bin/env bash
# label: healthy
# class: Octopus
# judged by: exec --type octopus --expect 'number:1.10 environment:Production'
# system: octopus
# needs: opslevel
# An Octopus step in bash, as it stands once Octopus has filled in its variables; every value is quoted.
set -euo pipefail
cat <<YAML | opslevel create deploy -f -
service: "shopping_cart"
description: "Release ${Octopus_Release_Number}"
environment: "${Octopus_Environment_Name}"
deploy-number: "${Octopus_Release_Number}"
deploy-url: "${Octopus_Web_DeploymentLink}"
dedup-id: "${Octopus_Deployment_Id}"
deployer:
  name: "${Octopus_Deployment_CreatedBy_Username}"
YAML
