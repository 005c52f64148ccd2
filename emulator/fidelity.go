package emulator

// Label says how sure a behaviour of the wire is.
type Label string

// The labels. Documented: OpsLevel's pages say so. Observed: read or recorded from a real sender, or from Rails, on which
// OpsLevel runs. Assumed: our choice, with its reason and the request that would show it wrong.
const (
	Documented Label = "documented"
	Observed   Label = "observed"
	Assumed    Label = "assumed"
)

// Behaviour is one line of the fidelity table.
type Behaviour struct {
	// ID is its stable name, such as "dedup.scope".
	ID    string `json:"id"`
	Label Label  `json:"label"`
	// Behaviour is what the emulator does.
	Behaviour string `json:"behaviour"`
	// Evidence quotes the page, names what was observed, or gives the reason of the choice.
	Evidence string `json:"evidence"`
	// Falsify is the request to a real account that would show an assumption wrong.
	Falsify string `json:"falsify,omitempty"`
	// Test is the test that shows the behaviour: the folder of its package and its name.
	Test string `json:"test"`
}

// Fidelity is every behaviour on OpsLevel's side of the wire: the answers first, then how a request is read, then the
// service-creation webhook.
func Fidelity() []Behaviour {
	all := deployFidelity()
	all = append(all, accountFidelity()...)
	all = append(all, readingFidelity()...)
	all = append(all, actionFidelity()...)
	return append(all, liquidFidelity()...)
}

func deployFidelity() []Behaviour {
	return []Behaviour{
		{"deploy.ok", Documented, `a deploy whose service matches is answered 202 {"result":"ok"}`,
			`page: "If the service provided in the payload matches a service that lives in OpsLevel, you will receive the following 202 response"`,
			"", "emulator.TestDocumentedAnswers"},
		{"deploy.no_service", Documented, "an unknown alias is recorded and suggested, and answered 202 no_service_found with the page's sentence",
			`page: "we will record the deploy and create a new suggestion based on the service provided"`,
			"", "emulator.TestDocumentedAnswers"},
		{"deploy.duplicate", Documented, "a second payload with a known dedup_id is answered 202 duplicate_deploy and creates nothing",
			`page: "OpsLevel will respond with a 202 however we will not create additional deploys after the first deploy event with that dedup_id"`,
			"", "emulator.TestDocumentedAnswers"},
		{"deploy.missing", Documented, `a missing required field is a 400 with the entry title "Deployed at Error", detail "param is missing or the value is empty: deployed_at"`,
			`page: the examples for description and deployed_at`, "", "emulator.TestDocumentedAnswers"},
		{"deploy.title", Observed, `the other titles follow the same rule: "Service Error", "Deployer Error"`,
			"Rails' humanize of the field and the word Error make both documented titles", "", "emulator/deploy.TestProblemTitles"},
		{"deploy.did_you_mean", Assumed, `the detail carries no "Did you mean?" lines, which plain Rails 6.1 adds`,
			"the page's examples have none", "a POST without description, on a real integration", "emulator/httpapi.TestRailsOracle"},
		{"deploy.order", Assumed, "fields are checked in the order service, description, deployed_at, deployer; the first that misses is the whole answer",
			"the order of the page's table; Rails' require stops at the first", "a POST of {} to a real integration", "emulator.TestDocumentedAnswers"},
		{"deploy.202", Observed, "success is exactly 202 with a JSON object and application/json; charset=utf-8",
			"Segment's client and the CLI of 2021 fail on 200, 201 and on an empty body (recorded)", "", "emulator.TestDocumentedAnswers"},
		{"deploy.headers", Assumed, "answers carry X-Request-Id and X-Runtime", "Rails adds both", "curl -i to a real integration", "emulator.TestAnswerHeaders"},
		{"deploy.escapes", Assumed, `<, > and & of an alias stand as \u003c, \u003e and \u0026 in the sentence; quotes are not otherwise touched`,
			"Rails' to_json escapes them", "a POST with the service a<b", "emulator.TestAliasInSentence"},
		{"deployer.required", Documented, "an integration of type deploy answers 400 Deployer Error where deployer is missing",
			`page: "Here is a description of all the fields in the deployer object (required)"`, "", "emulator.TestDeployer"},
		{"deployer.jenkins", Observed, "an integration of type jenkins accepts a deploy without deployer",
			"the official Jenkins plugin leaves the object out unless configured, and its README promises that the URL alone is enough", "", "emulator.TestDeployer"},
		{"deployer.other_types", Assumed, "all other types require a deployer, as deploy does", "the page makes no exception",
			"a POST without deployer to an octopus integration", "emulator.TestDeployer"},
		{"deployer.nameless", Assumed, "a deployer with neither name nor email is refused with our own wording",
			`page: each is "true" if the other is missing; the text of the error is not shown`, `a POST with "deployer":{"id":"1"}`, "emulator/deploy.TestParseDeployer"},
		{"deployer.user", Documented, "the deployer's e-mail address ties the deploy to a user",
			`page: "OpsLevel will automatically associate this email to an OpsLevel user"`, "", "emulator.TestAssociatedUser"},
		{"number.generated", Documented, "without deploy_number the deploy gets its ordinal",
			`page: "OpsLevel will generate a number based on the sequential order of the deploy"`, "", "emulator.TestDeployNumber"},
		{"number.scope", Assumed, "the ordinal counts the deploys recorded for the service (without one, for the alias), explicit numbers included",
			"the page does not name the scope; services list their own deploys", "two POSTs without deploy_number for two services", "emulator.TestDeployNumber"},
		{"status.normal", Observed, "status is kept raw and as one of canceled, failure, queued, running, success, else no_status; an absent one stays absent",
			"DeployStatusEnum and the field deployStatus of OpsLevel's Go client", "", "emulator/deploy.TestNormalStatus"},
		{"dedup.scope", Documented, "a dedup_id counts for one integration",
			`page: "If the Deploy Integration receives more than one payload with a single dedup_id"`, "", "emulator.TestDedupScope"},
		{"dedup.across", Assumed, "a dedup_id counts across services, environments and statuses, and for ever",
			"the page names no other scope; users append the environment to it by hand", "two POSTs with one dedup_id and two services", "emulator.TestDedupScope"},
		{"dedup.compare", Assumed, "dedup ids are compared to the letter; a blank one is none",
			"clients send \"\" for unset fields all the time (recorded)", "two POSTs with the dedup_ids a and A", "emulator.TestDedupScope"},
		{"dedup.rejected", Assumed, "a rejected request does not use up its dedup_id", "nothing was created for it",
			"a POST without description, then the same with it", "emulator.TestDedupScope"},
		{"dedup.once", Documented, "of many concurrent payloads with one dedup_id exactly one is recorded",
			`page: "we will not create additional deploys after the first deploy event with that dedup_id"`, "", "emulator.TestOneWinner"},
	}
}

func accountFidelity() []Behaviour {
	return []Behaviour{
		{"alias.exact", Assumed, "the service is matched to the letter against aliases and slug",
			`page: "An alias of the service you wish to track deploys for"; a database may compare without case, so a near miss is a finding`,
			"a POST with the service SHOPPING_CART", "emulator.TestAliasMatch"},
		{"suggestion.once", Documented, "an alias is suggested once, however many deploys name it",
			`page: "create a new suggestion based on the service provided"`, "", "emulator.TestSuggestedOnce"},
		{"suggestion.attach", Assumed, "once a service has the alias, its earlier deploys belong to the service and count for its numbers",
			`page: "we will help match them to existing services"`, "accept a suggestion and look at the service's deploys", "emulator.TestAttach"},
		{"integration.unknown", Assumed, "an unknown or retired webhook URL is a 404 in the errors shape",
			`page: errors are thrown "when utilizing webhook URLs that are no longer valid"; 404 is Rails' answer to a record not found`,
			"a POST to a deleted integration", "emulator.TestUnknownIntegration"},
		{"integration.first", Assumed, "an unknown webhook URL is told before anything about the body", "a record is looked up before it is used",
			"a POST of {} to a deleted integration", "emulator.TestUnknownIntegration"},
		{"integration.types", Observed, "every kind of integration that reports deploys is served on the same path",
			"all clients found post to /integrations/deploy/{uuid}", "", "emulator.TestDeployer"},
		{"method.others", Assumed, "GET, PUT, PATCH and DELETE on the path are a 404, never a 2xx",
			"Rails' routing (recorded from Rails 6.1); a 2xx would let a redirected client report success", "curl -i on a real integration URL", "emulator.TestOtherMethods"},
		{"method.override", Assumed, "X-HTTP-Method-Override and a form's _method are not looked at: a POST stays one, and nothing else becomes one",
			"Rack's MethodOverride, which a Rails API leaves out, would make another method of a POST; no known sender sets either",
			"a whole deploy by POST with X-HTTP-Method-Override: PUT, and as a form with _method=put", "emulator.TestMethodOverride"},
		{"path.suffix", Observed, "a trailing slash and .json after the uuid are taken", "recorded from Rails 6.1", "", "emulator.TestPathForms"},
		{"path.agent", Observed, "unknown query parameters such as the Jenkins plugin's agent are ignored",
			"the plugin appends ?agent=jenkins-<version>", "", "emulator.TestTolerated"},
		{"tolerated.fields", Observed, "unknown fields and headers, Authorization among them, are ignored", "senders add them", "", "emulator.TestTolerated"},
		{"size", Assumed, "a body over 4 MiB is a 413", `a script written against the sibling endpoint handles 413 "JSON must be smaller than 4MiB"`,
			"a POST of 5 MiB", "emulator.TestTooLarge"},
		{"ping", Observed, "GET /api/ping answers app_commit and app_version", "opslevel version reads both (recorded)", "", "emulator.TestPing"},
		{"not_emulated", Assumed, "/graphql, /upload/... and the sibling paths below /integrations/ are a 404 and a finding",
			"they are not deploys; a 2xx would be a false green", "(out of scope)", "emulator.TestNotEmulated"},
		{"unavailable", Assumed, `when nothing can be recorded the answer is 503 {"errors":[{"status":503,"title":"Service Unavailable"}]}`,
			"a public client's test fixture has this entry without detail", "(cannot be provoked)", "emulator.TestFailedStore"},
		{"tls", Assumed, "https is not offered, and http is not redirected", "a redirect would lose the body in most clients (recorded)",
			"curl -i http://app.opslevel.com/integrations/deploy/UUID", "emulator.TestDocumentedAnswers"},
	}
}
