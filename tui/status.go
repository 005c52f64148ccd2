package tui

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// hints is the line above the status: what can be done here, the likeliest first.
func (u *ui) hints() string {
	p := u.look.pen(u.width)
	if n := len(u.overlays); n > 0 {
		return p.put(dim, " "+u.overlays[n-1].hint()).String()
	}
	if h, ok := u.field().(interface{ hint(p *pen) }); ok {
		h.hint(p)
		return p.String()
	}
	for _, a := range u.hinted() {
		short := a.short
		if a.id == "filter" && u.readsPane() {
			short = "find"
		}
		if p.at+width(a.shown())+width(short)+3 > u.width {
			break
		}
		p.put(plain, " ").put(bold, a.shown()).put(plain, " "+short+" ")
	}
	return p.String()
}

// hinted are the actions that are worth a hint, the likeliest first; while the keys are for the pane, those about it.
func (u *ui) hinted() []*act {
	rank := func(a *act) int {
		if u.readsPane() && a.pane > 0 {
			return a.pane - 100
		}
		return a.rank
	}
	var shown []*act
	for i := range u.actions {
		if a := &u.actions[i]; rank(a) != 0 && a.here(u) && a.disabled(u) == "" {
			shown = append(shown, a)
		}
	}
	slices.SortStableFunc(shown, func(a, b *act) int { return rank(a) - rank(b) })
	return shown
}

// readsPane says that the keys are for the pane.
func (u *ui) readsPane() bool { return u.screen().list() != nil && (u.inPane || u.zoomed) }

// part is a piece of the status line. Those with the highest rank go first when the line is too long; rank 0 never goes.
type part struct {
	rank  int
	style style
	text  string
	right bool
}

// status is the last line.
func (u *ui) status() string {
	parts := u.parts()
	for {
		n := 0
		for _, p := range parts {
			n += width(p.text) + 2
		}
		worst := -1
		for i, p := range parts {
			if p.rank > 0 && (worst < 0 || p.rank >= parts[worst].rank) {
				worst = i
			}
		}
		if n <= u.width || worst < 0 {
			break
		}
		parts = slices.Delete(parts, worst, worst+1)
	}
	return u.statusLine(parts)
}

func (u *ui) statusLine(parts []part) string {
	p := u.look.pen(u.width)
	rest := 0
	for _, x := range parts {
		if x.right {
			rest += width(x.text) + 2
		}
	}
	turned := false
	for _, x := range parts {
		if x.right && !turned {
			p.to(max(p.at, u.width-rest))
			turned = true
		}
		p.put(plain, " ").put(x.style, x.text).put(plain, " ")
	}
	return p.String()
}

func (u *ui) parts() []part {
	parts := []part{u.mode()}
	if f := u.injected(); f != "" {
		parts = append(parts, part{0, chip, f, false})
	}
	if u.toast.text != "" {
		parts = append(parts, part{0, u.toast.style, u.look.safe(u.toast.text, max(10, u.width-width(parts[0].text)-14)), false})
		return append(parts, part{1, plain, "? help", true})
	}
	if u.offline != nil {
		parts = append(parts, part{0, bad, u.look.safe("no connection: "+u.offline.Error(), max(10, u.width-30)), false})
	}
	if u.info.Attached {
		parts = append(parts, part{3, dim, "attached", false})
	}
	parts = append(parts, part{1, plain, u.endpoint(), false})
	if r := &u.seen.rate; !r.quiet() {
		parts = append(parts, part{2, plain, u.look.bars(r.recent()) + "  " + commas(r.perSecond()) + "/s", false})
	}
	parts = append(parts, u.countParts()...)
	if s := u.info.Store; s != "" {
		parts = append(parts, part{5, dim, u.look.safe(filepath.Base(s), 24), true})
	}
	return append(parts, part{0, plain, "? help", true})
}

func (u *ui) countParts() []part {
	c := u.seen.counts
	var parts []part
	for _, x := range []struct {
		style style
		glyph string
		n     int
	}{{good, u.look.ok, c.ok}, {again, u.look.duplicate, c.duplicate}, {fresh, u.look.unknown, c.unknown}, {bad, u.look.rejected, c.rejected}} {
		if x.n > 0 {
			parts = append(parts, part{4, x.style, x.glyph + strconv.Itoa(x.n), true})
		}
	}
	if c.faulted > 0 {
		parts = append(parts, part{3, odd, u.look.fault + strconv.Itoa(c.faulted) + " faulted", true})
	}
	if c.silent > 0 {
		parts = append(parts, part{3, bad, u.look.silent + strconv.Itoa(c.silent) + " silent", true})
	}
	return parts
}

// mode is the state of the list, by its name.
func (u *ui) mode() part {
	if u.offline != nil {
		return part{0, chip, " RECONNECTING ", false}
	}
	l := u.screen().list()
	if l == nil || !u.screen().live() {
		return part{0, chip, " LIVE ", false}
	}
	if u.seen.requests == 0 && u.screen() == u.deploys {
		return part{0, chip, " LISTENING ", false}
	}
	if l.follow {
		return part{0, chip, " " + u.look.here + " FOLLOW ", false}
	}
	text := " " + u.look.paused + " PAUSED "
	if l.unseen > 0 {
		text = " " + u.look.paused + " PAUSED +" + strconv.Itoa(l.unseen) + " "
	}
	return part{0, chip, text, false}
}

// endpoint is where deploys are posted to, as short as can be recognised.
func (u *ui) endpoint() string {
	v, err := url.Parse(u.info.IntegrationURL)
	if u.info.IntegrationURL == "" || err != nil {
		return "connecting"
	}
	host := v.Host
	if v.Hostname() == "127.0.0.1" && !u.info.Attached {
		host = ":" + v.Port()
	}
	path := v.Path
	if i := strings.LastIndexByte(path, '/'); i >= 0 && len(path)-i > 9 {
		path = path[:i+5] + u.look.ellipsis
	}
	return u.look.safe("POST "+host+path, 60)
}
