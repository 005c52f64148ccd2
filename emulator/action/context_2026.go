package action

import "github.com/bubblelevel/bubblelevel/emulator/catalog"

// The 2026 profile: the keys, their order and their types are those of the rendering that OpsLevel published in January
// 2026. It does not show action_owner, which is given the shape of service.owner.

func (f facts) user2026() *object {
	u := f.user
	return newObject(
		"id", u.ID, "name", u.Name, "email", u.Email, "href", userHref(u), "role", role(u),
		"deactivated_at", timeOrNull(u.DeactivatedAt, rubyTime), "sign_in_count", 1, "deactivated", u.Deactivated,
		"gravatar_src", u.GravatarURL, "pending", u.Pending, "has_provider", u.HasProvider,
		"api_token_count", u.APITokenCount, "provisioned_by", provisionedBy(u),
	)
}

func (f facts) service2026() *object {
	s := f.service
	tags := []any{}
	for i, t := range s.Tags {
		tags = append(tags, tag2026(t, f.draws.tags[i]))
	}
	return newObject(
		"id", s.ID, "name", s.Name, "href", "/components/"+s.Slug, "product", orNull(s.Product), "language", orNull(s.Language),
		"framework", orNull(s.Framework), "slug", s.Slug, "tier_index", indexOrNull(f.tier, f.hasTier),
		"lifecycle_index", indexOrNull(f.lifecycle, f.hasLifecycle), "service_stat", nil, "tags", tags, "alert_sources", []any{},
		"service_repositories", f.repositories2026(), "owner", f.team2026(f.owner), "tools", []any{},
	)
}

func tag2026(t catalog.Tag, number uint64) *object {
	return newObject("key", t.Key, "value", t.Value, "id", catalog.ID("Tag", number), "locked", false,
		"locker_kind", nil, "locker_url", nil)
}

func (f facts) repositories2026() []any {
	out := []any{}
	for _, r := range f.service.Repositories {
		url := repositoryURL(f.template, r.Name)
		out = append(out, newObject(
			"id", catalog.ID("ServiceRepository", f.draws.link), "repo_path", r.Path, "is_primary", r.Primary,
			"managed", false, "locked", false, "at_root", r.Path == "" || r.Path == "/", "display_name", r.Name,
			"deep_url", url, "repository", f.repository2026(r, url),
		))
	}
	return out
}

func (f facts) repository2026(r catalog.ServiceRepository, url string) *object {
	return newObject(
		"id", catalog.ID(repositoryClass(f.template.Forge), f.draws.repository), "name", baseName(r.Name), "url", url,
		"default_branch", r.DefaultBranch, "invalidated_at", nil, "forked", false, "repo_key", f.draws.repoKey,
		"display_name", r.Name, "description", nil, "type_string", r.Provider, "visible", true, "archived_at", nil,
		"branch_protection", nil, "created_on", f.now.UTC().Format(rubyTime), "account_name", f.template.Group,
		"type_display_name", forgeTitle(f.template.Forge), "icon", r.Provider, "integration_href", f.integrationHref(),
		"locked", false, "active", true, "private", r.Private, "href", "/repositories/"+numberText(f.draws.repository),
	)
}

// team2026 is null for no team.
func (f facts) team2026(t *catalog.Team) any {
	if t == nil {
		return nil
	}
	aliases := []any{}
	for _, a := range t.Aliases {
		aliases = append(aliases, a)
	}
	aliases = append(aliases, t.Slug)
	tags := []any{}
	for _, tag := range t.Tags {
		tags = append(tags, tag2026(tag, steady("Tag", t.Slug+"/"+tag.Key+"/"+tag.Value)))
	}
	return newObject(
		"id", t.ID, "name", t.Name, "href", "/teams/"+t.Slug, "slug", t.Slug, "service_stat", zeroChecks(),
		"manager", f.manager2026(t), "has_checks", true, "alias", t.Slug, "aliases", aliases, "tags", tags,
		"contacts", contacts2026(t),
	)
}

// manager2026 is the inspect text of a Ruby object: the published rendering leaks it.
func (f facts) manager2026(t *catalog.Team) any {
	if f.managers[t.Manager] == nil {
		return nil
	}
	return "#<User:0x" + f.draws.manager + ">"
}

func contacts2026(t *catalog.Team) []any {
	out := []any{}
	for _, c := range t.Contacts {
		method, display, kind, short, icon := contactWords(c)
		out = append(out, newObject("id", c.ID, "address", c.Address, "contact_method", method, "display_name", display,
			"display_type", displayType(c), "target_href", targetHref(c), "type", kind, "short_name", short, "icon", icon))
	}
	return out
}
