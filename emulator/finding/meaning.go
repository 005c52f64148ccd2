package finding

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// maxCompared is the longest name, in bytes, of which a field is made out.
const maxCompared = 32

// meaning is the field, dotted, that a name nobody knows stands for; empty for none. It is sure where the name is a
// field's own in another spelling (deployedAt, dedup-id, commit_sha) or its word in a system next door (env), and a guess
// where it is a word that means many things.
func meaning(p param) (field string, sure bool) {
	if len(p.key) > maxCompared {
		return "", false
	}
	word := folded(p.key)
	if field := spelled(p.in, word); field != "" {
		return field, true
	}
	if field := synonym(p.in, word); field != "" {
		return field, !common(word)
	}
	best, limit := "", len(word)/4+1 // of a short word, one letter may differ
	for _, known := range siblings(p.in) {
		if d, ok := spell.Within(word, folded(known), limit); ok {
			best, limit = dotted(p.in, known), d-1
		}
	}
	return best, best != "" && len(word) > 3
}

// folded is a name without what spellings differ in: capital letters, underscores, dashes, dots and brackets.
func folded(key string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("_-.[] :/", r):
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, key)
}

var (
	topFields      = [...]string{"service", "description", "deployed_at", "environment", "deploy_url", "deploy_number", "dedup_id", "status", "deployer", "commit"}
	deployerFields = [...]string{"email", "name", "id"}
	commitFields   = [...]string{
		"sha", "message", "branch", "date", "authoring_date", "committer_name", "committer_email", "author_name", "author_email",
	}
)

// Fields are the fields of a deploy, those of its objects as a path: "service", "commit.sha".
func Fields() []string {
	var all []string
	for _, name := range topFields {
		if name != "deployer" && name != "commit" {
			all = append(all, name)
		}
	}
	for _, name := range deployerFields {
		all = append(all, "deployer."+name)
	}
	for _, name := range commitFields {
		all = append(all, "commit."+name)
	}
	return all
}

func siblings(in string) []string {
	switch in {
	case "deployer":
		return deployerFields[:]
	case "commit":
		return commitFields[:]
	}
	return topFields[:]
}

// spelled finds the field whose own name, with or without that of its object before it, is the word. The object that
// holds the parameter is looked through first.
func spelled(in, word string) string {
	for _, object := range [...]string{in, "", "deployer", "commit"} {
		for _, known := range siblings(object) {
			if object == "" && (known == "deployer" || known == "commit") && in != "" {
				continue
			}
			if f := folded(known); f == word && !vague(in, object, word) || object != "" && object+f == word {
				return dotted(object, known)
			}
		}
	}
	return ""
}

// vague says whether a word is too common to be sure that it was meant for another object: anybody may send an id.
func vague(in, object, word string) bool {
	if in == object {
		return false
	}
	switch word {
	case "id", "name", "message", "date":
		return true
	}
	return false
}

// common says whether a word may as well mean something that is not for OpsLevel at all.
func common(word string) bool {
	switch word {
	case "name", "message", "date", "url", "link", "user", "username", "actor", "time", "state", "result", "outcome",
		"number", "app", "application", "component", "alias", "stage", "revision", "hash", "title", "login":
		return true
	}
	return false
}

// synonym knows the words that other systems have for a field.
func synonym(in, word string) string {
	switch in {
	case "deployer":
		return deployerSynonym(word)
	case "commit":
		return commitSynonym(word)
	}
	switch word {
	case "env", "environmentname", "stage":
		return "environment"
	case "deployat", "deploydate", "deploytime", "deployedon", "deployeddate", "timestamp", "time", "datetime", "finishedat":
		return "deployed_at"
	case "dedup", "dedupkey", "deduplicationid", "deduplicationkey", "dedupeid":
		return "dedup_id"
	case "number", "buildnumber", "deploymentnumber", "runnumber":
		return "deploy_number"
	case "url", "deploymenturl", "buildurl", "runurl", "link":
		return "deploy_url"
	case "servicealias", "alias", "servicename", "app", "application", "component":
		return "service"
	case "state", "result", "deploystatus", "outcome":
		return "status"
	case "revision", "hash", "gitsha", "commithash", "commitid", "gitcommit":
		return "commit.sha"
	case "message":
		return "commit.message"
	case "gitbranch":
		return "commit.branch"
	case "date", "committedat":
		return "commit.date"
	case "user", "username", "deployedby", "actor", "name":
		return "deployer.name"
	case "useremail":
		return "deployer.email"
	}
	return ""
}

func deployerSynonym(word string) string {
	switch word {
	case "mail", "emailaddress":
		return "deployer.email"
	case "user", "username", "login", "fullname":
		return "deployer.name"
	}
	return ""
}

func commitSynonym(word string) string {
	switch word {
	case "hash", "id", "revision", "commitid", "oid":
		return "commit.sha"
	case "author":
		return "commit.author_name"
	case "committer":
		return "commit.committer_name"
	case "authoredat", "authordate", "authoreddate":
		return "commit.authoring_date"
	case "timestamp", "committedat", "commitdate", "committeddate":
		return "commit.date"
	case "msg", "title", "subject":
		return "commit.message"
	case "ref":
		return "commit.branch"
	}
	return ""
}
