#!/usr/bin/env node
// label: healthy
// class: node
// judged by: exec --expect service:shopping_cart
// needs: node
// fetch, with the content type that it does not send by itself.
const answer = await fetch(process.env.OPSLEVEL_INTEGRATION_URL, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    service: "shopping_cart",
    deployer: { name: "release script" },
    deployed_at: new Date().toISOString(),
    description: "Deploy of web-shop@5.10.0",
    environment: "Production",
    dedup_id: crypto.randomUUID(),
  }),
});
if (!answer.ok) throw new Error(`OpsLevel answered ${answer.status}: ${await answer.text()}`);
