package cli

import (
	"errors"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// execConfig is the configuration of an emulator for one command: in memory, an integration and a token of its own.
func (a *app) execConfig(f execFlags) (c emulator.Config, integration, catalogue string, err error) {
	if !contains(typeNames(), f.kind) {
		return c, "", "", usage("--type is %s, not %q", orList(typeNames()), f.kind)
	}
	if err := errors.Join(f.upstream.check(), deliveryFlags{proxy: f.proxy}.check()); err != nil {
		return c, "", "", err
	}
	from, catalogue, err := a.execAccount(f.fixtures)
	if err != nil {
		return c, "", "", err
	}
	integration = clock.Random{}.UUID()
	own := catalog.Integration{UUID: integration, Name: "exec", Type: catalog.IntegrationType(f.kind), Origin: "exec"}
	contents := *from.contents
	contents.Integrations = append([]catalog.Integration{own}, contents.Integrations...)
	c = emulator.Config{
		Listen: f.listen, Fixtures: &contents, CatalogGiven: from.given,
		Library: from.library, Environment: a.environment(from.library, nil),
		// Not the token of an emulator around this one, which the environment may name.
		Token: clock.Random{}.Token(), Proxy: f.proxy, Version: versionText(), Logger: a.logger(), Seed: f.seed,
	}
	if c.Faults, err = a.readFaults(f.faults); err != nil {
		return c, "", "", err
	}
	if c.Listen == "" {
		c.Listen = "localhost:0"
		if f.advertise != "" {
			c.Listen = ":0"
		}
	} else if err := checkAddress("bind", c.Listen); err != nil {
		return c, "", "", err
	}
	if f.advertise != "" {
		host, _, err := net.SplitHostPort(f.advertise)
		if err != nil {
			host = strings.Trim(f.advertise, "[]")
		}
		if host == "" || strings.ContainsAny(f.advertise, "/ @") {
			return c, "", "", hinted("name a host: host.docker.internal", "--advertise is a host, not %q", f.advertise)
		}
		c.AllowHosts = []string{host}
	}
	return c, integration, catalogue, nil
}

// execAccount is the account of the files that --fixtures names, or of the repository's opslevel.yml. The embedded
// demonstration is no list of anybody's services, so without files there are no services, and no alias is judged; nor
// are its webhook URLs there, so that a sender with a URL from an example does not look healthy. catalogue says where the
// services are from; empty without any.
func (a *app) execAccount(paths []string) (from account, catalogue string, err error) {
	if from, err = a.findAccount(paths); err != nil {
		return from, "", err
	}
	if from.contents == nil || !from.given {
		return account{contents: &catalog.Contents{}, library: from.library}, "", nil
	}
	contents := *from.contents
	demo := fixtures.Default().Integrations
	contents.Integrations = slices.DeleteFunc(slices.Clone(contents.Integrations), func(i catalog.Integration) bool {
		return slices.ContainsFunc(demo, func(d catalog.Integration) bool { return d.UUID == i.UUID && d.Origin == i.Origin })
	})
	for _, line := range from.notes[1:] {
		a.tell("%s", line)
	}
	from.contents = &contents
	return from, from.notes[0], nil
}

// advertised is the host and port by which the command reaches base: the host that was named, with the port of base
// unless it names one itself.
func advertised(host, base string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
	if err != nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// childEnv is the environment of the command: ours, with the addresses, and with every proxy told to leave them alone.
func childEnv(base, integrationURL, token, advertise string) []string {
	// The emulator relays what the command sends; the address of the real integration is not the command's business.
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, variable("upstream")+"=") })
	set := func(name, value string) {
		env = slices.DeleteFunc(env, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
		env = append(env, name+"="+value)
	}
	set("OPSLEVEL_INTEGRATION_URL", integrationURL)
	set("OL_INTEGRATION_URL", integrationURL)
	set("BUBBLELEVEL_URL", base)
	set("BUBBLELEVEL_TOKEN", token)
	direct := noProxy(os.Getenv("no_proxy"), os.Getenv("NO_PROXY"), advertise)
	set("NO_PROXY", direct)
	set("no_proxy", direct)
	return env
}

// noProxy is the list of hosts that need no proxy: those of both variables, since a program reads the one or the other,
// and loopback under each of its names.
func noProxy(lower, upper, advertise string) string {
	host, _, err := net.SplitHostPort(advertise)
	if err != nil {
		host = strings.Trim(advertise, "[]")
	}
	var hosts []string
	for _, list := range []string{lower, upper, "localhost,127.0.0.1,::1,[::1]", host} {
		for h := range strings.SplitSeq(list, ",") {
			if h = strings.TrimSpace(h); h != "" && !contains(hosts, h) {
				hosts = append(hosts, h)
			}
		}
	}
	return strings.Join(hosts, ",")
}
