#!/usr/bin/env node
// label: defect
// class: wrong path
// judged by: exec
// finding: silent.wrong_path
// says: holds /integrations/deploy/ twice
// needs: node
// The variable holds the whole URL already, and the script puts the path behind it once more.
const url = `${process.env.OPSLEVEL_INTEGRATION_URL}/integrations/deploy/${process.env.OPSLEVEL_UUID ?? "main"}`;
const answer = await fetch(url, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ service: "shopping_cart", deployer: { name: "x" }, deployed_at: new Date(), description: "x" }),
});
console.log("OpsLevel:", answer.status);
