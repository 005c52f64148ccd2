#!/usr/bin/env sh
# label: healthy
# class: Argo CD
# judged by: exec --type argocd
# needs: opslevel
# The PostSync hook of OpsLevel's own page: nothing but the service.
opslevel create deploy -s shopping_cart
