package tui

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
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
	// shorter are forms that take less room, to be used before anything else goes.
	shorter []string
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
		if i := slices.IndexFunc(parts, func(p part) bool { return len(p.shorter) > 0 }); i >= 0 && parts[worst].rank < 5 {
			parts[i].text, parts[i].shorter = parts[i].shorter[0], parts[i].shorter[1:]
			continue
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
		parts = append(parts, part{rank: 0, style: chip, text: f})
	}
	if u.toast.text != "" {
		parts = append(parts, part{rank: 0, style: u.toast.style, text: u.look.safe(u.toast.text, max(10, u.width-width(parts[0].text)-14))})
		return append(parts, part{rank: 1, style: plain, text: "? help", right: true})
	}
	if u.offline != nil {
		parts = append(parts, part{rank: 0, style: bad, text: u.look.safe("no connection: "+u.offline.Error(), max(10, u.width-width(parts[0].text)-14))})
	}
	if u.info.Attached {
		parts = append(parts, part{rank: 3, style: dim, text: "attached"})
	}
	parts = append(parts, u.endpoint())
	if r := &u.seen.rate; !r.quiet() {
		parts = append(parts, part{rank: 2, style: plain, text: u.look.bars(r.recent()) + "  " + commas(r.perSecond()) + "/s"})
	}
	parts = append(parts, u.countParts()...)
	if s := u.info.Store; s != "" {
		parts = append(parts, part{rank: 5, style: dim, text: u.look.safe(filepath.Base(s), 24), right: true})
	}
	return append(parts, part{rank: 0, style: plain, text: "? help", right: true})
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
			parts = append(parts, part{rank: 4, style: x.style, text: x.glyph + strconv.Itoa(x.n), right: true})
		}
	}
	if c.faulted > 0 {
		parts = append(parts, part{rank: 3, style: odd, text: u.look.fault + strconv.Itoa(c.faulted) + " faulted", right: true})
	}
	if c.silent > 0 {
		parts = append(parts, part{rank: 3, style: bad, text: u.look.silent + strconv.Itoa(c.silent) + " silent", right: true})
	}
	return parts
}

// mode is the state of the list, by its name.
func (u *ui) mode() part {
	if u.offline != nil {
		return part{rank: 0, style: chip, text: u.reconnecting()}
	}
	l := u.screen().list()
	if l == nil || !u.screen().live() {
		return part{rank: 0, style: chip, text: " LIVE "}
	}
	if u.seen.requests == 0 && u.screen() == u.deploys {
		return part{rank: 0, style: chip, text: " LISTENING "}
	}
	if l.follow {
		return part{rank: 0, style: chip, text: " " + u.look.here + " FOLLOW "}
	}
	text := " " + u.look.paused + " PAUSED "
	if l.unseen > 0 {
		text = " " + u.look.paused + " PAUSED +" + strconv.Itoa(l.unseen) + " "
	}
	return part{rank: 0, style: chip, text: text}
}

// reconnecting counts down to the next try, in whole seconds; while it goes on there is nothing to count.
func (u *ui) reconnecting() string {
	left := u.retryAt.Sub(u.now())
	if left <= 0 {
		return " RECONNECTING "
	}
	return " RECONNECTING in " + strconv.Itoa(int((left+time.Second-1)/time.Second)) + " s "
}

// endpoint is where deploys are posted to, as short as can be recognised, and shorter where there is no room.
func (u *ui) endpoint() part {
	v, err := url.Parse(u.info.IntegrationURL)
	if u.info.IntegrationURL == "" || err != nil {
		return part{rank: 1, style: plain, text: "connecting"}
	}
	host := v.Host
	if v.Hostname() == "127.0.0.1" && !u.info.Attached {
		host = ":" + v.Port()
	}
	path, last := v.Path, v.Path
	if i := strings.LastIndexByte(path, '/'); i >= 0 && len(path)-i > 9 {
		path, last = path[:i+5]+u.look.ellipsis, "/"+u.look.ellipsis+path[i:i+5]+u.look.ellipsis
	}
	safe := func(s string) string { return u.look.safe(s, 60) }
	return part{rank: 1, style: plain, text: safe("POST " + host + path), shorter: []string{safe("POST " + host + last), safe(host)}}
}
