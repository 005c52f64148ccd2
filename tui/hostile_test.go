package tui

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// hostile are texts that senders could use to move, colour or corrupt a screen.
func hostile() []string {
	return []string{
		"\x1b[2J\x1b[H\x1b[31mowned", "\x1b]52;c;b3duZWQ=\x07", "\x1b]0;title\x07", "\x9b31m\u009b31m", "a\rb\nc\td\x00e\x7f",
		"\u202egnp.exe\u202c", "\u2066x\u2069\u200f\u200e", "e" + strings.Repeat("\u0301", 500), "\u0301\u0302", "日本語テスト한국어", "👨‍👩‍👧‍👦👍🏽🇩🇪🏴‍☠️", "ᄀ\u1161\u11a8",
		strings.Repeat("x", 1<<20), strings.Repeat("宽", 1<<18), "\xff\xfe\xc3", "\x1bP+q544e\x1b\\", "\u2028\u2029\u0085", "zero\u200bwidth\ufeff", "\U000e0041tag",
		"\x1b[200~rm -rf /\x1b[201~", "𓀀𒐫﷽", "א\u05b0ב", `'; touch owned; '$(touch owned)\`, "`touch owned`\"!!",
	}
}

// Nothing that a sender writes leaves its place on any screen.
func TestHostilePayloads(t *testing.T) {
	src := newFake()
	for i, h := range hostile() {
		src.post("service", h, "environment", h, "description", h, "dedup_id", fmt.Sprint(i, h[:min(len(h), 40)]))
		src.post("dedup_id", h[:min(len(h), 2000)])
		src.post("dedup_id", h[:min(len(h), 2000)], "environment", h)
		src.raw(h[:min(len(h), 64<<10)])
		src.post("description", nil, "service", h)
	}
	if _, err := src.Fire(context.Background(), hostile()[0], nil); err != nil {
		t.Fatal(err)
	}
	f := src.events[len(src.events)-1].Firing
	f.Service, f.Webhook.Payload, f.RenderedResponse = hostile()[0], strings.Join(hostile(), "\n"), hostile()[5]
	for _, size := range [][2]int{{120, 36}, {80, 24}, {40, 10}} {
		for _, ascii := range []bool{false, true} {
			d := newDesk(t, src, size[0], size[1], func(o *Options) { o.ASCII = ascii })
			for _, screen := range []string{"1", "2", "3", "4", "5"} {
				d.press(screen, "g")
				for range len(src.events)/4 + 1 {
					checkLines(t, d.u)
					d.press("w", "tab")
					checkLines(t, d.u)
					d.press("tab", "j", "j", "j")
				}
			}
			d.press("5", "p")
			checkLines(t, d.u)
			if ascii {
				onlyASCII(t, d.screen())
			}
		}
	}
}

func onlyASCII(t *testing.T, s string) {
	t.Helper()
	for i, r := range s {
		if r > 0x7e || r < 0x20 && r != '\n' {
			t.Fatalf("%U on an ASCII screen, near %q", r, s[max(0, i-20):i])
		}
	}
}

// In ASCII mode every screen is ASCII, data too; without colour no sequence sets one, and the selected row still shows.
func TestASCIIAndMono(t *testing.T) {
	for _, c := range frameCases() {
		d := newDesk(t, c.src(), 100, 30, func(o *Options) { o.Env = []string{"LC_ALL=C", "NO_COLOR=1"} })
		d.press(c.keys...)
		onlyASCII(t, d.screen())
		all := strings.Join(d.u.lines(), "\n")
		for n := 30; n < 38; n++ {
			if strings.Contains(all, fmt.Sprintf("\x1b[%dm", n)) || strings.Contains(all, fmt.Sprintf(";%dm", n)) {
				t.Fatalf("%s: colour %d in spite of NO_COLOR", c.name, n)
			}
		}
		if c.name == "deploys" && !strings.Contains(all, "\x1b[7m") {
			t.Error("the selected row cannot be seen")
		}
	}
}

// What is copied cannot act when it is pasted into a shell.
func TestCopiesAreHarmless(t *testing.T) {
	for _, h := range hostile() {
		for _, s := range []string{quoteShell(h), shellSafe((&event.Event{Request: &event.Request{Method: "POST", Path: "/x", Body: h, BodyLength: 1}}).Curl("http://127.0.0.1"))} {
			if strings.IndexFunc(s, unsafe) >= 0 || strings.ContainsAny(s, "\x1b\u009b\u202e\u2066\u200f\u200b\u2028") {
				t.Errorf("control characters in %.80q", s)
			}
		}
		if s, _ := harmless(h); strings.ContainsAny(s, "\x1b\x07\u009b") {
			t.Errorf("control characters in %.80q", s)
		}
	}
}

// A command that is copied says, byte for byte, what was sent: a shell reads it back.
func TestCopiedCommandsAreExact(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	for _, h := range hostile() {
		h = strings.ReplaceAll(h[:min(len(h), 50_000)], "\x00", "")
		if got, err := strconv.Unquote(goText(h)); err != nil || got != h && utf8.ValidString(h) {
			t.Errorf("%.80q comes back from Go as %.80q: %v", h, got, err)
		}
		out, err := exec.Command(bash, "-c", "printf %s "+quoteShell(h)).Output()
		if err != nil || string(out) != h {
			t.Errorf("%.80q comes back as %.80q: %v", h, out, err)
		}
	}
	d := newDesk(t, newFake(), 120, 36)
	d.src.raw("{\"a\":\"\x00\"}")
	d.pull()
	d.press("y").shows("no shell can pass a NUL on")
}

// What goes to the clipboard, to a file and to the title of the terminal is text: nothing in it acts.
func TestNothingLeavesThatActs(t *testing.T) {
	var copied []string
	src := newFake()
	for i, h := range hostile() {
		h = h[:min(len(h), 3000)]
		src.post("service", h, "environment", h, "description", h, "dedup_id", fmt.Sprint(i, h))
		src.raw(h)
	}
	d := newDesk(t, src, 120, 36, func(o *Options) { o.Env = append(o.Env, "SSH_CONNECTION=x") })
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	d.u.term.out = w
	got := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		got <- string(b)
	}()
	d.press("g")
	for range src.events {
		for _, kind := range []string{"b", "c", "h", "g", "r", "d", "q", "j", "k"} {
			d.press("y", kind, "esc")
		}
		d.press("j")
	}
	d.press("3", "y", "a", "4", "y", "a", "1", "e")
	w.Close()
	for part := range strings.SplitSeq(<-got, "\x1b]52;c;") {
		if part == "" {
			continue
		}
		encoded, rest, ok := strings.Cut(part, "\x07")
		text, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || rest != "" || err != nil {
			t.Fatalf("more than the clipboard's sequence was written: %.100q", part)
		}
		copied = append(copied, string(text))
	}
	if len(copied) < 100 {
		t.Fatalf("%d copies", len(copied))
	}
	for _, s := range copied {
		if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }); i >= 0 {
			t.Errorf("a control character in %.100q", s[i:])
		}
	}
	files, _ := filepath.Glob(filepath.Join(d.u.o.Dir, "*.jsonl"))
	if len(files) != 1 {
		t.Fatal(files)
	}
	b, err := os.ReadFile(files[0])
	if err != nil || bytes.Count(b, []byte("\n")) != len(src.events) || bytes.ContainsAny(b, "\x1b\x07\x00\x7f") {
		t.Errorf("an export of %d events has %d lines, or holds what acts: %v", len(src.events), bytes.Count(b, []byte("\n")), err)
	}
}

// FuzzView feeds keys, sizes and events; the screen always has its height and never more than its width.
func FuzzView(f *testing.F) {
	f.Add(uint8(80), uint8(24), []byte("jjG/service:x\r2h3ab"), "shopping_cart", "{}")
	f.Add(uint8(40), uint8(10), []byte("6i{{ service.\t\x1b5p?"), "\x1b[31m", `{"a":"\u202e"}`)
	f.Add(uint8(200), uint8(60), []byte("yc:q\x1bxqn4\r2\x1bRFo"), "宽", "[[[[")
	for _, h := range hostile() {
		f.Add(uint8(len(h)%200), uint8(len(h)%70), []byte("kkz w<>>"), h[:min(len(h), 300)], h[:min(len(h), 300)])
	}
	f.Fuzz(func(t *testing.T, w, h uint8, keys []byte, alias, body string) {
		src := newFake()
		src.post("service", alias, "environment", body, "dedup_id", alias)
		src.post("service", "cart", "dedup_id", alias)
		src.raw(body)
		d := newDesk(t, src, int(w), int(h))
		checkLines(t, d.u)
		names := map[byte]string{'\r': "enter", '\t': "tab", 0x1b: "esc", ' ': "space", 4: "ctrl+d", 21: "ctrl+u", 14: "ctrl+n", 18: "ctrl+r", 127: "backspace", 1: "up", 2: "down", 3: "left", 5: "right"}
		for i, k := range keys {
			if i > 60 {
				break
			}
			if n, ok := names[k]; ok {
				d.press(n)
			} else if k >= 0x20 && k < 0x7f {
				d.press(string(rune(k)))
			}
			if i%7 == 3 {
				d.u.handle(resized{int(w)/2 + i, int(h)/2 + i%9})
				src.post("service", body)
			}
			checkLines(t, d.u)
		}
		d.u.handle(mouse{x: int(h), y: int(w) % 40})
		d.u.handle(mouse{x: 1, y: 1, wheel: -1})
		checkLines(t, d.u)
	})
}

// FuzzText is about the one function through which every text reaches the screen.
func FuzzText(f *testing.F) {
	for _, h := range hostile() {
		f.Add(h[:min(len(h), 2000)], uint8(20), false)
	}
	f.Fuzz(func(t *testing.T, s string, w uint8, ascii bool) {
		g := unicodeGlyphs()
		if ascii {
			g = asciiGlyphs()
		}
		out, n := g.fit(s, int(w))
		if width(out) != n || n > int(w) {
			t.Fatalf("%q in %d cells is %q, said to be %d wide, is %d", s, w, out, n, width(out))
		}
		for _, r := range out {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || ascii && r > 0x7e {
				t.Fatalf("%U in %q", r, out)
			}
		}
		var back strings.Builder
		for _, l := range wrapWords(g.safe(s, 500), max(1, int(w))) {
			back.WriteString(l)
		}
		_ = back
	})
}
