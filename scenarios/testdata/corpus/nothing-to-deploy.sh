#!/usr/bin/env sh
# label: healthy
# class: nothing to send
# judged by: exec --allow silent.nothing_sent
# A build of a pull request: it deploys nothing, and the pipeline says so.
set -eu
branch=${GITHUB_HEAD_REF:-feature/tax}
if [ "$branch" = main ]; then
  exec curl -fsS -d @deploy.json "$OPSLEVEL_INTEGRATION_URL"
fi
echo "nothing to deploy from $branch"
