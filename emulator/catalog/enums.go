package catalog

// The enumerations below are those of the page "Service Creation Webhook Context Schema", of opslevel.yml's published
// schema and of OpsLevel's Go client (enum.go); each function says which. They are functions because nothing may
// change them.

// ContactMethods are the values of contact.contact_method (context page).
func ContactMethods() []string { return []string{"email", "slack", "slack_handle", "web"} }

// DisplayTypes are the values of contact.display_type (context page) beside None, which is written as empty.
func DisplayTypes() []string { return []string{"Primary", "Secondary", "None"} }

// Roles are the values of user.role (UserRole of OpsLevel's Go client).
func Roles() []string { return []string{"admin", "user", "team_member", "standards_admin"} }

// ProvisionedBy are the values of user.provisioned_by (context page).
func ProvisionedBy() []string {
	return []string{"SCIM", "OpsLevel CLI", "Terraform", "API", "SSO (Okta)", "SSO", "OpsLevel Admin", "Unknown"}
}

// IntegrationTypes are the kinds of OpsLevel's EventIntegrationEnum (OpsLevel's Go client, enum.go) that post deploys.
func IntegrationTypes() []IntegrationType {
	return []IntegrationType{"deploy", "jenkins", "octopus", "githubActions", "gitlabCi", "circleci", "argocd", "flux"}
}

// Providers are the forges of a repository (opslevel.yml).
func Providers() []string { return []string{"github", "gitlab", "bitbucket", "azure_devops"} }

// ToolCategories are the values of a tool's category (opslevel.yml; ToolCategory of OpsLevel's Go client).
func ToolCategories() []string {
	return []string{
		"admin", "api_documentation", "architecture_diagram", "backlog", "code", "continuous_integration", "deployment",
		"design_documentation", "errors", "feature_flag", "health_checks", "incidents", "issue_tracking", "logs", "metrics",
		"observability", "orchestrator", "other", "resiliency", "runbooks", "security_scans", "status_page", "wiki",
	}
}

// AlertSourceTypes are the values of an alert source's type (opslevel.yml).
func AlertSourceTypes() []string {
	return []string{"pagerduty", "opsgenie", "datadog", "new_relic", "incident_io", "fire_hydrant", "custom"}
}

// DefaultTiers are the tiers of a new account (OpsLevel's Go client, testdata: Tier 1 to Tier 4 with index 1 to 4).
func DefaultTiers() []Level {
	return []Level{
		{Alias: "tier_1", Name: "Tier 1", Index: 1},
		{Alias: "tier_2", Name: "Tier 2", Index: 2},
		{Alias: "tier_3", Name: "Tier 3", Index: 3},
		{Alias: "tier_4", Name: "Tier 4", Index: 4},
	}
}

// DefaultLifecycles are the stages of a new account (OpsLevel's Go client, testdata; the mixed dashes and underscores
// are OpsLevel's).
func DefaultLifecycles() []Level {
	return []Level{
		{Alias: "pre-alpha", Name: "Pre-alpha", Index: 1},
		{Alias: "alpha", Name: "Alpha", Index: 2},
		{Alias: "beta", Name: "Beta", Index: 3},
		{Alias: "generally_available", Name: "Generally Available", Index: 4},
		{Alias: "end-of-life", Name: "End-of-life", Index: 5},
	}
}
