package scenarios_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sender is a file of the corpus: a small program that reports a deploy, and what its header says about it.
type sender struct {
	name string
	// healthy: all that it sends arrives as it was meant. Otherwise one thing is wrong with it.
	healthy bool
	// class names the way of calling of a healthy one and the defect of another.
	class string
	// judge is the command of bubblelevel with its flags.
	judge []string
	// findings must be named for a defect, and says must stand in the paragraph of the first of them.
	findings []string
	says     string
	// exit is the code that it must end with.
	exit int
	// through is what its requests pass on the way; empty for nothing.
	through string
	// system is the CI system whose variables it sees; empty for none.
	system string
	// bare: its folder holds no list of services.
	bare bool
	// needs are the programs that must be there.
	needs []string
}

// readSender reads the header of a file: its first comment, in which "key: value" lines come first.
func readSender(path string) (s sender, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	s.name = filepath.Base(path)
	lines := strings.Split(string(text), "\n")
	interpreter, ok := strings.CutPrefix(lines[0], "#!/usr/bin/env ")
	if !ok {
		return s, fmt.Errorf("%s: the first line does not name its interpreter", s.name)
	}
	s.needs = []string{interpreter}
	label := ""
	for _, line := range lines[1:] {
		text, comment := strings.CutPrefix(line, "# ")
		if !comment {
			if text, comment = strings.CutPrefix(line, "// "); !comment {
				break
			}
		}
		key, value, _ := strings.Cut(text, ": ")
		switch key {
		case "label":
			label = value
		case "class":
			s.class = value
		case "judged by":
			s.judge = words(value)
		case "finding":
			s.findings = strings.Fields(value)
		case "says":
			s.says = value
		case "exit":
			if s.exit, err = strconv.Atoi(value); err != nil {
				return s, fmt.Errorf("%s: exit: %w", s.name, err)
			}
		case "through":
			s.through = value
		case "system":
			s.system = value
		case "repository":
			s.bare = value == "bare"
		case "needs":
			s.needs = append(s.needs, strings.Fields(value)...)
		}
	}
	if strings.Contains(string(text), "$(date ") && !slices.Contains(s.needs, "date") {
		return s, fmt.Errorf("%s: it calls date, and needs does not say so", s.name)
	}
	s.healthy = label == "healthy"
	if !s.healthy && s.exit == 0 {
		s.exit = 4
	}
	return s, s.check(label)
}

// check says what is wrong with a header.
func (s *sender) check(label string) error {
	var wrong string
	switch {
	case label != "healthy" && label != "defect":
		wrong = "label is healthy or defect"
	case s.class == "":
		wrong = "class is missing"
	case len(s.judge) == 0 || s.judge[0] != "exec" && s.judge[0] != "probe":
		wrong = "judged by is exec or probe, with flags"
	case s.healthy && (len(s.findings) > 0 || s.says != "" || s.exit != 0):
		wrong = "a healthy one has no finding, says and exit"
	case !s.healthy && s.says == "":
		wrong = "a defect needs says: what a person is told"
	case s.system != "" && systems[s.system] == nil:
		wrong = "the system is not known"
	default:
		return nil
	}
	return fmt.Errorf("%s: %s", s.name, wrong)
}

// words splits a line as a shell does, but for everything other than quotes.
func words(line string) (list []string) {
	var word bytes.Buffer
	quote, inside := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inside = r, true
		case quote == 0 && r == ' ':
			if inside {
				list = append(list, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if inside {
		list = append(list, word.String())
	}
	return list
}

// readCorpus reads all senders, by name.
func readCorpus() (all []sender, err error) {
	files, err := filepath.Glob(filepath.Join("testdata", "corpus", "*.*"))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		s, err := readSender(path)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b sender) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// systems are the variables that CI systems give to a job.
var systems = map[string][]string{
	"github": {
		"GITHUB_ACTIONS=true", "CI=true", "GITHUB_REPOSITORY=acme/shopping-cart", "GITHUB_WORKFLOW=Deploy", "GITHUB_RUN_ID=7211093452",
		"GITHUB_RUN_NUMBER=77", "GITHUB_RUN_ATTEMPT=1", "GITHUB_ACTOR=octocat", "GITHUB_SERVER_URL=https://github.test",
		"GITHUB_SHA=38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "GITHUB_REF_NAME=main", "GITHUB_JOB=deploy",
	},
	"gitlab": {
		"CI=true", "GITLAB_CI=true", "CI_JOB_ID=4417", "CI_JOB_NAME=report", "CI_PIPELINE_ID=981", "CI_PIPELINE_IID=52",
		"CI_JOB_URL=https://gitlab.test/acme/shop/-/jobs/4417", "CI_JOB_STARTED_AT=2026-07-01T10:00:00Z", "CI_ENVIRONMENT_NAME=production",
		"CI_COMMIT_SHA=38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "CI_COMMIT_BRANCH=main", "CI_COMMIT_REF_NAME=main",
		"CI_COMMIT_SHORT_SHA=38d02f1d", "CI_COMMIT_TITLE=Merge branch 'fix-tax-rate'", "CI_COMMIT_MESSAGE=Merge branch 'fix-tax-rate'\n\nCloses \"17\"\n",
		"CI_PROJECT_PATH=acme/shop", "GITLAB_USER_NAME=Michael Scott", "GITLAB_USER_EMAIL=michael@acme.test", "GITLAB_USER_LOGIN=mscott",
	},
	"circleci": {
		"CI=true", "CIRCLECI=true", "CIRCLE_JOB=release-shopping-cart", "CIRCLE_PIPELINE_ID=5034460f-c7c4-4c43-9457-de07e2029e7b", "CIRCLE_BUILD_NUM=911",
		"CIRCLE_BUILD_URL=https://circleci.test/gh/acme/shop/911", "CIRCLE_USERNAME=mscott", "CIRCLE_BRANCH=main",
		"CIRCLE_WORKFLOW_ID=0ef5f9b0-4f1b-4c3b-bb9a-64f4a4b8d6c1", "CIRCLE_SHA1=38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "CIRCLE_PROJECT_REPONAME=shopping-cart",
	},
	"jenkins": {
		"JENKINS_URL=https://jenkins.test/", "BUILD_NUMBER=61", "BUILD_ID=61", "BUILD_TAG=jenkins-shop-61", "BUILD_URL=https://jenkins.test/job/shop/61/",
		"JOB_NAME=shop", "GIT_COMMIT=38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "GIT_BRANCH=origin/main", "BRANCH_NAME=main",
	},
	"octopus": {
		"Octopus_Release_Number=1.10", "Octopus_Environment_Name=Production", "Octopus_Deployment_Id=Deployments-123",
		"Octopus_Web_DeploymentLink=https://octopus.test/app#/Spaces-1/deployments/Deployments-123", "Octopus_Deployment_CreatedBy_Username=octo",
		"Octopus_Project_Name=shop",
	},
}
