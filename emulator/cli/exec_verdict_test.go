package cli_test

import (
	"strings"
	"testing"
)

// send is a healthy sender in a script: bubblelevel's own send, at the integration of exec.
const send = `"$BL" send --set service=cart --set environment=Production --set commit.sha=38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5 `

const cartYML = "version: 1\nservice:\n  name: cart\n  aliases: [carts]\n"

// TestVerdicts: a pipeline is green only if its deploys really arrived. Each row is a sender, healthy or with one defect.
func TestVerdicts(t *testing.T) {
	const none = ""
	for _, c := range []struct {
		name, files, script string
		flags               []string
		code                int
		says                string // on stderr
	}{
		{"healthy", cartYML, send, nil, 0, "1 deploy was recorded, and none was lost"},
		{"healthy without a list of services", none, send, nil, 0, "aliases not checked"},
		{"healthy, other alias", cartYML, send + "--set service=carts", nil, 0, none},
		{"a retry with the same id and meaning", cartYML, send + "--set dedup_id=7; " + send + "--set dedup_id=7", nil, 0, "1 deploy was recorded"},
		{"staging and production with their own ids", cartYML, send + "--set dedup_id=7s --set environment=staging;" + send + "--set dedup_id=7p", nil, 0, "2 deploys were recorded"},
		{"refused, then sent rightly", cartYML, send + "--remove deployer;" + send, nil, 0, none},
		{"a deploy that is expected", cartYML, send, []string{"--expect", "service:cart environment:Production"}, 0, none},
		{"none, and that is allowed", cartYML, "true", []string{"--allow", "silent.nothing_sent"}, 0, none},
		{"a defect that is asked for", cartYML, send + "--remove description || true", []string{"--expect", "result:rejected"}, 0, none},
		{"a defect that is allowed", cartYML, send + "--set service=crat", []string{"--allow", "silent.unknown_alias"}, 0, none},
		{"a warning", cartYML, send + "--set environment=production;" + send, nil, 0, "environment.case"},
		{"jenkins without deployer", cartYML, send + "--remove deployer", []string{"--type", "jenkins"}, 0, none},

		{"nothing sent", cartYML, "true", nil, 4, "silent.nothing_sent"},
		{"nothing sent but a ping", cartYML, `"$BL" send --to "$BUBBLELEVEL_URL/api/ping" || true`, nil, 4, "exit code 4 is bubblelevel's"},
		{"unknown alias", cartYML, send + "--set service=crat", nil, 4, `the nearest is "cart"`},
		{"dropped duplicate", cartYML, send + "--set dedup_id=7 --set environment=staging;" + send + "--set dedup_id=7", nil, 4, "silent.duplicate"},
		{"a new status under an old id", cartYML, send + "--set dedup_id=7 --set status=running;" + send + "--set dedup_id=7 --set status=success", nil, 4, "silent.status_lost"},
		{"a swallowed 400", cartYML, send + "--remove description || true", nil, 4, "silent.rejected"},
		{"a swallowed 400 beside a healthy one", cartYML, send + ";" + send + "--remove description --set environment=staging || true", nil, 4, "silent.rejected"},
		{"a wrong uuid", cartYML, send + `;` + send + `--set environment=staging --to "$BUBBLELEVEL_URL/integrations/deploy/0b7a9c3e-0000-4000-8000-000000000000" || true`, nil, 4, "silent.unknown_integration"},
		{"a uuid of the demonstration", cartYML, send + `--to "$BUBBLELEVEL_URL/integrations/deploy/11111111-1111-4111-8111-111111111111" || true`, nil, 4, "silent.unknown_integration"},
		{"wrong environment", cartYML, send + "--set environment=staging", []string{"--expect", "service:cart environment:Production"}, 4, "!=  staging"},
		{"one of two expected", cartYML, send, []string{"--expect", "service:cart", "--expect", "service:payments"}, 4, "service:payments"},
		{"sent what may never be sent", cartYML, send + "--set 'commit.message=token=1'", []string{"--never", "message:~token"}, 4, "Expected no deploy"},
		{"more than expected", cartYML, send + "--set environment=a;" + send, []string{"--times", "1"}, 4, "exactly 1 deploy"},
		{"a form instead of JSON", cartYML, send + "--content-type application/x-www-form-urlencoded || true", nil, 4, "body.form_encoded_json"},
		{"a warning with --strict", cartYML, send + "--set environment=production;" + send, []string{"--strict"}, 4, "environment.case"},
		{"without deployer", cartYML, send + "--remove deployer || true", nil, 4, "Deployer Error"},
		{"a variable that was not filled in", cartYML, send + `--set 'environment=${ENVIRONMENT}'`, nil, 4, "field.placeholder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if c.files != none {
				b.file("opslevel.yml", c.files)
			}
			got := b.exec(c.script, c.flags...)
			if got.code != c.code || !strings.Contains(got.err, c.says) {
				t.Errorf("want code %d and %q, got %s", c.code, c.says, got)
			}
			if !strings.HasPrefix(got.lastLine(), "bubblelevel: exit code ") {
				t.Errorf("the last line does not say whose code it is: %s", got)
			}
		})
	}
}

// TestRetiredIntegration: an old URL that is still in the secrets of a repository.
func TestRetiredIntegration(t *testing.T) {
	const old = "5f0c2b1a-7d3e-4c89-9a56-1234567890ab"
	b := newBench(t)
	b.file("account.yaml", "version: 1\nservices:\n  - name: cart\nintegrations:\n  - uuid: "+old+"\n    type: deploy\n    retired_at: 2020-01-01T00:00:00Z\n")
	got := b.exec(send+`--to "$BUBBLELEVEL_URL/integrations/deploy/`+old+`" || true`, "--fixtures", "account.yaml")
	if got.code != 4 || !strings.Contains(got.err, "silent.retired_integration") {
		t.Error(got)
	}
}

// TestUsageBeforeTheCommand: a mistake in the command line is found before the command runs.
func TestUsageBeforeTheCommand(t *testing.T) {
	for name, flags := range map[string][]string{
		"a finding that is none": {"--expect", "not:finding:silent.duplicat"},
		"an id that is none":     {"--allow", "silent.nothing"},
		"a field that is none":   {"--expect", "servce:cart"},
		"a value that is none":   {"--expect", "result:okay"},
		"a type that is none":    {"--type", "jenkin"},
		"bounds for several":     {"--expect", "service:a", "--expect", "service:b", "--times", "2"},
		"contradicting bounds":   {"--times", "1", "--max", "2"},
		"a file that is not":     {"--fixtures", "nowhere.yaml"},
		"an address that is not": {"--bind", "here"},
		"a host that is not":     {"--advertise", "http://host"},
		"negative":               {"--settle", "-1s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			got := b.exec("echo it ran", flags...)
			if got.code != 2 || strings.Contains(got.out, "it ran") || !strings.Contains(got.err, "error:") {
				t.Error(got)
			}
		})
	}
	b := newBench(t)
	b.file("opslevel.yml", "version: 1\nservice:\n  name: [")
	if got := b.exec("echo it ran"); got.code != 2 || !strings.Contains(got.err, "opslevel.yml:") || got.out != "" {
		t.Error(got)
	}
	if got := b.run("exec"); got.code != 2 {
		t.Error(got)
	}
}
