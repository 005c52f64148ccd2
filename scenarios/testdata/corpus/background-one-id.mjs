#!/usr/bin/env node
// label: defect
// class: dropped duplicate
// judged by: exec --fixtures opslevel.yml --fixtures 'services/*/opslevel.yml'
// finding: silent.duplicate
// says: never gets a deploy
// needs: node
// All services at once, under one id for the whole release: one of them wins.
const release = crypto.randomUUID();
await Promise.all(
  ["shopping_cart", "checkout", "inventory"].map((service) =>
    fetch(process.env.OPSLEVEL_INTEGRATION_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        service,
        deployer: { name: "release" },
        deployed_at: new Date().toISOString(),
        description: "Release 5.10",
        environment: "Production",
        dedup_id: release,
      }),
    }),
  ),
);
