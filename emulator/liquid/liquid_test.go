package liquid

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

const testData = `{"s":{"name":"Cart","id":12345678901234567890,"score":1.0,"tier":null,"tags":[{"key":"a","value":"1"},{"key":"b","value":null}],"contacts":[]},
"list":["b","A","c"],"nums":[3,1.5,-2],"nested":[1,[2,[3]]],"h":{"z":1,"a":[true,null]},"nul":null,"blankish":"  ","empty":"","quote":"\"<&>'","when":"2022-06-29T22:43:06.619978Z","at":5}`

func renderLax(t testing.TB, template string) string {
	t.Helper()
	got := outcomeOf(template, decoded(t, []byte(testData)), Options{Partials: partialsOf(map[string]string{
		"p":   "[{{ p }}|{{ x }}|{{ s.name }}|{{ forloop.index }}]",
		"set": "{% assign x = 'set' %}",
		"brk": "a{% break %}b",
		"bad": "\n{{ 1 | divided_by: 0 }}",
	})})
	if got.refused != "" {
		return "refused: " + got.refused
	}
	return got.output
}

// TestRubySemantics holds what other engines get wrong, by cause.
func TestRubySemantics(t *testing.T) {
	causes := []struct {
		cause string
		cases [][2]string // template, output
	}{
		{"filters of 5.x", [][2]string{
			{"{{ s.tags | find: 'key', 'b' }}", `{"key"=>"b", "value"=>nil}`},
			{"{{ s.tags | find_index: 'key', 'b' }}", "1"},
			{"{{ s.tags | has: 'value' }}{{ s.tags | has: 'key', 'q' }}", "truefalse"},
			{"{{ s.tags | reject: 'value' | map: 'key' }}", "b"},
			{"{{ 'é/+' | base64_encode }} {{ 'w6kvKw==' | base64_decode }}", "w6kvKw== é/+"},
			{"{{ '??>' | base64_url_safe_encode }} {{ 'Pz8-' | base64_url_safe_decode }}", "Pz8- ??>"},
			{"{{ '!' | base64_decode }}", "Liquid error (line 1): invalid base64 provided to base64_decode"},
			{"{{ '  a \n b ' | squish }}|{{ nul | squish }}", "a b|"},
			{"{{ '<' | h }}{{ nums | sum }} {{ s.tags | sum: 'nope' }}", "&lt;2.5 0"},
		}},
		{"tags", [][2]string{
			{"{% echo s.name | upcase %}", "CART"},
			{"{% liquid\n assign x = 1\n if x == 1\n echo 'one'\n endif\n# note\n%}", "one"},
			{"{%- # a\n # b\n-%}x", "x"},
			{"{% # a\n b %}", "refused: Liquid syntax error (line 1): Syntax error in tag '#' - Each line of comments must be prefixed by the '#' character"},
			{"{% increment n %}{% increment n %}{% decrement n %}{{ n }}", "0111"},
			{"{% increment at %}{{ at }}{{ at }}", "566"},
			{"{% increment list %}", "Liquid error (line 1): internal"},
			{"{% for i in (1..3) %}{% ifchanged %}{{ i | at_most: 2 }}{% endifchanged %}{% endfor %}", "12"},
			{"a{% doc %}{{ x }}{% enddoc %}b", "ab"},
			{"{% doc %}{% doc %}{% enddoc %}", "refused: Liquid syntax error (line 1): Syntax Error in 'doc' - Nested doc tags are not allowed"},
			{"{% raw %}{{ a }}{% b{% endraw %}", "{{ a }}{% b"},
			{"{% raw x %}{% endraw %}", "refused: Liquid syntax error (line 1): Syntax Error in 'raw' - Valid syntax: raw"},
			{"{% comment %}{% comment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}x{% endcomment %}y", "y"},
			{"{% bogus %}", "refused: Liquid syntax error (line 1): Unknown tag 'bogus'"},
			{"{% if a %}\n{% endfor %}", "refused: Liquid syntax error (line 2): 'endfor' is not a valid delimiter for if tags. use endif"},
			{"{% capture a %}{% else %}{% endcapture %}", "refused: Liquid syntax error (line 1): capture tag does not expect 'else' tag"},
			{"{% else %}", "refused: Liquid syntax error (line 1): Unexpected outer 'else' tag"},
			{"{% if a %}", "refused: Liquid syntax error (line 1): 'if' tag was never closed"},
		}},
		{"arity", [][2]string{
			{"{{ 5 | plus }}", "Liquid error (line 1): wrong number of arguments (given 1, expected 2)"},
			{"{{ 5 | slice }}", "Liquid error (line 1): wrong number of arguments (given 1, expected 2..3)"},
			{"{{ 5 | upcase: 1, 2 }}", "Liquid error (line 1): wrong number of arguments (given 3, expected 1)"},
			{"{{ 5 | upcase: a: 1 }}", "Liquid error (line 1): wrong number of arguments (given 2, expected 1)"},
			{"a\n{{ 5 | plus: }}b", "a\nLiquid error (line 2): wrong number of arguments (given 1, expected 2)b"},
		}},
		{"filter details", [][2]string{
			{"{{ quote | escape }}{{ '&lt;&' | escape_once }}", "&quot;&lt;&amp;&gt;&#39;&lt;&amp;"},
			{"{{ \"a\nb\" | newline_to_br }}", "a<br />\nb"},
			{"{{ nested | join: '-' }}{{ h | join }}", `1-2-3{"z"=>1, "a"=>[true, nil]}`},
			{"{{ 'a,b,,' | split: ',' | size }}{{ ' a  b ' | split: ' ' | join: '|' }}", "2a|b"},
			{"{{ 'abc' | split: '' | reverse | join: '' }}", "cba"},
			{"{{ 'a.b.a' | replace_last: 'a', 'x' }}{{ 'aa' | remove_first: 'a' }}", "a.b.xa"},
			{"{{ 'abc' | replace: 'b', '[\\0]' }}{{ 'abc' | replace: '', '-' }}", "a[b]c-a-b-c-"},
			{"{{ nul | truncate }}{{ 'Ünïcode' | truncate: 5 }}{{ 'a b c' | truncatewords: 2 }}", "Ün...a b..."},
			{"{{ 'Liquid' | slice: -3, 2 }}{{ list | slice: 1, 5 }}{{ 'x' | slice: 9 }}", "uiAc"},
			{"{{ 'a' | slice: 'x' }}", "Liquid error (line 1): invalid integer"},
			{"{{ list | sort }}{{ list | sort_natural }}", "AbcAbc"},
			{"{{ nested | sort | size }}{{ h.a | sort }}{{ list | concat: nums | sort }}", "3trueLiquid error (line 1): cannot sort values of incompatible types"},
			{"{{ list | map: 'x' | size }}{{ nums | map: 'x' }}", "3Liquid error (line 1): cannot select the property 'x'"},
			{"{{ list | concat: 'x' }}", "Liquid error (line 1): concat filter requires an array argument"},
			{"{{ h.a | compact | size }}{{ s.tags | compact: 'value' | size }}", "11"},
			{"{{ false | default: 'x' }}{{ false | default: 'x', allow_false: true }}{{ empty | default: 1 }}", "xfalse1"},
			{"{{ 'straße' | upcase }}{{ 'ÉCOLE' | capitalize }}", "STRASSEÉcole"},
			{"{{ 'a b&é' | url_encode }}{{ 'a+b%26' | url_decode }}", "a+b%26%C3%A9a b&"},
			{"{{ '%ff' | url_decode }}", "Liquid error (line 1): invalid byte sequence in UTF-8"},
			{"{{ '<p>a<script>b</script><!-- c --><b>d' | strip_html }}", "ad"},
			{"{{ 'abc' | first }}{{ 'abc' | last }}{{ h | first }}{{ 5 | size }}", "acz18"},
			{"{{ 'x' | nosuch: 1 | upcase }}{{ s.name | json }}", "XCart"},
		}},
		{"numbers", [][2]string{
			{"{{ s.score }} {{ s.id }} {{ 1e3 }}{{ 1. }} {{ 1.2.3 }}", "1.0 12345678901234567890 1.0 1.2"},
			{"{{ 0.1 | plus: 0.2 }} {{ '1.50' | plus: 1 }} {{ 'abc' | plus: 1 }} {{ ' 42abc' | plus: 0 }}", "0.3 2.5 1 42"},
			{"{{ -7 | divided_by: 2 }} {{ -7 | modulo: 3 }} {{ 7 | divided_by: 2.0 }}", "-4 2 3.5"},
			{"{{ 1 | divided_by: 0 }} {{ 1.0 | divided_by: 0 }} {{ 1.0 | divided_by: 0 | round }}", "Liquid error (line 1): divided by 0 Infinity Liquid error (line 1): Computation results in 'Infinity'"},
			{"{{ s.id | times: s.id }} {{ 9223372036854775807 | plus: 1 }}", "152415787532388367501905199875019052100 9223372036854775808"},
			{"{{ 2.5 | round }}{{ -2.5 | round }} {{ 1.255 | round: 2 }} {{ 155 | round: -1 }}", "3-3 1.26 160"},
			{"{{ 1.1 | ceil }}{{ -1.1 | floor }}{{ -3 | abs }}{{ 3 | at_most: 2.5 }}", "2-232.5"},
			{"{{ 100000000000000000000.0 }} {{ 0.00001 }} {{ 123456789012345.0 }} {{ -0.0 }}", "1.0e+20 1.0e-05 123456789012345.0 -0.0"},
		}},
		{"printing", [][2]string{
			{"{{ h }}{{ s.tags }}", `{"z"=>1, "a"=>[true, nil]}{"key"=>"a", "value"=>"1"}{"key"=>"b", "value"=>nil}`},
			{"{{ nested }}{{ nested | append: '' }}", "123[1, [2, [3]]]"},
			{"{{ (1..3) }}{{ nul }}{{ true }}{{ empty }}{{ blank }}", "1..3true"},
			{`{% assign l = "a#{b}|a\n" | split: "|" %}{{ l | append: "" }}`, `["a\#{b}", "a\\n"]`},
		}},
		{"grammar", [][2]string{
			{"{{ ['s'].name }}{{ s['name'] }}{{ s.tags.first.key }}{{ s.tags[-1].key }}", "CartCartab"},
			{"{{ s.[name] }}{{ s..name }}|{{ nope.x.y }}{{ list.size }}{{ list['size'] }}", "Cart|3"},
			{"{{ s.name\n  | upcase }}{{ s.name|downcase }}{{ s.name | }}{{ s.name | upcase, }}", "CARTcartCartCART"},
			{"{{ 'a\\nb' }}{{ \"it's\" }}", "a\\nbit's"},
			{"{{ s.name upcase | append: 'x', }}{{ }}{{-}}", "Cartx"},
			{"{{ 'x' | append: 'a' 'b' }}{{ false || true }}", "xafalse"},
			{"{{ s.name ", "refused: Liquid syntax error (line 1): Variable '{{' was not properly terminated with regexp: /\\}\\}/"},
			{"\n{% if", "refused: Liquid syntax error (line 2): Tag '{%' was not properly terminated with regexp: /\\%\\}/"},
			{"{{ a } }}", "refused: Liquid syntax error (line 1): Variable '{{ a }' was not properly terminated with regexp: /\\}\\}/"},
			{"{% 'x' %}", "refused: Liquid syntax error (line 1): Unknown tag '{% 'x' %}'"},
			{"{ { } } {%raw%}{%endraw%}%}", "{ { } } %}"},
		}},
		{"for", [][2]string{
			{"{% for i in (1..4) reversed limit: 2 offset: 1 %}{{ i }}{% endfor %}", "32"},
			{"{% for i in (1..6) limit: 2 %}{{ i }}{% endfor %}{% for i in (1..6) offset: continue %}{{ i }}{% endfor %}", "123456"},
			{"{% for c in nul %}x{% else %}none{% endfor %}{% for c in 'abc' %}{{ c }}{% endfor %}", "noneabc"},
			{"{% for p in h %}{{ p[0] }}={{ p[1] }};{% endfor %}", "z=1;a=true;"},
			{"{% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.parentloop.index }}{{ forloop.rindex0 }}{{ forloop.last }} {% endfor %}{% endfor %}", "11false 10true 21false 20true "},
			{"{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}{% for i in (1..3) %}{{ i }}{% break %}{% endfor %}", "131"},
			{"{% for i in (1..'3') %}{{ i }}{% endfor %}{% for i in (1..1.5) %}{{ i }}{% endfor %}", "1231"},
			{"{% for i in list limit: 'x' %}y{% endfor %}", "Liquid error (line 1): invalid integer"},
			{"{% for i in list %}{{ forloop }}{{ forloop.name }}{% break %}{% endfor %}", "Liquid::ForloopDropi-list"},
			{"{% for x y %}{% endfor %}", "refused: Liquid syntax error (line 1): Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]"},
			{"a{% break %}b", "a"},
		}},
		{"blank and empty", [][2]string{
			{"{% if nul == blank %}1{% endif %}{% if nul == empty %}2{% endif %}{% if blankish == blank %}3{% endif %}{% if empty == '' %}4{% endif %}", "134"},
			{"{% if s.contacts == empty %}1{% endif %}{% if false == blank %}2{% endif %}{% if 0 == blank %}3{% endif %}", "12"},
			{"{% assign x = blank %}{% if x == '' %}1{% endif %}", "1"},
		}},
		{"tablerow", [][2]string{
			{"{% tablerow i in (1..3) cols: 2 %}{{ i }}{% endtablerow %}", "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n<tr class=\"row2\"><td class=\"col1\">3</td></tr>\n"},
			{"{% tablerow i in list limit: 1 offset: 1 %}{{ i }}{{ tablerowloop.col_last }}{% endtablerow %}", "<tr class=\"row1\">\n<td class=\"col1\">Atrue</td></tr>\n"},
			{"{% tablerow i in nul %}{% endtablerow %}", ""},
		}},
		{"conditions", [][2]string{
			{"{% if true or false and false %}1{% endif %}{% if false and true or true %}2{% endif %}", "1"},
			{"{% if 'a' < 1 %}y{% endif %}{% if 'a' < 1 %} {% endif %}", "Liquid error (line 1): comparison of String with 1 failed"},
			{"{% if 1 < 'a' %}y{% endif %}", "Liquid error (line 1): comparison of Integer with String failed"},
			{"{% if nul < 1 %}1{% elsif list > 1 %}2{% else %}3{% endif %}", "3"},
			{"{% if 'abc' contains 'b' %}1{% endif %}{% if list contains 'A' %}2{% endif %}{% if h contains 'z' %}3{% endif %}{% if 5 contains 5 %}4{% endif %}", "123"},
			{"{% if 1 == 1.0 %}1{% endif %}{% if '1' == 1 %}2{% endif %}{% if 1 <> 2 %}3{% endif %}", "13"},
			{"{% if 1 is 1 %}y{% endif %}", "Liquid error (line 1): Unknown operator is"},
			{"{% unless false %}1{% elsif true %}2{% endunless %}{% unless true %}1{% elsif true %}2{% endunless %}", "12"},
			{"{% case 2 %}x{% when 1, 2 %}a{% when 2 or 3 %}b{% else %}c{% endcase %}", "ab"},
			{"{% case 9 %}{% when 1 %}a{% else %}c{% else %}d{% endcase %}", "cd"},
		}},
		{"cycle", [][2]string{
			{"{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}", "aba"},
			{"{% cycle x: 1, 2 %}{% cycle x: 1, 2 %}{% cycle 1, 2 %}{% cycle s.name, 2 %}{% cycle s.name, 2 %}", "121CartCart"},
		}},
		{"white space", [][2]string{
			{"a {%- if true -%} b {%- endif -%} c", "abc"},
			{"a\n{%- assign x = 1 -%}\nb {{- x -}} c", "ab1c"},
			{"a{% if true %}  \n {% assign x = 1 %} {% endif %}b{% for i in (1..3) %} {% endfor %}", "ab"},
			{"{% if true %} {{ nul }} {% endif %}", "  "},
			{"{% capture x %}  {% endcapture %}[{{ x }}]", "[  ]"},
		}},
		{"partials", [][2]string{
			{"{% include 'p' with s.name %}{% include 'p', x: 1 %}", "[Cart||Cart|][|1|Cart|]"},
			{"{% include 'p' for list %}", "[b||Cart|][A||Cart|][c||Cart|]"},
			{"{% render 'p' with s.name, x: 2 %}{% render 'p' for list as x %}", "[Cart|2||][|b||1][|A||2][|c||3]"},
			{"{% include 'set' %}{{ x }}{% assign x = 1 %}{% render 'set' %}{{ x }}", "set1"},
			{"{% for i in (1..2) %}{% include 'brk' %}{% endfor %}|{% for i in (1..2) %}{% render 'brk' %}{% endfor %}", "a|aa"},
			{"{% include 'none' %}{% include at %}", "Liquid error (line 1): No such template 'none'Liquid error (line 1): Argument error in tag 'include' - Illegal template name"},
			{"{% render 'bad' %}", "\nLiquid error (bad line 2): divided by 0"},
		}},
		{"errors inside", [][2]string{
			{"{% assign x = 1 | divided_by: 0 %}[{{ x }}]", "[]"},
			{"{% if true %} {{ 1 | modulo: 0 }}{% endif %}", " Liquid error (line 1): divided by 0"},
		}},
		{"dates", [][2]string{
			{"{{ when | date: '%Y-%m-%d %H:%M:%S.%L %z' }}", "2022-06-29 22:43:06.619 +0000"},
			{"{{ nul | date: '%Y' }}{{ 'x' | date: '%Y' }}{{ 0 | date: '%e %b %y' }}{{ when | date: '' }}", "x 1 Jan 702022-06-29T22:43:06.619978Z"},
			{"{{ 'March 14, 2016 5:06pm' | date: '%-d/%-m %l%P %j %A' }}", "14/3  5pm 074 Monday"},
			{"{{ '12:30' | date: '%F %T' }} {{ 'now' | date: '%F' }} {{ '1/2/2003' | date: '%F' }}", "2026-11-22 12:30:00 2026-11-22 2003-02-01"},
			{"{{ '2020-01-01 10:00 EST' | date: '%F %T %z|%Z' }} {{ 253402300800 | date: '%Y %s' }}", "2020-01-01 10:00:00 -0500| 10000 253402300800"},
			{"{{ 0 | date: '%Q %10Y %^a %:z %' }}", "Liquid error (line 1): invalid format: %Q %10Y %^a %:z %"},
		}},
		{"OpsLevel", [][2]string{
			{"{{ s | jsonify }}", `{"name":"Cart","id":12345678901234567890,"score":1.0,"tier":null,"tags":[{"key":"a","value":"1"},{"key":"b","value":null}],"contacts":[]}`},
			{"{{ quote | jsonify }}{{ nul | jsonify }}{{ (1..3) | jsonify }}{{ 'é\u2028\u0001' | jsonify }}", `"\"<&>'"null"1..3""é` + "\u2028" + `\u0001"`},
			{"{{ s | tag_value: 'a' }}{{ s.tags | tag_value: 'b' }}{{ s | tag_value: 'c' }}{{ nul | tag_value: 'c' }}", "1"},
		}},
	}
	for _, group := range causes {
		t.Run(group.cause, func(t *testing.T) {
			for _, c := range group.cases {
				if got := renderLax(t, c[0]); got != c[1] {
					t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
				}
			}
		})
	}
}

func TestStrictMode(t *testing.T) {
	for template, want := range map[string]string{
		"{{ s.name upcase }}":                       "Liquid syntax error (line 1): Expected end_of_string but found id in \"{{ s.name upcase }}\"",
		"{% assign x = 1 - 2 %}":                    "Liquid syntax error (line 1): Expected end_of_string but found dash in \"x = 1 - 2\"",
		"{% if a && b %}{% endif %}":                "Liquid syntax error (line 1): Unexpected character & in \"a && b\"",
		"{% if not a %}{% endif %}":                 "Liquid syntax error (line 1): Expected end_of_string but found id in \"not a\"",
		"{% for x in %}{% endfor %}":                "Liquid syntax error (line 1): [:end_of_string] is not a valid expression in \"x in\"",
		"{% for i in list limits: 2 %}{% endfor %}": "Liquid syntax error (line 1): Invalid attribute in for loop. Valid attributes are limit and offset in \"i in list limits: 2\"",
	} {
		_, err := Parse(template, Options{Mode: Strict, LineNumbers: true})
		if err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", template, err, want)
		}
	}
}

func TestSyntaxErrorKnowsItsPlace(t *testing.T) {
	_, err := Parse("é\n é{% bogus %}", Options{})
	e, ok := err.(*SyntaxError)
	if !ok || e.Line != 2 || e.Column != 3 || e.Message != "Unknown tag 'bogus'" || e.Error() != "Liquid syntax error: Unknown tag 'bogus'" {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestSecrets(t *testing.T) {
	secrets := func(alias string) (string, bool) { return "s3cret", alias == "token" }
	tp, err := Parse("{{ 'token' | secret }} {{ '' | secret: 'token' }} {{ 'token' | secret | base64_encode }} {{ 'tokn' | secret }}.", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for masked, want := range map[bool]string{false: "s3cret s3cret czNjcmV0 .", true: "******** ******** KioqKioqKio= ."} {
		res, err := tp.Render(context.Background(), Input{Secrets: secrets, MaskSecrets: masked})
		if err != nil || res.Output != want {
			t.Errorf("masked %v: got %q, %v", masked, res.Output, err)
		}
		if len(res.Problems) != 1 || res.Problems[0].ID != SecretUnknown || res.Problems[0].Expression != "tokn" {
			t.Errorf("masked %v: problems %+v", masked, res.Problems)
		}
	}
}

// TestPublishedPayload feeds OpsLevel's own template the values of the rendering
// that OpsLevel published of it; the same must come out.
func TestPublishedPayload(t *testing.T) {
	template := string(oracle(t, "opslevel_payload.txt"))
	published := oracle(t, "opslevel_response_for_payload.json")
	v := decoded(t, published).(*Hash)
	get := func(key string) Value {
		value, ok := v.Get(key)
		if !ok {
			t.Fatalf("no %s in the rendering", key)
		}
		return value
	}
	outputs := get("template_outputs").(*Hash)
	output := func(key string) Value {
		value, _ := outputs.Get(key)
		return value
	}
	in := NewHash(
		"template_run", NewHash("inputs", get("template_inputs"), "outputs", NewHash(
			"merge_request_url", output("Pull Request URL"), "merge_request_branch", output("Pull Request Branch"), "repo_url", output("New Service Repo"))),
		"user", get("user_all_properties"), "service", get("service_all_properties"))
	tp, err := Parse(template, Options{})
	if err != nil {
		t.Fatal(err)
	}
	res, err := tp.Render(context.Background(), Input{Context: in})
	if err != nil {
		t.Fatal(err)
	}
	got := AppendJSON(nil, decoded(t, []byte(res.Output)))
	want := AppendJSON(nil, decoded(t, published))
	if string(got) != string(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, p := range res.Problems {
		if p.Severity != Note {
			t.Errorf("a problem in OpsLevel's own template: %+v", p)
		}
	}
}

func TestTemplateIsSafeForConcurrentUse(t *testing.T) {
	tp, err := Parse(`{% for i in list %}{% cycle 'a', 'b' %}{{ i | upcase }}{% increment n %}{% endfor %}{{ h | jsonify }}{{ nope.x }}{% render 'p', x: i %}{% capture c %}{{ s.tags | map: 'key' | join }}{% endcapture %}{{ c }}`,
		Options{Partials: func(string) (string, bool) { return "{{ x }}!", true }})
	if err != nil {
		t.Fatal(err)
	}
	data := decoded(t, []byte(testData))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				res, err := tp.Render(context.Background(), Input{Context: data})
				if want := "aB0bA1aC2{\"z\":1,\"a\":[true,null]}!a b"; err != nil || res.Output != want {
					t.Errorf("got %q, %v", res.Output, err)
					return
				}
				if _, err := Parse("{% if a %}{{ b | upcase }}{% endif %}", Options{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRenderLeavesTheContextAlone(t *testing.T) {
	data := decoded(t, []byte(testData))
	before := string(AppendJSON(nil, data))
	tp, err := Parse("{% increment at %}{% assign list = nums %}{{ list | sort | reverse }}{{ nums | concat: nums | sort }}{{ nums | reverse }}", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := tp.Render(context.Background(), Input{Context: data}); err != nil {
			t.Fatal(err)
		}
	}
	if after := string(AppendJSON(nil, data)); after != before {
		t.Errorf("the context changed to %s", after)
	}
}

func TestJSONKeepsOrderAndNumbers(t *testing.T) {
	const text = `{"z":1,"a":[1.0,-0.5,12345678901234567890,1e3,"\u00e9\ud83d\ude00\n",true,null],"b":{},"c":[]}`
	const want = `{"z":1,"a":[1.0,-0.5,12345678901234567890,1000.0,"é😀\n",true,null],"b":{},"c":[]}`
	if got := string(AppendJSON(nil, decoded(t, []byte(text)))); got != want {
		t.Errorf("got %s", got)
	}
	v := decoded(t, []byte(`{"a":1,"b":2,"a":3}`))
	if got := string(AppendJSON(nil, v)); got != `{"a":3,"b":2}` {
		t.Errorf("a key given twice: %s", got)
	}
}

func TestHashInEncodingJSON(t *testing.T) {
	type record struct{ Context *Hash }
	const text = `{"Context":{"z":1.0,"a":[12345678901234567890,{"y":null,"b":true}]}}`
	var r record
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(r); err != nil || string(got) != text {
		t.Errorf("got %s, %v", got, err)
	}
	if got, err := json.Marshal(record{}); err != nil || string(got) != `{"Context":null}` {
		t.Errorf("got %s, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"Context":[1]}`), &r); err == nil {
		t.Error("a list was read as a hash")
	}
}

func TestHashTakesPlainGoValues(t *testing.T) {
	h := NewHash("n", 1, "l", []string{"a"}, "h", []*Hash{NewHash("k", int32(2))}, "nil", (*Hash)(nil))
	tp, err := Parse("{{ n | plus: 1 }}{{ l | join }}{{ h[0].k }}{{ nil.x }}{% if n == 1 %}!{% endif %}", Options{})
	if err != nil {
		t.Fatal(err)
	}
	res, err := tp.Render(context.Background(), Input{Context: h})
	if err != nil || res.Output != "2a2!" {
		t.Errorf("got %q, %v", res.Output, err)
	}
	for i := range 30 { // beyond the size from which keys are indexed
		h.Set(scalarText(int64(i%20)), i)
	}
	if v, ok := h.Get("5"); !ok || v != int64(25) || h.Len() != 24 {
		t.Errorf("got %v, %v, %d keys", v, ok, h.Len())
	}
}

func TestJSONErrors(t *testing.T) {
	for text, offset := range map[string]int{
		"": 0, " ": 1, "{": 1, `{"a"}`: 4, `{"a":}`: 5, `{"a":1,}`: 7, `[1,]`: 3, `[1 2]`: 3, `{'a':1}`: 1, "tru": 0, "1 x": 2, "01": 0, "1.": 2, "-": 1, "1e": 2,
		`"a`: 2, "\"a\nb\"": 2, `"\x"`: 2, `"\u12"`: 1, "[1]]": 3, "nul": 0, `{"a":1 "b":2}`: 7,
	} {
		_, err := DecodeJSON([]byte(text))
		e, ok := err.(*JSONError)
		if !ok || e.Offset != offset {
			t.Errorf("%q: got %v, want offset %d", text, err, offset)
		}
		if json.Valid([]byte(text)) {
			t.Errorf("%q is JSON", text)
		}
	}
	if _, err := DecodeJSON([]byte(strings.Repeat("[", 100_000))); err == nil {
		t.Error("a document of any depth was read")
	}
}

func TestPinnedVersionOfOsteele(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/osteele/liquid v1.9.2") {
		t.Error("go.mod does not name github.com/osteele/liquid v1.9.2, which this package was measured with; @latest is older")
	}
	out, err := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, ".").Output()
	if err != nil {
		t.Skip("no go command here")
	}
	if strings.Contains("\n"+string(out), "\ngithub.com/osteele/liquid\n") {
		t.Error("the public Engine is imported outside tests")
	}
}
