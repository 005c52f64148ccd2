package emulator

import (
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
)

// drifted compares the real answer with ours, and names the lines of the fidelity table that a difference may concern:
// those that said what we said, and those that would have to say what was said there.
func drifted(ours, theirs relay.Said, of catalog.IntegrationType) []event.Difference {
	found := relay.Compare(ours, theirs)
	for i := range found {
		found[i].Fidelity = concerned(found[i].Field, ours, theirs, of)
	}
	return found
}

func concerned(field string, ours, theirs relay.Said, of catalog.IntegrationType) []string {
	switch field {
	case relay.FieldContentType:
		return []string{"deploy.202"}
	case relay.FieldTitle:
		if ours.Result == deploy.Rejected && ours.HTTP == theirs.HTTP {
			return append(rejection(ours, of), "deploy.title")
		}
	case relay.FieldDetail:
		if ours.Result == deploy.Rejected && ours.HTTP == theirs.HTTP {
			return append(rejection(ours, of), "deploy.did_you_mean")
		}
	case relay.FieldHTTP:
		if ours.Result != deploy.Rejected && theirs.Result == ours.Result {
			return []string{"deploy.202"}
		}
	case relay.FieldBody:
		if ours.Result == theirs.Result && ours.Result != deploy.Rejected {
			return append(accepted(ours.Result), "deploy.escapes")
		}
	}
	lines := append(rejection(ours, of), rejection(theirs, of)...)
	if ours.Result != theirs.Result {
		lines = append(append(lines, accepted(ours.Result)...), accepted(theirs.Result)...)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// accepted are the lines that decide about a result.
func accepted(r deploy.Result) []string {
	switch r {
	case deploy.OK:
		return []string{"deploy.ok"}
	case deploy.NoServiceFound:
		return []string{"deploy.no_service", "alias.exact"}
	case deploy.Duplicate:
		return []string{"deploy.duplicate", "dedup.scope", "dedup.across", "dedup.compare", "dedup.rejected"}
	}
	return nil
}

// rejection are the lines that decide about a refusal; none for an answer that is not one.
func rejection(s relay.Said, of catalog.IntegrationType) []string {
	if s.Result != deploy.Rejected || len(s.Problems) == 0 {
		return nil
	}
	switch p := s.Problems[0]; {
	case p.Status == 404:
		return []string{"integration.unknown"}
	case p.Status == 413:
		return []string{"size"}
	case p.Status == 503:
		return []string{"unavailable"}
	case p.Status == 406:
		return []string{"read.malformed_type"}
	case p.Status != 400:
		return nil
	case p.Field == "deployer" && of == "jenkins":
		return []string{"deployer.jenkins"}
	case p.Field == "deployer" && of == "deploy":
		return []string{"deployer.required"}
	case p.Field == "deployer":
		return []string{"deployer.other_types"}
	case p.Field == "deployer.name", p.Field == "deployer.email":
		return []string{"deployer.nameless"}
	case p.Field == "deployed_at":
		return []string{"deploy.missing", "deploy.order", "date.unreadable"}
	case p.Field != "":
		return []string{"deploy.missing", "deploy.order", "value.blank"}
	}
	return []string{"json.refused", "form.refused"}
}
