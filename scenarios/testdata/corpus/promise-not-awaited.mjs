#!/usr/bin/env node
// label: defect
// class: sent after the end
// judged by: exec
// finding: silent.nothing_sent
// says: sent nothing at all
// needs: node
// fetch is not awaited, and the script ends the process by itself.
fetch(process.env.OPSLEVEL_INTEGRATION_URL, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ service: "shopping_cart", deployer: { name: "x" }, deployed_at: new Date(), description: "x" }),
});
console.log("deployed");
process.exit(0);
