package probe

import "strings"

// The systems whose variables are known.
const (
	GitHub   = "github"
	CircleCI = "circleci"
	Jenkins  = "jenkins"
	Octopus  = "octopus"
	GitLab   = "gitlab"
	Git      = "git"
	own      = "own"
)

// Systems are the systems that a probe can play.
func Systems() []string { return []string{GitHub, CircleCI, Jenkins, Octopus, GitLab, Git} }

// Places that are no variables.
const (
	eventPrefix   = "GITHUB_EVENT_PATH "
	octopusPrefix = "Octopus."
	gitPrefix     = "git "
)

// Carriers are the places of the chosen systems, and the variables that the user named besides: those hold any text.
func Carriers(systems, variables []string) []Carrier {
	var all []Carrier
	add := func(system string, kind Kind, names ...string) {
		for _, name := range names {
			all = append(all, Carrier{System: system, Name: name, Kind: kind, number: len(all)})
		}
	}
	for _, system := range systems {
		switch system {
		case GitHub:
			add(system, Text, eventPrefix+"head_commit.message")
			add(system, Person, eventPrefix+"head_commit.author.name", eventPrefix+"head_commit.committer.name", eventPrefix+"pusher.name")
			add(system, Email, eventPrefix+"head_commit.author.email", eventPrefix+"head_commit.committer.email", eventPrefix+"pusher.email")
			add(system, Login, "GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR", eventPrefix+"sender.login")
			add(system, Line, "GITHUB_WORKFLOW")
			add(system, Branch, "GITHUB_REF_NAME")
		case CircleCI:
			add(system, Login, "CIRCLE_USERNAME", "CIRCLE_PR_USERNAME")
			add(system, Branch, "CIRCLE_BRANCH")
			add(system, Line, "CIRCLE_JOB")
		case Jenkins:
			add(system, Branch, "GIT_BRANCH", "BRANCH_NAME")
			add(system, Line, "JOB_BASE_NAME", "CHANGE_TITLE")
			add(system, Person, "BUILD_USER", "CHANGE_AUTHOR_DISPLAY_NAME")
			add(system, Email, "BUILD_USER_EMAIL", "CHANGE_AUTHOR_EMAIL")
			add(system, Login, "BUILD_USER_ID", "CHANGE_AUTHOR")
		case Octopus:
			add(system, Text, octopusPrefix+"Release.Notes", octopusPrefix+"Deployment.Comments")
			add(system, Line, octopusPrefix+"Project.Name", octopusPrefix+"Deployment.Name")
			add(system, Person, octopusPrefix+"Deployment.CreatedBy.DisplayName")
			add(system, Email, octopusPrefix+"Deployment.CreatedBy.EmailAddress")
			add(system, Login, octopusPrefix+"Deployment.CreatedBy.Username")
			add(system, Version, octopusPrefix+"Release.Number")
		case GitLab:
			add(system, Text, "CI_COMMIT_MESSAGE", "CI_COMMIT_DESCRIPTION")
			add(system, Line, "CI_COMMIT_TITLE", "CI_JOB_NAME", "CI_PROJECT_TITLE")
			add(system, Person, "GITLAB_USER_NAME", "CI_COMMIT_AUTHOR")
			add(system, Email, "GITLAB_USER_EMAIL")
			add(system, Login, "GITLAB_USER_LOGIN")
			add(system, Branch, "CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH")
		case Git:
			add(system, Text, gitPrefix+"message")
			add(system, Person, gitPrefix+"author name", gitPrefix+"committer name")
			add(system, Email, gitPrefix+"author email", gitPrefix+"committer email")
			add(system, Branch, gitPrefix+"branch")
		}
	}
	add(own, Text, variables...)
	return all
}

// Expression is how a carrier's value is spliced into a script before it runs: ${{ github.actor }}, #{Octopus...}; empty
// for systems that splice nothing.
func Expression(name string) (before, inner, after string) {
	switch {
	case strings.HasPrefix(name, eventPrefix):
		return "${{", "github.event." + strings.TrimPrefix(name, eventPrefix), "}}"
	case strings.HasPrefix(name, "GITHUB_"):
		return "${{", "github." + strings.ToLower(strings.TrimPrefix(name, "GITHUB_")), "}}"
	case strings.HasPrefix(name, octopusPrefix):
		return "#{", name, "}"
	}
	return "", "", ""
}
