package action

import (
	"encoding/json"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// The documented profile. The keys stand in the order of the page's example; a property that only the page's tables
// name stands behind those of its object.

func integer(n uint64) json.Number { return json.Number(numberText(n)) }

func (f facts) userDocumented() *object {
	u := f.user
	return newObject(
		"id", u.ID, "name", u.Name, "email", u.Email, "href", userHref(u), "role", role(u),
		"deactivated_at", timeOrNull(u.DeactivatedAt, documentedTime), "deactivated", u.Deactivated,
		"gravatar_src", u.GravatarURL, "pending", u.Pending, "has_provider", u.HasProvider,
		"api_token_count", u.APITokenCount, "provisioned_by", provisionedBy(u),
		"gravatar_url", u.GravatarURL,
	)
}

func (f facts) serviceDocumented() *object {
	s := f.service
	tags := []any{}
	for i, t := range s.Tags {
		id := catalog.ID("Tag", f.draws.tags[i])
		tags = append(tags, newObject("key", t.Key, "value", t.Value, "id", id, "gid", id, "locked", false))
	}
	return newObject(
		"id", s.ID, "name", s.Name, "href", "/services/"+s.Slug, "product", orNull(s.Product), "language", orNull(s.Language),
		"framework", orNull(s.Framework), "slug", s.Slug, "tier_index", indexOrNull(f.tier, f.hasTier),
		"lifecycle_index", indexOrNull(f.lifecycle, f.hasLifecycle), "service_stat", zeroChecks(), "tags", tags,
		"service_repositories", f.repositoriesDocumented(), "owner", f.teamDocumented(f.owner, true),
	)
}

func (f facts) repositoriesDocumented() []any {
	out := []any{}
	for _, r := range f.service.Repositories {
		url := repositoryURL(f.template, r.Name)
		out = append(out, newObject(
			"id", integer(f.draws.link), "gid", catalog.ID("ServiceRepository", f.draws.link), "repo_path", r.Path,
			"is_primary", r.Primary, "managed", false, "locked", false, "at_root", r.Path == "" || r.Path == "/",
			"display_name", r.Name, "deep_url", url, "repository", f.repositoryDocumented(r, url),
		))
	}
	return out
}

func (f facts) repositoryDocumented(r catalog.ServiceRepository, url string) *object {
	return newObject(
		"id", integer(f.draws.repository), "gid", catalog.ID(repositoryClass(f.template.Forge), f.draws.repository),
		"name", baseName(r.Name), "url", url, "default_branch", r.DefaultBranch, "invalidated_at", nil, "active", true,
		"forked", false, "repo_key", f.draws.repoKey, "display_name", r.Name, "description", nil, "type_string", r.Provider,
		"visible", true, "archived_at", nil, "branch_protection", false, "created_on", f.now.UTC().Format(documentedTime),
		"account_name", f.template.Group, "type_display_name", forgeTitle(f.template.Forge), "icon", r.Provider,
		"integration_href", f.integrationHref(), "locked", false, "private", r.Private,
		"href", "/repositories/"+numberText(f.draws.repository),
	)
}

// teamDocumented is null for no team. The page's example shows tags for the owner of a service and none for that of an
// action.
func (f facts) teamDocumented(t *catalog.Team, withTags bool) any {
	if t == nil {
		return nil
	}
	o := newObject("id", t.ID, "name", t.Name, "href", "/teams/"+t.Slug, "slug", t.Slug, "service_stat", zeroChecks(),
		"manager", f.managerDocumented(t))
	if withTags {
		tags := []any{}
		for _, tag := range t.Tags {
			id := catalog.ID("Tag", steady("Tag", t.Slug+"/"+tag.Key+"/"+tag.Value))
			tags = append(tags, newObject("key", tag.Key, "value", tag.Value, "id", id, "gid", id, "locked", false))
		}
		o.set("tags", tags)
	}
	contacts := []any{}
	for _, c := range t.Contacts {
		method, display, kind, short, icon := contactWords(c)
		contacts = append(contacts, newObject("id", integer(numberIn(c.ID)), "address", c.Address, "contact_method", method,
			"display_name", display, "display_type", displayType(c), "target_href", targetHref(c), "type", kind,
			"short_name", short, "icon", icon))
	}
	return o.with("contacts", contacts)
}

// managerDocumented is the whole user record of the page's example, and what the page's table of users names beyond
// it. The session token of the example is a leak; here it is no token.
func (f facts) managerDocumented(t *catalog.Team) any {
	u := f.managers[t.Manager]
	if u == nil {
		return nil
	}
	since := f.now.UTC().Format(documentedTime)
	return newObject(
		"id", integer(numberIn(u.ID)), "email", u.Email, "session_token", "SOME-ID", "last_sign_in_method", nil,
		"name", u.Name, "account_id", 1, "accepted_tos_at", nil, "role", role(*u), "provisioned_by_id", nil,
		"provisioned_by_type", nil, "provisioned_by_details", nil,
		"deactivated_at", timeOrNull(u.DeactivatedAt, documentedTime), "created_at", since, "updated_at", since,
		"seen_team_cta", nil,
		"href", userHref(*u), "deactivated", u.Deactivated, "gravatar_url", u.GravatarURL, "pending", u.Pending,
		"has_provider", u.HasProvider, "api_token_count", u.APITokenCount, "provisioned_by", provisionedBy(*u),
	)
}
