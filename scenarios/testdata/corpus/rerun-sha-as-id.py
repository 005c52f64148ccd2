#!/usr/bin/env python3
# label: defect
# class: dedup over environments
# judged by: probe --rerun --no-values --system gitlab
# says: production never gets a deploy.
# system: gitlab
# needs: python3
# The commit's sha as id: the job is run once for each environment, with the same commit.
import datetime
import json
import os
import urllib.request

deploy = {
    "service": "shopping_cart",
    "deployer": {"name": os.environ["GITLAB_USER_NAME"]},
    "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    "description": os.environ["CI_COMMIT_TITLE"],
    "environment": os.environ["CI_ENVIRONMENT_NAME"],
    "deploy_number": os.environ["CI_PIPELINE_IID"],
    "dedup_id": os.environ["CI_COMMIT_SHA"],
    "commit": {"sha": os.environ["CI_COMMIT_SHA"]},
}
urllib.request.urlopen(
    urllib.request.Request(
        os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
).read()
