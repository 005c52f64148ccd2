package action

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func files(name string) ([]byte, error) {
	if text, ok := map[string]string{"p.liquid": "payload", "r.liquid": "response", "u.txt": "receiver:x\r\n", "cookiecutter.json": `{"project_name": "x"}`}[name]; ok {
		return []byte(text), nil
	}
	return nil, errors.New("no such file")
}

func TestWebhookSourceReadsBothSpellings(t *testing.T) {
	want := Webhook{
		URL: "receiver:x", Method: "PUT", Headers: map[string]string{"A": "b", "N": "5"}, Payload: "payload", ResponseTemplate: "response",
		Async: true, SigningSecret: "s", Settings: Settings{Timeout: Duration(2 * time.Second), Retries: 1},
	}
	rest := `"async":true,"signing_secret":"s","settings":{"timeout":"2s","retries":1}}`
	for name, text := range map[string]string{
		"terraform": `{"url":"receiver:x","method":"PUT","headers":{"A":"b","N":5},"payload":"payload","response_template":"response",` + rest,
		"graphql":   `{"webhookUrl":"receiver:x","httpMethod":"PUT","headers":"{\"A\":\"b\",\"N\":\"5\"}","liquidTemplate":"payload","responseTemplate":"response",` + rest,
		"files":     `{"url_file":"u.txt","method":"PUT","headers":{"A":"b","N":"5"},"payload_file":"p.liquid","response_template_file":"r.liquid",` + rest,
	} {
		var s WebhookSource
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Webhook(files); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWebhookSourceErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{"url":"a","webhookUrl":"b"}`:                 "url and webhookUrl are both given",
		`{"url":"a","payload":"a","payload_file":"p"}`: "payload and payload_file are both given",
		`{"url":"a","payload_file":"q"}`:               "payload_file: no such file",
		`{}`:                                           "url is missing",
		`{"url":"a","method":"FETCH"}`:                 `method is "FETCH"`,
	} {
		var s WebhookSource
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Webhook(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := (WebhookSource{URL: "a", PayloadFile: "p.liquid"}).Webhook(nil); err == nil {
		t.Error("a file was read from nowhere")
	}
	for _, text := range []string{`{"url":"a","headers":[]}`, `{"url":"a","headers":"x"}`, `{"url":"a","headers":{"a":{}}}`, `{"url":"a","settings":{"timeout":"soon"}}`} {
		var s WebhookSource
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Webhook(nil); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func TestTemplateSource(t *testing.T) {
	s := TemplateSource{
		Name: "x", Account: "acme", CookiecutterFile: "cookiecutter.json",
		Webhook: &WebhookSource{WebhookURL: "receiver:x", PayloadFile: "p.liquid"},
	}
	got, err := s.Template(files)
	if err != nil || got.Forge != GitHub || got.Group != "acme" || got.Fields[0].Default != "x" || got.Webhook.Payload != "payload" {
		t.Errorf("%+v, %v", got, err)
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var back Template
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(got, back) {
		t.Errorf("%s: %v", text, err)
	}
	for want, bad := range map[string]TemplateSource{
		"group and account":      {Name: "x", Group: "a", Account: "b"},
		"fields and a":           {Name: "x", Group: "a", Cookiecutter: "{}", Fields: []Field{{Name: "a"}}},
		"cookiecutter.json:1:2:": {Name: "x", Group: "a", Cookiecutter: "{"},
		"webhook: url":           {Name: "x", Group: "a", Webhook: &WebhookSource{}},
		"no such file":           {Name: "x", Group: "a", CookiecutterFile: "y"},
		"needs a name":           {Group: "a"},
	} {
		if _, err := bad.Template(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestBytesAndDurationsInJSON(t *testing.T) {
	for in, want := range map[Bytes]string{"text": `"text"`, "": `""`, "\xff": `{"base64":"/w=="}`} {
		text, err := json.Marshal(in)
		if err != nil || string(text) != want {
			t.Errorf("%q: %s", in, text)
		}
		var back Bytes
		if err := json.Unmarshal(text, &back); err != nil || back != in {
			t.Errorf("%q: %q", in, back)
		}
	}
	if err := json.Unmarshal([]byte("5"), new(Bytes)); err == nil {
		t.Error("a number was taken")
	}
	if text, _ := json.Marshal(Duration(1500 * time.Millisecond)); string(text) != `"1.5s"` {
		t.Errorf("%s", text)
	}
}
