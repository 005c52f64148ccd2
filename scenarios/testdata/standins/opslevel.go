package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// payload has the keys of the CLI's in their order.
type payload struct {
	Service      string   `json:"service"`
	Deployer     deployer `json:"deployer"`
	DeployedAt   string   `json:"deployed_at"`
	Description  string   `json:"description"`
	Environment  string   `json:"environment,omitempty"`
	DeployURL    string   `json:"deploy_url,omitempty"`
	DeployNumber string   `json:"deploy_number,omitempty"`
	Commit       commit   `json:"commit"`
	DedupID      string   `json:"dedup_id,omitempty"`
	Status       string   `json:"status,omitempty"`
}

type deployer struct {
	Email string `json:"email,omitempty"`
	Name  string `json:"name,omitempty"`
}

type commit struct {
	SHA            string `json:"sha,omitempty"`
	Message        string `json:"message,omitempty"`
	Branch         string `json:"branch,omitempty"`
	Date           string `json:"date,omitempty"`
	CommitterName  string `json:"committer_name,omitempty"`
	CommitterEmail string `json:"committer_email,omitempty"`
	AuthorName     string `json:"author_name,omitempty"`
	AuthorEmail    string `json:"author_email,omitempty"`
	AuthoringDate  string `json:"authoring_date,omitempty"`
}

// settings are where a value is looked for: a flag, then the environment, then the file.
type settings struct {
	flags, file map[string]string
}

func (s settings) get(name string) string {
	if v := s.flags[name]; v != "" {
		return v
	}
	variable := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	for _, prefix := range []string{"OPSLEVEL_", "OL_"} {
		if v := os.Getenv(prefix + variable); v != "" {
			return v
		}
	}
	return s.file[name]
}

// short are the short names of flags.
var short = map[string]string{"-s": "service", "-i": "integration-url", "-f": "file", "-d": "description"}

func opslevel(args []string) int {
	if len(args) < 2 || args[0] != "create" || args[1] != "deploy" {
		fmt.Fprintln(os.Stderr, `Error: only "opslevel create deploy" is known here`)
		return 1
	}
	flags, err := readFlags(args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	s := settings{flags: flags, file: readValues(flags["file"])}
	url := s.get("integration-url")
	if url == "" {
		fmt.Fprintln(os.Stderr, "ERR Please provide '--integration-url' to send the deployment information to")
		return 1
	}
	body, _ := json.Marshal(s.payload())
	if _, dry := flags["dry-run"]; dry {
		fmt.Fprintln(os.Stderr, "INF", string(body))
		return 0
	}
	return post(url, body, s.get("service"))
}

func readFlags(args []string) (map[string]string, error) {
	flags := map[string]string{}
	for len(args) > 0 {
		name, value, joined := strings.Cut(args[0], "=")
		args = args[1:]
		key, ok := short[name]
		if !ok {
			if key, ok = strings.CutPrefix(name, "--"); !ok {
				return nil, fmt.Errorf("unknown argument %q", name)
			}
		}
		if key == "dry-run" {
			flags[key] = "true"
			continue
		}
		if !joined {
			if len(args) == 0 {
				return nil, fmt.Errorf("flag needs an argument: %s", name)
			}
			value, args = args[0], args[1:]
		}
		flags[key] = value
	}
	return flags, nil
}

func (s settings) payload() payload {
	p := payload{
		Service: s.get("service"), Description: s.get("description"), Environment: s.get("environment"),
		DeployURL: s.get("deploy-url"), DeployNumber: s.get("deploy-number"), DedupID: s.get("dedup-id"), Status: s.get("status"),
		DeployedAt: time.Now().UTC().Format(time.RFC3339Nano),
		Deployer:   deployer{Email: s.get("deployer-email"), Name: s.get("deployer-name")},
		Commit:     commit{SHA: s.get("commit-sha"), Message: s.get("commit-message"), Branch: s.file["commit-branch"]},
	}
	if p.Description == "" {
		p.Description = "Event Created by OpsLevel CLI"
	}
	if p.Deployer.Email == "" {
		p.Deployer.Email = "automation@opslevel.com"
	}
	folder := s.get("git-path")
	if folder == "" {
		folder = "./"
	}
	if c, ok := lastCommit(folder); ok {
		p.Commit = c
	}
	return p
}

// lastCommit is that of a folder with a repository; those above it are not looked at.
func lastCommit(folder string) (c commit, ok bool) {
	if _, err := os.Stat(folder + "/.git"); err != nil {
		return c, false
	}
	out, err := exec.Command("git", "-C", folder, "log", "-1", "--format=%H%x00%cI%x00%cn%x00%ce%x00%an%x00%ae%x00%aI%x00%B").Output()
	f := strings.SplitN(string(out), "\x00", 8)
	if err != nil || len(f) != 8 {
		return c, false
	}
	return commit{SHA: f[0], Date: f[1], CommitterName: f[2], CommitterEmail: f[3], AuthorName: f[4], AuthorEmail: f[5],
		AuthoringDate: f[6], Message: strings.TrimRight(f[7], "\n") + "\n"}, true
}

// post says "success" for any 2xx, as the CLI does.
func post(url string, body []byte, service string) int {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	req.Header.Set("User-Agent", "opslevel-go/v2025.8.5 go/go1.26.8 linux/amd64")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Graphql-Visibility", "public")
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode/100 != 2 {
		fmt.Fprintln(os.Stderr, "ERR", string(answer))
		return 1
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "application/json" && !json.Valid(answer) {
		fmt.Fprintln(os.Stderr, "Error: the answer is not JSON")
		return 1
	}
	fmt.Fprintf(os.Stderr, "INF Successfully registered deploy event for '%s'\n", service)
	return 0
}
