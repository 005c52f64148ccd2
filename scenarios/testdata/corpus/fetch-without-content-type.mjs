#!/usr/bin/env node
// label: defect
// class: JSON as text
// judged by: exec
// finding: silent.rejected body.text_plain_json
// says: JavaScript's fetch sends text/plain by itself
// needs: node
// fetch sends a string as text/plain.
await fetch(process.env.OPSLEVEL_INTEGRATION_URL, {
  method: "POST",
  body: JSON.stringify({
    service: "shopping_cart",
    deployer: { name: "node" },
    deployed_at: new Date().toISOString(),
    description: "Deploy",
  }),
});
