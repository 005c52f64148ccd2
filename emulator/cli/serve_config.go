package cli

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
)

// check looks at the flags that need no file and no socket to be found wrong.
func (f serveFlags) check() error {
	if _, ok := journal.ParseSync(f.sync); !ok {
		return usage("--sync is interval or always, not %q", f.sync)
	}
	if f.keep < 0 || f.keepBytes < 0 || f.keepIDs < 0 {
		return usage("--keep, --keep-bytes and --keep-ids cannot be negative")
	}
	if err := checkAddress("listen", f.listen); err != nil {
		return err
	}
	if f.control != "" {
		if err := checkAddress("control-listen", f.control); err != nil {
			return err
		}
	}
	if _, err := f.clock(); err != nil {
		return err
	}
	if f.db != "" && strings.TrimSpace(f.db) == "" {
		return usage("--db is a file or :memory:, not %q", f.db)
	}
	for _, h := range f.allowHosts {
		if h == "" || strings.ContainsAny(h, "/ \t") {
			return hinted("name a host without scheme, port and path: bubblelevel.internal", "--allow-host is a host name, not %q", h)
		}
	}
	if _, err := f.publicHost(); err != nil {
		return err
	}
	if err := f.upstream.check(); err != nil {
		return err
	}
	if err := f.tui.check(); err != nil {
		return err
	}
	return f.delivery.check()
}

// checkAddress refuses what cannot be an address to listen on, before anything is opened.
func checkAddress(flag, address string) error {
	hint := "write host:port, such as 127.0.0.1:6775, or 127.0.0.1:0 for a free port"
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		if _, convErr := strconv.ParseUint(address, 10, 16); convErr == nil {
			hint = "write host:port: 127.0.0.1:" + address
		}
		return hinted(hint, "--%s is an address, not %q", flag, address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return hinted(hint, "--%s has no port from 0 to 65535: %q", flag, address)
	}
	return nil
}

// publicHost is the host of --public-url; empty without one.
func (f serveFlags) publicHost() (string, error) {
	if f.publicURL == "" {
		return "", nil
	}
	u, err := url.Parse(f.publicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", hinted("write scheme, host and port: http://localhost:8080", "--public-url is a URL, not %q", f.publicURL)
	}
	if u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
		return "", hinted("write http://localhost:8080", "--public-url has a scheme, a host and a port, and nothing else: %q", f.publicURL)
	}
	return u.Hostname(), nil
}

func (f serveFlags) clock() (clock.Clock, error) {
	if f.now == "" {
		return nil, nil // the emulator's own, which runs with the machine's
	}
	at, err := time.Parse(time.RFC3339, f.now)
	if err != nil {
		return nil, usage("--now is a time such as 2026-01-02T03:04:05Z, not %q", f.now)
	}
	frozen, err := clock.NewFrozen(at)
	if err != nil {
		return nil, hinted("choose a time that is nearer to today", "--now %s: %v", f.now, err)
	}
	return frozen, nil
}

// config makes the emulator's configuration of the flags, which have been checked, and reads the fixtures.
func (a *app) config(f serveFlags) (emulator.Config, error) {
	host, err := f.publicHost()
	if err != nil {
		return emulator.Config{}, err
	}
	c := emulator.Config{
		Listen: f.listen, ControlListen: f.control, PublicURL: f.publicURL, Store: f.db,
		Keep: f.keep, KeepBytes: f.keepBytes, KeepIDs: f.keepIDs,
		Token: a.token, AllowHosts: f.allowHosts, Version: versionText(), Logger: a.logger(),
	}
	if host != "" {
		// Whoever says how the emulator is reached also means its control API.
		c.AllowHosts = append(c.AllowHosts, host)
	}
	c.Sync, _ = journal.ParseSync(f.sync)
	c.Seed = f.seed
	if c.Faults, err = a.readFaults(f.faults); err != nil {
		return c, err
	}
	if f.seed != 0 {
		c.IDs = clock.NewSeeded(f.seed)
	}
	if c.Clock, err = f.clock(); err != nil {
		return c, err
	}
	if strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return c, usage("--token must be printable ASCII without spaces, as it travels in a header")
	}
	from, err := a.findAccount(f.fixtures)
	if err != nil {
		return c, err
	}
	c.Fixtures, c.CatalogGiven, c.Library = from.contents, from.given, from.library
	c.AllowTargets, c.Proxy = f.delivery.targets, f.delivery.proxy
	c.Environment = a.environment(from.library, f.secretEnv)
	for _, line := range from.notes {
		a.tell("%s", line)
	}
	if c.Token == "" && (exposed(f.control) || f.control == "" && exposed(f.listen)) {
		c.Token = clock.Random{}.Token()
		a.tell("the control API can be reached from other machines, so it asks for this token: %s", c.Token)
	}
	return c, nil
}

// exposed says whether an address can be reached from other machines.
func exposed(address string) bool {
	if address == "" {
		return false
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	return host != "localhost" && (err != nil || !ip.Unmap().IsLoopback())
}
