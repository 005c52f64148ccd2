#!/usr/bin/env node
// label: defect
// class: unknown alias
// judged by: exec
// finding: silent.unknown_alias
// says: No service has the alias "Shopping Cart"
// needs: node
// The name that people see, not the alias. fetch is content with any answer.
await fetch(process.env.OPSLEVEL_INTEGRATION_URL, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    service: "Shopping Cart",
    deployer: { name: "node" },
    deployed_at: new Date().toISOString(),
    description: "Deploy",
  }),
});
console.log("reported to OpsLevel");
