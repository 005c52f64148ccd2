package emulator

import "github.com/bubblelevel/bubblelevel/emulator/action"

// actionFidelity are the behaviours of the service-creation webhook, and those that a whole emulator adds to them.
func actionFidelity() []Behaviour {
	var all []Behaviour
	for _, b := range action.Fidelity() {
		all = append(all, Behaviour{
			ID: b.ID, Label: Label(b.Label), Behaviour: b.Behaviour, Evidence: b.Evidence, Falsify: b.Falsify,
			Test: "emulator/action." + b.Test,
		})
	}
	return append(all,
		Behaviour{"action.run.creates", Documented, "a successful run creates the service, and the next deploy that names its alias is answered ok",
			`page: "When a template successfully executes, a new OpsLevel service is created."`, "", "emulator.TestTemplateRunCreatesServiceAndFires"},
		Behaviour{"action.run.suggestion", Assumed, "a run whose new alias was suggested by earlier deploys resolves the suggestion, and they belong to the service",
			"the page on custom deploys lets a service take over what was recorded for its alias; it does not speak of templates",
			"a deploy for an unknown alias, then a template run that creates a service with that alias", "emulator.TestTemplateRunResolvesTheSuggestion"},
		Behaviour{"action.run.before", Assumed, "the service is there before its webhook is sent: a receiver may report a deploy of it at once",
			`page: "The webhook that can be optionally fired after that will have access to the context of the new service."`,
			"a receiver that posts a deploy for the new alias before it answers", "emulator.TestReceiverMayDeployAtOnce"},
		Behaviour{"action.run.no_webhook", Documented, "a template without a webhook creates its service and fires nothing",
			`page: "The webhook that can be optionally fired after that"`, "", "emulator.TestTemplateWithoutWebhookFiresNothing"},
	)
}
