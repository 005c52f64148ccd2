#!/usr/bin/env sh
# label: defect
# class: wrong environment
# judged by: exec --expect 'service:shopping_cart environment:Production'
# says: environment
# needs: opslevel
# "Prod" is another environment than "Production", and the dashboard shows the latter.
opslevel create deploy -s shopping_cart --environment Prod --dedup-id "prod-$$"
