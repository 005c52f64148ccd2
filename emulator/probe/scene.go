package probe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Scene is the surroundings of one run of the sender.
type Scene struct {
	Systems  []string
	Carriers []Carrier
	// Round says which carriers hold a hostile value; the zero value: none.
	Round Round
	// Run numbers the runs of the pipeline and Attempt the tries of one run, both from 1.
	Run, Attempt int
	// Environment is where this run deploys to: what stands for {environment} and, if Told, in the usual variables.
	Environment string
	Told        bool
	// Job numbers the jobs of one run: a deploy to each environment is a job of its own.
	Job int
	// Given are variables of the user's own environment. Those that are the same in each run (see [Lasting]) stand, since
	// an alias may be made of them; and the OpsLevel CLI's variable of the environment only changes where it is there.
	Given map[string]string
	// Now is when the commit was made.
	Now time.Time
}

// Lasting are the variables of systems that no run changes.
func Lasting() []string {
	return []string{
		"GITHUB_REPOSITORY", "GITHUB_REPOSITORY_OWNER", "GITHUB_SERVER_URL", "GITHUB_API_URL", "CIRCLE_PROJECT_REPONAME", "CIRCLE_PROJECT_USERNAME",
		"CIRCLE_REPOSITORY_URL", "JENKINS_URL", "JOB_NAME", "JOB_URL", "GIT_URL", "CI_PROJECT_NAME", "CI_PROJECT_PATH", "CI_PROJECT_URL", "CI_SERVER_URL",
	}
}

// Set is what a run finds around it.
type Set struct {
	// Variables are name=value.
	Variables []string
	// Event is the file that GITHUB_EVENT_PATH names.
	Event []byte
	// Commit is that of the throw-away repository.
	Commit Commit
	// SHA is the name of the commit, which the variables of every system have as well.
	SHA string
	// expressions are what systems splice into scripts, by what stands between their brackets.
	expressions map[string]string
	environment string
}

// Build makes the surroundings.
func (s Scene) Build() Set {
	set := Set{expressions: map[string]string{}, environment: s.Environment}
	values := s.values()
	set.Commit = s.commit(values)
	set.SHA = set.Commit.Objects()[0].SHA
	variables := map[string]string{variable: expanded, "CI": "true"}
	for _, system := range s.Systems {
		for name, text := range s.fixed(system, set.SHA, values) {
			variables[name] = text
		}
	}
	for _, name := range Lasting() {
		if text := s.Given[name]; text != "" && variables[name] != "" {
			variables[name] = text
		}
	}
	for name, text := range values {
		if !strings.HasPrefix(name, eventPrefix) && !strings.HasPrefix(name, gitPrefix) {
			variables[name] = text
		}
	}
	if name, ok := variables["CI_COMMIT_AUTHOR"]; ok {
		variables["CI_COMMIT_AUTHOR"] = name + " <author@example.test>"
	}
	if slices.Contains(s.Systems, GitHub) {
		set.Event = s.event(values, set.SHA)
	}
	for _, name := range s.environmentNames() {
		variables[name] = s.Environment
	}
	set.express(variables, values)
	set.Variables = pairs(variables)
	return set
}

// values are what the carriers hold, by name.
func (s Scene) values() map[string]string {
	all := make(map[string]string, len(s.Carriers))
	for _, c := range s.Carriers {
		all[c.Name] = s.Round.of(c)
	}
	return all
}

func (s Scene) commit(values map[string]string) Commit {
	c := Commit{Branch: "main", Message: "a commit\n", AuthorName: "Mary Author", AuthorEmail: "mary@example.test",
		CommitterName: "Carl Committer", CommitterEmail: "carl@example.test", At: s.Now}
	for name, field := range map[string]*string{
		"message": &c.Message, "branch": &c.Branch, "author name": &c.AuthorName, "author email": &c.AuthorEmail,
		"committer name": &c.CommitterName, "committer email": &c.CommitterEmail,
	} {
		if text, ok := values[gitPrefix+name]; ok {
			*field = text
		}
	}
	if !strings.HasSuffix(c.Message, "\n") {
		c.Message += "\n" // as git leaves it
	}
	// No two runs are for the same commit, and a second try is for the same one.
	c.At = c.At.Add(time.Duration(s.Run) * time.Second)
	return c
}

// environmentNames are the variables that commonly name the environment. That of the OpsLevel CLI is stronger than the
// file that it reads, so it is only among them where the user has it too.
func (s Scene) environmentNames() []string {
	if !s.Told {
		return nil
	}
	names := []string{"ENVIRONMENT", "ENVIRONMENT_NAME", "DEPLOY_ENV", "DEPLOY_ENVIRONMENT", "TARGET_ENVIRONMENT"}
	for _, name := range []string{"OPSLEVEL_ENVIRONMENT", "OL_ENVIRONMENT"} {
		if s.Given[name] != "" {
			names = append(names, name)
		}
	}
	if slices.Contains(s.Systems, GitLab) {
		names = append(names, "CI_ENVIRONMENT_NAME", "CI_ENVIRONMENT_SLUG")
	}
	if slices.Contains(s.Systems, Octopus) {
		names = append(names, octopusPrefix+"Environment.Name")
	}
	return names
}

// fixed are the variables of a system that nobody can write hostile values into, consistent with each other: run, try,
// job and commit are everywhere the same.
func (s Scene) fixed(system, sha string, values map[string]string) map[string]string {
	run, job := 7_000_000_000+s.Run, 4_400_000+100*s.Run+10*s.Attempt+s.Job
	uuid := func(what, n int) string { return fmt.Sprintf("%08x-5e7a-4c11-9b1d-%012x", what, n) }
	switch system {
	case GitHub:
		return map[string]string{
			"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_SERVER_URL": "https://github.example.test",
			"GITHUB_API_URL": "https://api.github.example.test", "GITHUB_REPOSITORY": "acme/cart", "GITHUB_REPOSITORY_OWNER": "acme",
			"GITHUB_SHA": sha, "GITHUB_REF": "refs/heads/" + values["GITHUB_REF_NAME"], "GITHUB_REF_TYPE": "branch",
			"GITHUB_RUN_ID": fmt.Sprint(run), "GITHUB_RUN_NUMBER": fmt.Sprint(40 + s.Run), "GITHUB_RUN_ATTEMPT": fmt.Sprint(s.Attempt),
			"GITHUB_JOB": s.named("deploy"), "GITHUB_HEAD_REF": "", "GITHUB_BASE_REF": "",
		}
	case CircleCI:
		return map[string]string{
			"CIRCLECI": "true", "CIRCLE_SHA1": sha, "CIRCLE_BUILD_NUM": fmt.Sprint(job), "CIRCLE_BUILD_URL": fmt.Sprintf("https://circleci.example.test/gh/acme/cart/%d", job),
			// A workflow that is run again belongs to the same pipeline.
			"CIRCLE_PIPELINE_ID": uuid(1, s.Run), "CIRCLE_WORKFLOW_ID": uuid(2, 10*s.Run+s.Attempt), "CIRCLE_WORKFLOW_JOB_ID": uuid(3, job),
			"CIRCLE_PROJECT_REPONAME": "cart", "CIRCLE_PROJECT_USERNAME": "acme", "CIRCLE_REPOSITORY_URL": "git@github.example.test:acme/cart.git",
		}
	case Jenkins:
		build := fmt.Sprint(40 + 10*s.Run + s.Attempt) // Jenkins has no second try: it is a build of its own
		url := "https://jenkins.example.test/job/cart/"
		return map[string]string{
			"JENKINS_URL": "https://jenkins.example.test/", "BUILD_NUMBER": build, "BUILD_ID": build, "BUILD_DISPLAY_NAME": "#" + build,
			"BUILD_TAG": "jenkins-cart-" + build, "BUILD_URL": url + build + "/", "RUN_DISPLAY_URL": url + build + "/display/redirect", "JOB_URL": url,
			"JOB_NAME": "cart", "GIT_COMMIT": sha, "GIT_URL": "git@github.example.test:acme/cart.git",
		}
	case Octopus:
		deployment := fmt.Sprintf("Deployments-%d", job)
		return map[string]string{
			octopusPrefix + "Deployment.Id": deployment, octopusPrefix + "Release.Id": fmt.Sprintf("Releases-%d", 300+s.Run),
			octopusPrefix + "Task.Id": fmt.Sprintf("ServerTasks-%d", job), octopusPrefix + "Project.Id": "Projects-12",
			octopusPrefix + "Web.ServerUri": "https://octopus.example.test", octopusPrefix + "Web.DeploymentLink": "/app#/deployments/" + deployment,
			octopusPrefix + "Deployment.Created": s.Now.UTC().Format(time.RFC3339), octopusPrefix + "Release.Package.VersionControl.Commit": sha,
		}
	case GitLab:
		pipeline := fmt.Sprint(810_000 + s.Run)
		return map[string]string{
			"GITLAB_CI": "true", "CI_COMMIT_SHA": sha, "CI_COMMIT_SHORT_SHA": sha[:8], "CI_COMMIT_TIMESTAMP": s.Now.UTC().Format(time.RFC3339),
			"CI_PIPELINE_ID": pipeline, "CI_PIPELINE_IID": fmt.Sprint(40 + s.Run), "CI_PIPELINE_URL": "https://gitlab.example.test/acme/cart/-/pipelines/" + pipeline,
			"CI_JOB_ID": fmt.Sprint(job), "CI_JOB_URL": fmt.Sprintf("https://gitlab.example.test/acme/cart/-/jobs/%d", job), "CI_PIPELINE_SOURCE": "push",
			"CI_JOB_STARTED_AT": s.Now.UTC().Format(time.RFC3339), "CI_PIPELINE_CREATED_AT": s.Now.UTC().Format(time.RFC3339),
			"CI_PROJECT_NAME": "cart", "CI_PROJECT_PATH": "acme/cart", "CI_PROJECT_URL": "https://gitlab.example.test/acme/cart", "CI_SERVER_URL": "https://gitlab.example.test",
		}
	}
	return nil
}

// named is the name of a job, which is another for each environment.
func (s Scene) named(job string) string {
	if !s.Told {
		return job
	}
	return job + "-" + s.Environment
}

// event is the payload of a push, as far as senders read it.
func (s Scene) event(values map[string]string, sha string) []byte {
	at := func(path string) string { return values[eventPrefix+path] }
	person := func(of string) map[string]string {
		return map[string]string{"name": at(of + ".name"), "email": at(of + ".email")}
	}
	commit := map[string]any{
		"id": sha, "message": at("head_commit.message"), "timestamp": s.Now.UTC().Format(time.RFC3339),
		"url":    "https://github.example.test/acme/cart/commit/" + sha,
		"author": person("head_commit.author"), "committer": person("head_commit.committer"),
	}
	b, err := json.MarshalIndent(map[string]any{
		"ref": "refs/heads/" + values["GITHUB_REF_NAME"], "after": sha, "head_commit": commit, "commits": []any{commit},
		"pusher": person("pusher"), "sender": map[string]string{"login": at("sender.login")},
		"repository": map[string]string{"name": "cart", "full_name": "acme/cart", "html_url": "https://github.example.test/acme/cart"},
	}, "", "  ")
	if err != nil {
		return nil // texts in maps are always JSON
	}
	return b
}

// express notes what the systems splice into scripts.
func (set *Set) express(variables, values map[string]string) {
	for _, all := range []map[string]string{variables, values} {
		for name, text := range all {
			if before, inner, _ := Expression(name); before != "" {
				set.expressions[before+inner] = text
			}
		}
	}
}

// Splice fills in a word of a command line what CI systems put there before a script runs, as text and without any
// quoting: ${{ github.actor }}, #{Octopus.Release.Number}, and {environment}. What is not known stands as it was.
func (set Set) Splice(word string) string {
	for _, brackets := range [][2]string{{"${{", "}}"}, {"#{", "}"}} {
		word = set.splice(word, brackets[0], brackets[1])
	}
	if set.environment != "" {
		word = strings.ReplaceAll(word, "{environment}", set.environment)
	}
	return word
}

func (set Set) splice(word, before, after string) string {
	var b strings.Builder
	for {
		head, rest, found := strings.Cut(word, before)
		b.WriteString(head)
		if !found {
			return b.String()
		}
		inner, tail, closed := strings.Cut(rest, after)
		text, known := set.expressions[before+strings.TrimSpace(inner)]
		if !closed || !known {
			b.WriteString(before)
			word = rest
			continue
		}
		b.WriteString(text)
		word = tail
	}
}

// pairs are name=value in order. The names of Octopus are none of the environment: its scripts have them with underscores
// or call get_octopusvariable, a function that bash takes from its environment.
func pairs(variables map[string]string) (all []string) {
	var function strings.Builder
	for name, text := range variables {
		if !strings.HasPrefix(name, octopusPrefix) {
			all = append(all, name+"="+text)
			continue
		}
		spelt := strings.ReplaceAll(name, ".", "_")
		all = append(all, spelt+"="+text)
		fmt.Fprintf(&function, "%s) printf %%s \"$%s\";; ", name, spelt)
	}
	if function.Len() > 0 {
		all = append(all, `BASH_FUNC_get_octopusvariable%%=() { case "$1" in `+function.String()+` esac; }`)
	}
	slices.Sort(all)
	return all
}
