#!/usr/bin/env node
// label: defect
// class: wrong method
// judged by: exec
// finding: wire.method
// says: A PUT reached the integration URL
// needs: node
// PUT, as the API of the neighbouring tool wants it.
await fetch(process.env.OPSLEVEL_INTEGRATION_URL, {
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ service: "shopping_cart", deployer: { name: "x" }, deployed_at: new Date(), description: "x" }),
});
