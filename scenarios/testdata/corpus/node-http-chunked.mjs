#!/usr/bin/env node
// label: healthy
// class: node
// judged by: exec
// needs: node
// node:http writes the body in parts and names no length.
import { request } from "node:http";

const post = request(process.env.OPSLEVEL_INTEGRATION_URL, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
});
post.on("response", (answer) => {
  answer.resume();
  if (answer.statusCode !== 202) process.exitCode = 1;
});
post.write('{"service": "shopping_cart", "deployer": {"name": "node"}, ');
post.write(`"deployed_at": "${new Date().toISOString()}", `);
post.end('"description": "In parts"}');
