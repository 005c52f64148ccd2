package emulator

// liquidFidelity is how templates are rendered. Observed lines were asked of Ruby's Liquid 5.13 with ActiveSupport 6.1 in
// Ruby 3.1, or read in a rendering that OpsLevel published; which versions OpsLevel runs is not known.
func liquidFidelity() []Behaviour {
	const ruby = "recorded from Ruby's Liquid 5.13 with ActiveSupport"
	return []Behaviour{
		{"liquid.engine", Observed, "templates render as Ruby's Liquid renders them: every standard tag and filter, numbers, text, truth, blank and empty",
			ruby + " in our domain's templates, golden-liquid and Shopify's liquid-spec", "", "emulator/liquid.TestDomainCases"},
		{"liquid.version", Assumed, "where Ruby's versions differ, it is 5.13 with ActiveSupport loaded", "the newest release; OpsLevel is a Rails application",
			"{{ 'a' | find: 'b' }} in a real payload, which 5.4 does not know", "emulator/liquid.TestLiquidSpec"},
		{"liquid.published", Observed, "OpsLevel's own example payload, fed the values of its published rendering, renders to it",
			"OpsLevel/community-integrations, cookiecutter_template_example (January 2026)", "", "emulator/liquid.TestPublishedPayload"},
		{"liquid.lax", Assumed, "templates are parsed in the error mode lax", "Liquid's default; nothing public says otherwise",
			"{{ user.name | upcase: , }} in a real payload", "emulator/liquid.TestRubySemantics"},
		{"liquid.line_numbers", Assumed, "messages in the output carry the line: Liquid error (line 1): divided by 0", "Liquid's option line_numbers; without it the words in brackets are missing",
			"{{ 1 | divided_by: 0 }} in a real payload", "emulator/liquid.TestRubySemantics"},
		{"liquid.inline_errors", Observed, "what goes wrong while rendering is printed into the output, which is sent", ruby, "", "emulator/liquid.TestRubySemantics"},
		{"liquid.syntax", Observed, "a template that cannot be parsed is refused as a whole, in Ruby's words", ruby, "", "emulator/liquid.TestStrictMode"},
		{"liquid.syntax_sends_nothing", Assumed, "a webhook with such a template sends nothing", "there is nothing to send; OpsLevel may refuse to save it",
			"saving {% if %} as a real payload", "emulator/liquid.TestSyntaxErrorKnowsItsPlace"},
		{"liquid.unknown", Observed, "an unknown path renders as nothing and an unknown filter passes its value through; a problem says so beside the output",
			ruby + " with strict_variables and strict_filters off, their default", "", "emulator/liquid.TestProblems"},
		{"liquid.hashes", Observed, `hashes keep the order of their keys and print as Ruby's inspect does: {"a"=>1}`, ruby, "", "emulator/liquid.TestJSONKeepsOrderAndNumbers"},
		{"liquid.numbers", Observed, "integers have any size, 1.0 stays 1.0, and arithmetic on fractions is decimal", ruby, "", "emulator/liquid.TestGeneratedCases"},
		{"liquid.dates", Observed, "the filter date reads and writes what Ruby's Time and strftime do", "compared with Ruby itself where it is installed", "", "emulator/liquid.TestDatesAgainstRuby"},
		{"liquid.zone", Assumed, "a time that names no zone is UTC", "the times of the published rendering are UTC", "{{ 'now' | date: '%Z' }} in a real payload", "emulator/liquid.TestDatesAgainstRuby"},
		{"liquid.partials", Assumed, "there are no partials: include and render print No such template", "the page names none; plain Liquid says that includes are not allowed",
			"{% include 'x' %} in a real payload", "emulator.TestRendererPartialsAndModes"},
		{"liquid.jsonify", Observed, "jsonify writes compact JSON in the order of the keys, escapes no HTML and keeps 1.0",
			"Ruby's JSON.generate; the published rendering", "", "emulator/liquid.TestPublishedPayload"},
		{"liquid.tag_value", Observed, "tag_value answers the value of the tag with a key",
			"read in the templates of OpsLevel's Terraform provider, CLI and community-integrations", "", "emulator/liquid.TestRubySemantics"},
		{"liquid.secret", Assumed, "{{ 'alias' | secret }} and {{ '' | secret: 'alias' }} both give the secret; an unknown one renders as nothing and is a problem",
			"both spellings stand in OpsLevel's public templates; what an unknown one does is not known", "a payload with a secret that does not exist", "emulator/liquid.TestSecrets"},
		{"liquid.limits", Assumed, "source, nesting, loops, output and what filters build are bounded; beyond a bound the template is refused with Ruby's words",
			"Ruby stops at 100 levels by itself; OpsLevel's resource limits are not known", "a payload that loops a million times", "emulator/liquid.TestHostileTemplates"},
	}
}
