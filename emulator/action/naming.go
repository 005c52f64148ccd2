package action

import (
	"encoding/base64"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// RepositoryName is the name of the repository for a service's slug: dashes for underscores, and a dash wherever letters
// meet digits ("my_project6" -> "my-project-6", as in OpsLevel's published rendering).
func RepositoryName(slug string) string {
	var b strings.Builder
	var last rune
	for _, r := range slug {
		if r == '_' || r == '-' {
			r = '-'
		} else if unicode.IsDigit(r) && unicode.IsLetter(last) || unicode.IsLetter(r) && unicode.IsDigit(last) {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// draws are the random parts of a run. They are drawn in one place and in one order, so that a seed gives the same run
// whatever profile is asked for.
type draws struct {
	service, link, repository uint64
	tags                      []uint64
	repoKey                   string
	branch                    string
	manager                   string
}

func draw(ids clock.IDs, tags int) draws {
	d := draws{
		service: number(ids), link: number(ids), repository: number(ids),
		repoKey: strconv.FormatUint(1_000_000_000+number(ids), 10),
		branch:  ids.Token()[:8], manager: ids.Token()[:16],
	}
	for range tags {
		d.tags = append(d.tags, number(ids))
	}
	return d
}

// number is a record number of seven digits.
func number(ids clock.IDs) uint64 {
	n, _ := strconv.ParseUint(ids.Token()[:8], 16, 64) // a token is hexadecimal
	return 1_000_000 + n%9_000_000
}

// steady is a number for something of the account that has none of its own; the same for the same key.
func steady(class, key string) uint64 {
	h := fnv.New32a()
	h.Write([]byte(class + "/" + key))
	return 1_000 + uint64(h.Sum32())%9_000_000
}

// numberIn is the number at the end of a global id ("gid://opslevel/User/4220" in base64); one made from the id itself
// for an id of any other form.
func numberIn(id string) uint64 {
	if raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(id, "=")); err == nil {
		text := string(raw)
		if n, err := strconv.ParseUint(text[strings.LastIndexByte(text, '/')+1:], 10, 64); err == nil {
			return n
		}
	}
	return steady("id", id)
}

// repositoryClass is the class in a repository's global id.
func repositoryClass(f Forge) string {
	if f == GitLab {
		return "Repositories::Gitlab"
	}
	return "Repositories::Github"
}

// Outputs are template_run.outputs: where a run left its work. All are empty where no repository was made.
type Outputs struct {
	RepoURL            string `json:"repo_url"`
	MergeRequestURL    string `json:"merge_request_url"`
	MergeRequestBranch string `json:"merge_request_branch"`
}

func outputsOf(t Template, repository, branch string) Outputs {
	if !t.hasRepository() {
		return Outputs{}
	}
	o := Outputs{RepoURL: repositoryURL(t, repository), MergeRequestBranch: "opslevel/initialize_service_" + branch}
	o.MergeRequestURL = o.RepoURL + "/pull/1"
	if t.Forge == GitLab {
		o.MergeRequestURL = o.RepoURL + "/-/merge_requests/1"
	}
	return o
}

func (t Template) hasRepository() bool { return t.Forge == GitHub || t.Forge == GitLab }

func repositoryURL(t Template, repository string) string {
	base := strings.TrimRight(t.ForgeURL, "/")
	switch {
	case base != "":
	case t.Forge == GitLab:
		base = "https://gitlab.com"
	default:
		base = "https://github.com"
	}
	return base + "/" + repository
}

// fullName is a repository with its group: "acme/cart".
func fullName(t Template, name string) string {
	if t.Group == "" {
		return name
	}
	return strings.Trim(t.Group, "/") + "/" + name
}
