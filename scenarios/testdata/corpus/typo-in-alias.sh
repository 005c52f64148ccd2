#!/usr/bin/env sh
# label: defect
# class: unknown alias
# judged by: exec
# finding: silent.unknown_alias
# says: No service has the alias "shoping_cart"; the nearest is "shopping_cart".
# needs: opslevel
# A letter is missing. OpsLevel answers 202, and the CLI prints success.
opslevel create deploy -s shoping_cart --environment Production
