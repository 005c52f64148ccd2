package emulator_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// forward maps an address of its own to another, as a container's published port does.
func forward(t *testing.T, to string) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.3:0")
	if err != nil {
		t.Skip("this machine has one loopback address only")
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			go func() { io.Copy(out, in); out.(*net.TCPConn).CloseWrite() }()
			go func() { io.Copy(in, out); in.Close() }()
		}
	}()
	return ln.Addr().String()
}

// freePort is a port of 127.0.0.2 that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("this machine has one loopback address only")
	}
	defer ln.Close()
	return ln.Addr().String()
}

// TestServiceContainer is the emulator as a service container: told by variables alone, reached at another address than
// the one it listens on, with a token of its own, its fixtures sent after the start.
func TestServiceContainer(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	inside := freePort(t)
	outside := forward(t, inside)
	home := t.TempDir()
	env := []string{
		"HOME=" + home, "BUBBLELEVEL_LISTEN=" + inside, "BUBBLELEVEL_PUBLIC_URL=http://" + outside,
		"BUBBLELEVEL_TOKEN=the-token", "BUBBLELEVEL_DB=:memory:",
	}
	cmd := exec.Command(path, "serve")
	cmd.Env, cmd.Dir = env, home
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	health := exec.Command(path, "wait") // the health command of the container
	health.Env, health.Dir = env, home
	if out, err := health.CombinedOutput(); err != nil {
		t.Fatalf("wait: %v %s", err, out)
	}

	base := "http://" + outside
	request := func(method, path, host, token, body string) answer {
		req, err := http.NewRequest(method, base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			req.Host = host
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		req.Header.Set("Content-Type", "application/json")
		return do(t, req)
	}
	if a := request("GET", v1+"/health", "opslevel", "", ""); a.status != 200 {
		t.Errorf("health from the service's name = %d %s", a.status, a.body)
	}
	if a := request("PUT", v1+"/fixtures", "", "", `{"version":1}`); a.status != 401 {
		t.Errorf("fixtures without the token = %d", a.status)
	}
	fixture := `{"version":1,"services":[{"name":"parcels"}],"integrations":[{"uuid":"` + jenkinsUUID + `","type":"jenkins"}]}`
	if a := request("PUT", v1+"/fixtures", "", "the-token", fixture); a.status != 200 {
		t.Fatalf("fixtures = %d %s", a.status, a.body)
	}
	made := request("POST", v1+"/integrations", "", "the-token", `{"type":"deploy"}`)
	url := decode[struct {
		URL string `json:"integration_url"`
	}](t, made).URL
	if !strings.HasPrefix(url, base+"/integrations/deploy/") {
		t.Fatalf("the integration's URL is %s, want one below %s", url, base)
	}
	wantAnswer(t, send(t, "POST", url, "application/json", body(`"service":"parcels"`)), 202, okBody)
	wantAnswer(t, send(t, "POST", base+"/integrations/deploy/"+jenkinsUUID, "application/json", `{"service":"parcels","description":"d","deployed_at":"2026-01-02"}`), 202, okBody)
}

// TestSecretsAreNowhere: a credential of the sender is in no file, list, log or export.
func TestSecretsAreNowhere(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store := filepath.Join(dir, "store.db")
	env := []string{"HOME=" + dir}
	var log bytes.Buffer
	cmd := exec.Command(path, "serve", "--listen", "127.0.0.1:0", "--db", store, "--ready-file", filepath.Join(dir, "ready"))
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, dir, &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	run := func(args ...string) string {
		c := exec.Command(path, args...)
		c.Env, c.Dir = env, dir
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("wait")
	ready := decode[struct {
		URL     string `json:"integration_url"`
		Control string `json:"control_url"`
	}](t, answer{body: readText(t, filepath.Join(dir, "ready"))})
	secrets := map[string]string{
		"Authorization": "Bearer s3cret-authorization", "Cookie": "session=s3cret-cookie", "X-Api-Key": "s3cret-key",
		"X-Vault-Token": "s3cret-vault", "Proxy-Authorization": "Basic s3cret-proxy", "X-Client-Secret": "s3cret-client",
	}
	for _, target := range []string{ready.URL, ready.Control + "/graphql"} {
		req, err := http.NewRequest("POST", target, strings.NewReader(body()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for name, value := range secrets {
			req.Header.Set(name, value)
		}
		do(t, req)
	}
	places := map[string]string{
		"list":   send(t, "GET", ready.Control+v1+"/events", "", "").body,
		"event":  send(t, "GET", ready.Control+v1+"/events/1", "", "").body,
		"export": run("events", "export", "--no-redact"), "curl": run("events", "export", "--format", "curl", "--no-redact"),
		"show": run("events", "show", "1"),
	}
	run("stop")
	cmd.Wait()
	places["store"] = readText(t, store)
	places["log"] = log.String()
	for place, text := range places {
		if strings.Contains(text, "s3cret") {
			t.Errorf("the %s holds a secret of the sender", place)
		}
	}
	if !strings.Contains(places["event"], "********") {
		t.Error("nothing shows that there was a secret")
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
