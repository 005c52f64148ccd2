package finding

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"cart":                  `"cart"`,
		"a\r\nb\x1b[31m":        `"a\r\nb\x1b[31m"`,
		"\u202eevil":            `"\u202eevil"`,
		"Zoë 🚀":                 `"Zoë 🚀"`,
		strings.Repeat("a", 65): `"` + strings.Repeat("a", 64) + `"...`,
		strings.Repeat("ë", 40): `"` + strings.Repeat("ë", 32) + `"...`,
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestLooksSame(t *testing.T) {
	for _, p := range [][2]string{{"Shopping-Cart", "shopping_cart"}, {"cart\n", "cart"}, {" shopping cart", "shoppingcart"}, {"", "-"}} {
		if !looksSame(p[0], p[1]) || !looksSame(p[1], p[0]) {
			t.Errorf("%q and %q look the same", p[0], p[1])
		}
	}
	for _, p := range [][2]string{{"cart", "carts"}, {"acme/cart", "cart"}, {"cart", ""}} {
		if looksSame(p[0], p[1]) || looksSame(p[1], p[0]) {
			t.Errorf("%q and %q do not look the same", p[0], p[1])
		}
	}
}

// TestNoSecretIsQuoted puts a secret everywhere where a finding must not repeat it.
func TestNoSecretIsQuoted(t *testing.T) {
	const secret = "s3cr3t"
	c := given(with(healthy, `{"deploy_url":"https://user:`+secret+`@ci.test/${x}"}`))
	c.Wire.Referer = "http://x.test/" + secret
	c.Wire.Path += "?service=" + secret + "&token=" + secret
	c.Wire.BodyPrefix = secret
	for _, change := range []func(*Case){
		func(*Case) {}, method("GET"), method("PUT"), path("/integrations/custom_event/" + secret + "?" + secret),
		path("/integrations/deploy/" + secret + "/" + secret), func(c *Case) { c.Params = nil; answered(deploy.Problem{Status: 400})(c) },
		func(c *Case) { c.Standing = Unknown; c.Wire.Path = deployPath + "0123456789" + secret + "-9999" },
	} {
		other := *c
		change(&other)
		for _, x := range Of(&other) {
			if strings.Contains(x.Evidence+x.Explanation+x.Cure, secret) {
				t.Errorf("%s repeats a secret: %+v", x.ID, x)
			}
		}
	}
}

// FuzzOf: whatever arrives, findings are sane, and the same request gets the same ones.
func FuzzOf(f *testing.F) {
	f.Add(healthy, "run-1", "\x1b]0;x\a", "2026-02-30")
	f.Add(documented, "${X}", "Production\n", "01/02/2026 EST")
	f.Add(`{"a":1,"b":{},"deployer":[1],"commit":{"x":"y"}}`, "", "\xff\xfe", "1549027713")
	f.Fuzz(func(t *testing.T, body, id, environment, date string) {
		for _, c := range []*Case{given(body), given(with(healthy, `{}`)), given(body, original(`{}`), near(id, environment))} {
			if c.Params != nil && c.Params.Len() < 50 {
				c.Params.Set("dedup_id", id)
				c.Params.Set("environment", environment)
				c.Params.Set("deployed_at", date)
				c.Problems = nil
				judge(c)
			}
			c.Environments = []string{id, environment + "x"}
			first, again := Of(c), Of(c)
			sane(t, first)
			if ids(first) != ids(again) {
				t.Errorf("%s, then %s", ids(first), ids(again))
			}
			for _, x := range first {
				if !utf8.ValidString(x.Evidence + x.Explanation + x.Cure) {
					t.Errorf("%s is not UTF-8: %q", x.ID, x.Evidence)
				}
			}
		}
	})
}
