package httpapi

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

var liveCases = flag.Int("live", 3000, "how many generated requests to compare with Rails, where it is installed")

// TestLiveRails compares what becomes of generated requests with a real Rails, as far as one is installed: Ruby with
// actionpack 6.1 and rack 2.2, as Debian packages them.
func TestLiveRails(t *testing.T) {
	rails := startRails(t)
	rng := rand.New(rand.NewPCG(1, 2))
	read, refused := 0, 0
	defer func() { t.Logf("%d requests compared: %d with parameters, %d refused", *liveCases, read, refused) }()
	for range *liveCases {
		r := randomRequest(rng)
		want := rails(r)
		got := outcomeOf(decodeParams(r.contentType, r.query, r.body))
		if _, bad := want.(float64); bad {
			refused++
		} else if !reflect.DeepEqual(want, plainValue(map[string]any{})) {
			read++
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q ?%q %q\n got %v\nwant %v", r.contentType, r.query, r.body, show(got), show(want))
		}
	}
}

type liveRequest struct{ contentType, query, body string }

// startRails returns a function that asks a child process what Rails makes of a request.
func startRails(t *testing.T) func(liveRequest) any {
	t.Helper()
	if err := exec.Command("ruby", "-e", `require "action_controller"; exit ActionPack::VERSION::STRING.start_with?("6.1.") && Rack.release.start_with?("2.2.")`).Run(); err != nil {
		t.Skip("Ruby with actionpack 6.1 and rack 2.2 is not installed")
	}
	cmd := exec.Command("ruby", "testdata/rails_params.rb")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewReader(out)
	return func(r liveRequest) any {
		b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
		fmt.Fprintf(in, "[%q,%q,%q]\n", b64(r.contentType), b64(r.query), b64(r.body))
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v: %q for %q", err, line, r)
		}
		return v
	}
}

// outcomeOf is the parameters, or the status of the problem, in the form of testdata/rails_params.rb.
func outcomeOf(d decoded) any {
	if d.Problem != nil {
		return float64(d.Problem.Status)
	}
	if d.Params == nil {
		return plainValue(map[string]any{})
	}
	return plainValue(deploy.Plain(d.Params))
}

func plainValue(v any) any {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	switch v := v.(type) {
	case map[string]any:
		if _, file := v["filename"].(string); file && len(v) == 2 {
			return "file"
		}
		keys := []string{}
		for k := range v {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b string) int { return strings.Compare(b64(a), b64(b)) })
		list := []any{}
		for _, k := range keys {
			list = append(list, []any{b64(k), plainValue(v[k])})
		}
		return map[string]any{"o": list}
	case []any:
		list := []any{}
		for _, x := range v {
			if x != nil { // Rails drops nulls from lists, which count as absent here
				list = append(list, plainValue(x))
			}
		}
		return map[string]any{"a": list}
	case string:
		return map[string]any{"s": b64(v)}
	case json.Number:
		d, _ := deploy.Parse(deploy.ObjectOf(map[string]any{"service": v}), deploy.Rules{})
		return map[string]any{"n": d.Service}
	}
	return v
}

func show(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

var (
	jsonTokens = []string{
		"{", "}", "[", "]", ",", ":", `"a"`, `"b"`, `"a":1`, `{"a":"x"}`, "null", "true", "false", "0", "-0", "1", "-1.50", "1e3", "1E-7", "1.5e+20",
		"01", "1.", ".5", "-", "+1", "1e", "12345678901234567890", "0.1", "NaN", "Infinity", "-Infinity", " ", "\t", "\r\n", "\f", "/* c */", "// c\n", "// c", "/*",
		"/", "\"\xff\"", "\"\xff\":1", "\"\\u00e9\"", `"\ud83d\ude00"`, `"\ud83d"`, `"\udc00"`, `"\ud83d\u0041"`, `"\ud83dx"`, `"\q\/\b"`, `"\`, `"\u12`, "\"\x7f\"", "\"a\tb\"", "\"\n\"",
		"\x00", "\uFEFF", "é", "'a'", "\xff", `"é"`, `"`, `\`, "1e400", "100000000000000000.0", "123456789.123456789",
		"1e14", "999999999999999.9", "1e15", "9007199254740993.0", "1e16", "0.0001", "0.00009", "1e23", "5e-324", "1e-400", "-0.0", "123456789012345.6789",
	}
	formTokens = []string{
		"a", "b", "c", "[", "]", "[]", "[a]", "[b]", "[][a]", "=", "=1", "=2", "&", "&", "& ", ";", "%41", "%5B", "%5d", "%", "%zz", "%f", "%ff", "%C3%A9", "+", " ",
		"\x00", "é", "\xff", "deployer[email]=x", "deployer=x", "==",
	}
	multipartTokens = []string{
		"--x\r\n", "--x--", "--x--\r\n", "--x", "\r\n", "\n", "v", "--", "--y\r\n", "Content-Disposition: form-data; name=\"a\"\r\n\r\n",
		"Content-Disposition: form-data; name=\"b[c]\"\r\n\r\n", "Content-Disposition: form-data; name=b\r\n", "Content-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n",
		"Content-Disposition: form-data; filename=\"g\"; name=\"f\"\r\n\r\n", "Content-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n", "Content-Disposition: form-data; filename=\"h\"\r\n\r\n",
		"Content-Disposition: form-data; name=\"f\"; filename*=utf-8''g%20h\r\n\r\n", "Content-Disposition: form-data; name=\"q\\\"r\"\r\n\r\n", "Content-Type: text/plain\r\n", "Content-ID: i\r\n\r\n",
		"Content-Disposition: form-data; name=\"a; filename=z\"\r\n\r\n", "content-disposition: form-data;name=\"a[]\"\r\n\r\n", "value", "\xff", " ", ": ",
		"\r\n--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv1\r\n", "\r\n--x--\r\n",
	}
	liveTypes = []string{
		"", "application/json", "Application/JSON; charset=utf-8", "text/x-json", "application/jsonrequest", "application/vnd.api+json", "text/plain", "json", "application/",
		"application/json, text/plain", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8", "APPLICATION/X-WWW-FORM-URLENCODED", "*/*", "a/*", "*/a",
		"application/x y", "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\"x\"", "multipart/mixed; boundary=x", "multipart/form-data; boundary =x",
		"multipart/form-data; boundary=x; boundary=y", "multipart/related;boundary=x,", "text/html+!#$&-^_.+", ";", ", ", "application/json;", "multipart/alternative; boundary=x",
	}
)

// randomRequest is a request that is often almost right.
func randomRequest(rng *rand.Rand) liveRequest {
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	join := func(list []string, most int) string {
		var b strings.Builder
		for range rng.IntN(most) {
			b.WriteString(pick(list))
		}
		return b.String()
	}
	r := liveRequest{contentType: pick(liveTypes)}
	if rng.IntN(3) == 0 {
		r.query = strings.NewReplacer(" ", "", "\r\n", "", "\x00", "").Replace(join(formTokens, 12))
	}
	switch rng.IntN(6) {
	case 0:
		r.contentType = "application/json"
		f := math.Ldexp(rng.Float64(), rng.IntN(160)-80)
		r.body = fmt.Sprintf(`[%d,%.3f,%g,%e]`, rng.Int64(), f, f, f)
	case 1, 2:
		r.contentType = "application/json"
		r.body = join(jsonTokens, 8)
		if rng.IntN(2) == 0 {
			r.body = `{"a":` + join(jsonTokens, 3) + `,"b":[` + join(jsonTokens, 3) + `]}`
		}
	case 3:
		r.contentType = "application/x-www-form-urlencoded"
		r.body = join(formTokens, 20)
	case 4:
		r.contentType = "multipart/form-data; boundary=x"
		r.body = "--x\r\n" + join(multipartTokens, 8) + pick([]string{"\r\n--x--\r\n", "\r\n--x--", ""})
	default:
		r.body = pick([]string{"", `{"a":"1"}`, "a=1&b[c]=2", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--x--\r\n"})
	}
	return r
}
