#!/usr/bin/env sh
# label: defect
# class: nothing sent
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# needs: opslevel
# --dry-run stayed in after somebody had tried it out.
opslevel create deploy -s shopping_cart --environment Production --dry-run
