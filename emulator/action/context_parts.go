package action

import (
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// contextOf builds the context of a run in a profile.
func contextOf(f facts, p Profile) Context {
	outputs := newObject()
	if f.template.hasRepository() {
		outputs.with("repo_url", f.outputs.RepoURL, "merge_request_url", f.outputs.MergeRequestURL,
			"merge_request_branch", f.outputs.MergeRequestBranch)
	}
	o := newObject(
		"template_run", newObject("inputs", inputTree(f.template.Fields, f.inputs), "outputs", outputs),
	)
	if p == Published2026 {
		o.with("user", f.user2026(), "service", f.service2026(), "action_owner", f.team2026(f.actionOwner))
	} else {
		o.with("user", f.userDocumented(), "service", f.serviceDocumented(), "action_owner", f.teamDocumented(f.actionOwner, false))
	}
	return contextFrom(o)
}

// orNull is null for an empty text.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func indexOrNull(index int, known bool) any {
	if !known {
		return nil
	}
	return index
}

// Times: the page's example has ISO 8601 with six digits; the published rendering what Ruby's JSON.generate makes.
const (
	documentedTime = "2006-01-02T15:04:05.000000Z"
	rubyTime       = "2006-01-02 15:04:05 UTC"
)

func timeOrNull(t *time.Time, layout string) any {
	if t == nil {
		return nil
	}
	return t.UTC().Format(layout)
}

func numberText(n uint64) string { return strconv.FormatUint(n, 10) }

func userHref(u catalog.User) string { return "/users/" + numberText(numberIn(u.ID)) }

func role(u catalog.User) string {
	if u.Role == "" {
		return "user"
	}
	return u.Role
}

func provisionedBy(u catalog.User) string {
	if u.ProvisionedBy == "" {
		return "Unknown"
	}
	return u.ProvisionedBy
}

// integrationHref is absolute in both sources, unlike all other links.
func (f facts) integrationHref() string {
	n := steady("Integration", string(f.template.Forge)+"/"+f.template.Group) % 10_000
	return "https://app.opslevel.com/integrations/" + string(f.template.Forge) + "/" + numberText(n)
}

// forgeTitle is type_display_name.
func forgeTitle(f Forge) string {
	if f == GitLab {
		return "GitLab"
	}
	return "GitHub"
}

// baseName is the repository without its group.
func baseName(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// contactWords are what a contact shows beside its address. contact_method is in capitals in the page's example and in
// the published rendering, although the page's table has it in lower case.
func contactWords(c catalog.Contact) (method, display, kind, short, icon string) {
	switch c.Method {
	case "email":
		display, kind, icon = "Email", "Email", "mail"
	case "slack":
		display, kind, icon = "Slack Channel", "Slack", "slack"
	case "slack_handle":
		display, kind, icon = "Slack Handle", "Slack", "slack"
	default:
		display, kind, icon = "Website", "Web", "web"
	}
	if c.DisplayName != "" {
		display = c.DisplayName
	}
	return strings.ToUpper(c.Method), display, kind, c.Address, icon
}

// targetHref is the link of a contact that brings none of its own.
func targetHref(c catalog.Contact) string {
	switch {
	case c.TargetHref != "":
		return c.TargetHref
	case c.Method == "email":
		return "mailto:" + c.Address
	case c.Method == "slack":
		return "https://example.slack.com/channels/" + strings.TrimPrefix(c.Address, "#") + "/"
	case c.Method == "slack_handle":
		return "https://example.slack.com/team/" + strings.TrimPrefix(c.Address, "@")
	}
	return c.Address
}

// displayType is null for none.
func displayType(c catalog.Contact) any {
	if c.DisplayType == "None" {
		return nil
	}
	return orNull(c.DisplayType)
}

func zeroChecks() *object { return newObject("num_checks", 0, "num_passing_checks", 0) }
