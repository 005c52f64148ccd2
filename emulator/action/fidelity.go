package action

// Behaviour is one line of the fidelity table.
type Behaviour struct {
	ID string `json:"id"`
	// Label is documented (a page of OpsLevel says so), observed (read in what OpsLevel or Ruby produced) or assumed (our
	// choice).
	Label string `json:"label"`
	// Behaviour is what happens here.
	Behaviour string `json:"behaviour"`
	// Evidence quotes the page, names what was observed, or gives the reason of the choice.
	Evidence string `json:"evidence"`
	// Falsify is what to do with a real account to show an assumption wrong.
	Falsify string `json:"falsify,omitempty"`
	// Test is the test of this package that shows the behaviour.
	Test string `json:"test"`
}

const (
	isDocumented = "documented"
	isObserved   = "observed"
	isAssumed    = "assumed"
)

// Sources that many lines name.
const (
	published = "OpsLevel/community-integrations, cookiecutter_template_example/response_for_payload.json (January 2026): "
	verifiers = "OpsLevel/community-integrations, scripts/verify_opslevel_webhook_signature (Go and Python)"
)

// Fidelity is every behaviour of the service-creation webhook, in the order of a firing.
func Fidelity() []Behaviour {
	all := fidelityOfRuns()
	all = append(all, fidelityOfContexts()...)
	all = append(all, fidelityOfDelivery()...)
	return append(all, fidelityOfResponses()...)
}

func fidelityOfRuns() []Behaviour {
	return []Behaviour{
		{"action.inputs", isDocumented, "the inputs of a run are the variables of the template's cookiecutter.json",
			`page: "The inputs to a template run are the values entered for the fields defined in the template's cookiecutter.json file"`, "", "TestInputsAreOfTheirKindInTheContext"},
		{"action.inputs.private", isObserved, "variables that begin with an underscore are no inputs; of a list the first item is the default",
			"cookiecutter's documentation of private variables and choice variables", "", "TestParseCookiecutter"},
		{"action.inputs.jinja", isAssumed, "a default that is Jinja is not rendered: the input must be given",
			"only cookiecutter could work it out, and unrendered Jinja must never reach a payload", "a template with a Jinja default, run with that field left as offered", "TestParseCookiecutter"},
		{"action.inputs.kinds", isAssumed, "numbers are text in the context, booleans are booleans and dict variables objects",
			"cookiecutter turns numbers into text and keeps booleans and dicts; the page's example shows text only", "a template with a boolean variable, and jsonify of the inputs", "TestInputsAreOfTheirKindInTheContext"},
		{"action.run.failed", isDocumented, "a failed run creates nothing and fires nothing",
			`page: "The webhook is fired after a successful "template run""`, "", "TestRunRefusesWrongInputsAndCreatesNothing"},
		{"action.run.outputs", isDocumented, "a run makes a repository and a merge request, and their addresses and the branch are its outputs",
			`page: "will have created a new repository for the service and an initial pull/merge request"`, "", "TestRunMakesServiceRepositoryAndOutputs"},
		{"action.run.branch", isObserved, "the branch is opslevel/initialize_service_ and eight hexadecimal digits",
			published + "opslevel/initialize_service_f5ca0a93", "", "TestRunMakesServiceRepositoryAndOutputs"},
		{"action.run.repository", isObserved, "the repository is the slug with dashes, also where letters meet digits",
			published + "my_project6 became my-project-6", "", "TestRepositoryNames"},
		{"action.run.repository.v2api", isAssumed, "a dash also stands where digits are followed by letters: v2api is v-2-api",
			"the published name shows letters before digits only; the usual function of that kind (lodash kebabCase) splits both ways", "a run for a service v2api", "TestRepositoryNames"},
		{"action.run.name", isAssumed, "the service is named by the input project_name (else service_name, component_name, name, or the first)",
			published + "service.name equals the input project_name; the page's example differs between the two", "a template without such a field", "TestRunMakesServiceRepositoryAndOutputs"},
		{"action.run.taken", isAssumed, "a slug that is taken gets a number: shopping_cart_2",
			"OpsLevel's aliases are unique, and a second run on the same input must be possible here", "two runs with the same name", "TestRunGivesTheNextFreeSlug"},
	}
}

func fidelityOfContexts() []Behaviour {
	return []Behaviour{
		{"action.context.documented", isDocumented, "the documented profile has every property that the page's tables name", "page: its tables", "", "TestDocumentedProfileHasEveryPropertyOfThePagesTables"},
		{"action.context.example", isDocumented, "and every key of the page's example, in its order and JSON type", "page: \"Example Context\", its stray comma mended", "", "TestDocumentedProfileHasThePagesExampleInOrderAndType"},
		{"action.context.2026", isObserved, "the profile 2026 has the keys, order and types of OpsLevel's published rendering, and no others", published + "user and service through jsonify", "", "TestProfile2026IsThePublishedRendering"},
		{"action.context.ids", isObserved, "ids are global ids: unpadded base64 of gid://opslevel/<Class>/<number>", published + "decoded", "", "TestIDsAreGlobalIDsIn2026"},
		{"action.context.disputed", isObserved, "a template that names a path on which page and rendering differ gets the problem context.disputed", "the two profiles, compared", "", "TestDisputesAreWhereTheProfilesDiffer"},
		{"action.context.manager", isObserved, "in the profile 2026 a manager is the inspect text of a Ruby object", published + `"manager": "#<User:0x00007fab58bfa8c8>"`, "", "TestProfile2026IsThePublishedRendering"},
		{"action.context.manager.user", isDocumented, "in the documented profile a manager has the properties of a user beside those of the example", `page: "The user who manages the owner. See User for more details."`, "", "TestDocumentedProfileHasEveryPropertyOfThePagesTables"},
		{"action.context.owner_gone", isDocumented, "action_owner is null where its team is gone", `page: "This field may be blank if the Team specified as the owner has been deleted from OpsLevel."`, "", "TestContextsThatLackThings"},
		{"action.context.action_owner_2026", isAssumed, "in the profile 2026 action_owner has the shape of service.owner", "the published rendering does not show it; both are teams", "{{ action_owner | jsonify }} in a real webhook", "TestDisputesAreWhereTheProfilesDiffer"},
		{"action.context.no_repository", isAssumed, "without a repository service_repositories is empty and outputs is {}", "the page promises a repository for every run; a template must survive without", "none: such a run is this emulator's own", "TestContextsThatLackThings"},
		{"action.context.status", isObserved, "beside response the response template sees status: SUCCESS, FAILURE or PENDING", "a public response template has {% if status == \"SUCCESS\" %} (OpsLevel/community-integrations)", "", "TestNamedContextsAndResponses"},
	}
}

func fidelityOfDelivery() []Behaviour {
	return []Behaviour{
		{"action.render", isObserved, "url, header values, payload and response template are Liquid", "OpsLevel's public actions (terraform-opslevel-modules, community-integrations) use it in each", "", "TestFiringRecordsTheExactBytesSent"},
		{"action.render.failed", isAssumed, "a template with a syntax error sends nothing, and the firing is FAILURE", "there is nothing to send", "a webhook with {% if %} in its payload", "TestWhatWasRenderedIsJudgedBeforeSending"},
		{"action.methods", isObserved, "methods are DELETE, GET, PATCH, POST and PUT", "CustomActionsHttpMethodEnum of OpsLevel's Go client", "", "TestMethods"},
		{"action.methods.body", isAssumed, "the payload is sent with every method, GET and DELETE too", "Terraform requires a payload for every method", "a GET action with a payload", "TestMethods"},
		{"action.url.strict", isAssumed, "a URL with a space, a line break, a letter beyond ASCII or a brace is refused", "Ruby's URI, on which OpsLevel's side runs, raises for each", "an action whose URL renders to http://host/a b", "TestWhatWasRenderedIsJudgedBeforeSending"},
		{"action.header.line_break", isAssumed, "a header value with a line break is refused", "Ruby's Net::HTTP raises: header field value cannot include CR/LF", "an action with a header value from a YAML block", "TestWhatWasRenderedIsJudgedBeforeSending"},
		{"action.payload.not_json", isAssumed, "a payload that is not JSON is sent all the same, with a problem beside it", "values are not escaped by Liquid, and nothing public says that OpsLevel checks", "an action with the payload {", "TestPayloadThatIsNoJSONIsSentAndTold"},
		{"action.headers.default", isAssumed, "User-Agent is OpsLevel (bubblelevel), Accept */*, Content-Type application/json where a payload has none", "nothing public says; public actions set Content-Type themselves", "a webhook to a request recorder", "TestFiringRecordsTheExactBytesSent"},
		{"action.signature", isDocumented, "a request with a signing secret carries X-OpsLevel-Signature, HMAC-SHA256 over signed headers and body", "page \"Configuring and Verifying Webhook Signatures\"; both vectors of " + verifiers, "", "TestSignHoldsThePublishedVectors"},
		{"action.signature.headers", isObserved, "signed are X-OpsLevel-Timing, X-OpsLevel-Action-Uuid where sent, and the action's own headers in its own spelling", verifiers, "", "TestIndependentVerifierAcceptsEveryRequest"},
		{"action.signature.defaults", isAssumed, "headers that the action does not set itself (User-Agent, a default Content-Type) are not signed", "the verifiers list the headers of the action only", "verify a request of an action without headers", "TestIndependentVerifierAcceptsEveryRequest"},
		{"action.unsigned", isAssumed, "without a signing secret there is neither signature nor timing", "the page: \"Once a Signing Secret is configured\" the header is added", "a webhook of an account without a secret, to a request recorder", "TestUnsignedWithoutASecret"},
		{"action.async", isObserved, "an async action carries X-OpsLevel-Action-Uuid and is PENDING once delivered", "Terraform: async \"expects an additional, asynchronous response upon completion\"; " + verifiers, "", "TestAsyncIsPending"},
		{"action.timeout", isAssumed, "an attempt may take 10 s", "nothing public; the usual bound of such senders", "a receiver that answers after 9 and after 11 s", "TestReceiverThatHangsIsBoundedByTheTimeout"},
		{"action.retries", isAssumed, "nothing is retried", "nothing public", "a receiver that answers 503, and a look at its log", "TestRetriesAsFarAsTheSettingsAllow"},
		{"action.redirects", isAssumed, "redirects are not followed: a 3xx is the answer", "nothing public", "a receiver that answers 307", "TestRedirectsAreFollowedOnlyIfSet"},
	}
}

func fidelityOfResponses() []Behaviour {
	return []Behaviour{
		{"action.response", isDocumented, "the response template sees response.status, response.headers and response.body", `page: "These properties all refer to the response received from the webhook URL when invoking the action."`, "", "TestNamedContextsAndResponses"},
		{"action.response.coerced", isDocumented, "a body that parses as JSON is that value, whatever its type says; any other is text", `page: "The response headers and body will be coerced into JSON if possible"`, "", "TestWhateverTheReceiverDoes"},
		{"action.response.headers", isAssumed, "headers are found under their name as received and in lower case; repeats are joined with a comma", "the page shows response.headers.<property> without saying which case; Ruby's Net::HTTP joins repeats so", "{{ response.headers | jsonify }} in a real response template", "TestHeadersOfTheAnswer"},
		{"action.response.not_utf8", isAssumed, "what is not UTF-8 stands as U+FFFD in response.body", "JSON and Liquid take UTF-8 only", "a receiver that answers Latin-1", "TestWhateverTheReceiverDoes"},
		{"action.response.none", isAssumed, "without a whole answer response.status is nil, headers are empty and body is \"\"", "there was no response", "an action to a closed port, with a response template", "TestWhateverTheReceiverDoes"},
		{"action.response.size", isAssumed, "of a body 1 MiB is kept for the response template", "nothing public", "a receiver that answers 10 MB", "TestBodyOfTenMegabytesIsBounded"},
		{"action.result", isObserved, "2xx is SUCCESS, anything else FAILURE", "every public response template tests response.status for 200 to 299; CustomActionsTriggerEventStatusEnum of OpsLevel's Go client names the results", "", "TestWhateverTheReceiverDoes"},
		{"action.secrets", isObserved, "secrets stand as ******** in every record", "OpsLevel's documentation of action secrets shows them so in the history", "", "TestSecretsAreNowhereInTheRecord"},
	}
}
