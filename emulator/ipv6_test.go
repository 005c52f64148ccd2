package emulator_test

import (
	"net"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// ipv6Alone is what a person does first, on a machine whose only loopback address is ::1.
const ipv6Alone = `
ip link set lo up && ip -4 addr flush dev lo && ip -6 addr show dev lo | grep -q ::1 || { echo no such machine; exit 99; }
set -e
"$1" serve --listen "$2" --db :memory: --ready-file ready >log 2>&1 &
trap "kill $! 2>/dev/null || true" EXIT
"$1" wait --timeout 20s
cat ready
"$1" send
"$1" fire django-boilerplate --input project_name=X
"$1" verify result:ok --times 1
"$1" exec -- "$1" send
"$1" run deploy-ok round-trip
"$1" stop
wait
`

// TestIPv6Alone: where there is no 127.0.0.1, the default address, localhost and ::1 are all ::1.
func TestIPv6Alone(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a machine with ::1 alone is made of Linux's network namespaces")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, listen := range []string{"127.0.0.1:0", "localhost:0", "[::1]:0"} {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), "unshare", "--map-root-user", "--net", "sh", "-c", ipv6Alone, "sh", path, listen)
		cmd.Env, cmd.Dir = []string{"HOME=" + dir, "PATH=/usr/bin:/bin:/usr/sbin:/sbin"}, dir
		out, err := cmd.CombinedOutput()
		if text := string(out); err != nil && (len(out) == 0 || strings.Contains(text, "unshare") || strings.Contains(text, "no such machine")) {
			t.Skipf("no network of its own with ::1 alone can be made here: %v %.200s", err, text)
		}
		if err != nil || strings.Count(string(out), "http://[::1]:") < 2 || !strings.Contains(string(out), "\nSUCCESS ") || strings.Contains(string(out), "127.0.0.1") {
			t.Errorf("listening on %s: %v\n%s%s", listen, err, out, readText(t, dir+"/log"))
		}
	}
}

// TestIPv6PortAlone: an emulator that listens on ::1 where the same port of 127.0.0.1 is another program's is reached at
// ::1, and fires at its own receiver there.
func TestIPv6PortAlone(t *testing.T) {
	other, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Skip("this machine has no IPv4 loopback: ", err)
	}
	defer other.Close()
	_, port, _ := net.SplitHostPort(other.Addr().String())
	if six, err := net.Listen("tcp6", "[::1]:"+port); err != nil {
		t.Skip("this machine has no ::1, or its port is taken: ", err)
	} else {
		six.Close()
	}
	s := emulator.Start(t, emulator.Config{Listen: "[::1]:" + port})
	if s.URL() != "http://[::1]:"+port {
		t.Errorf("the URL is %s", s.URL())
	}
	wantAnswer(t, post(t, s, body()), 202, okBody)
	if got := control(t, s, "GET", "/deploys", ""); got.status != 200 {
		t.Errorf("the control API = %d %s", got.status, got.body)
	}
	if f, _, err := s.FireWebhook(t.Context(), action.Webhook{URL: "receiver:box"}, action.Context{}, false); err != nil || f.Result != action.Success || f.Attempts[0].Address != "[::1]:"+port {
		t.Errorf("the firing: %v, %+v", err, f.Attempts)
	}
}
