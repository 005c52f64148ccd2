#!/usr/bin/env ruby
# label: healthy
# class: ruby
# judged by: exec
# needs: ruby
# A Capistrano task without Capistrano.
require "json"
require "net/http"
require "time"

uri = URI(ENV.fetch("OPSLEVEL_INTEGRATION_URL"))
deploy = {
  service: "shopping_cart", deployer: { email: "deploy@acme.test" }, deployed_at: Time.now.utc.iso8601,
  description: "cap production deploy", environment: "production", commit: { branch: "main" }
}
answer = Net::HTTP.post(uri, deploy.to_json, "Content-Type" => "application/json")
abort "OpsLevel answered #{answer.code}" unless answer.code == "202"
