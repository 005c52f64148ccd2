package action

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Policy says where requests may go: to loopback, and to hosts that were allowed by name.
type Policy struct {
	// Allow are hosts ("ci.example.test", "10.0.0.5") or hosts with a port ("ci.example.test:8080") that may be sent to,
	// wherever they are. Letter case and a final dot do not matter.
	Allow []string
	// Exposed: the emulator listens beyond loopback. Whoever reaches it could then make it call services of this
	// machine, so loopback is refused too; its own receiver and allowed hosts are left.
	Exposed bool
	// Proxy is the address of an HTTP proxy ("http://proxy.example.test:3128") for what is not on loopback; empty: none.
	// Variables such as HTTP_PROXY are never looked at.
	Proxy string
}

// Resolver finds the addresses of a name; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// refusal is why a host may not be sent to.
type refusal struct{ message, cure string }

func (r refusal) Error() string { return r.message }

// addresses are where a host may be connected to. What comes back is what is dialled: nothing is looked up again.
// Errors: a refusal, or that of the resolver.
func (p Policy) addresses(ctx context.Context, r Resolver, host, port string, trusted bool) ([]netip.Addr, error) {
	host = strings.TrimSuffix(host, ".")
	named := trusted || p.allows(host, port)
	if !named {
		if err := p.refuse(host); err != nil {
			return nil, err
		}
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	found, err := r.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	if named {
		return found, nil
	}
	local := slices.DeleteFunc(slices.Clone(found), func(a netip.Addr) bool { return !a.IsLoopback() || a.Zone() != "" })
	if len(local) == 0 {
		return nil, p.beyond(host, fmt.Sprintf("%s is at %s, which is not this machine", host, join(found)))
	}
	return local, nil
}

// allows says whether the host was allowed by name.
func (p Policy) allows(host, port string) bool {
	for _, a := range p.Allow {
		h, ap, err := net.SplitHostPort(a)
		if err != nil {
			h, ap = a, port
		}
		if ap == port && sameHost(strings.Trim(h, "[]"), host) {
			return true
		}
	}
	return false
}

func sameHost(a, b string) bool {
	a, b = strings.TrimSuffix(a, "."), strings.TrimSuffix(b, ".")
	x, errX := netip.ParseAddr(a)
	y, errY := netip.ParseAddr(b)
	if errX == nil && errY == nil {
		return x.Unmap() == y.Unmap()
	}
	return strings.EqualFold(a, b)
}

// refuse judges what can be judged without a look-up.
func (p Policy) refuse(host string) error {
	a, err := netip.ParseAddr(host)
	switch {
	case err != nil && endsInNumber(host):
		// Resolvers read 0177.0.0.1, 0x7f.1 and 2130706433 differently, so what was judged might not be what is dialled.
		return refusal{
			fmt.Sprintf("%s is an unusual spelling of an address, which programs read differently", host),
			"Write the address as four plain numbers, such as 127.0.0.1.",
		}
	case p.Exposed:
		return p.beyond(host, fmt.Sprintf("this emulator listens beyond loopback, so it sends only to its own receiver and to allowed hosts, and %s is neither", host))
	case err != nil:
		return nil
	case a.Unmap().IsUnspecified():
		return refusal{
			fmt.Sprintf("%s means every address of this machine, and none to send to", host),
			"Write 127.0.0.1.",
		}
	case !a.Unmap().IsLoopback() || a.Zone() != "":
		return p.beyond(host, fmt.Sprintf("%s is not this machine", host))
	}
	return nil
}

func (p Policy) beyond(host, why string) refusal {
	return refusal{why, fmt.Sprintf("Allow it by name: --allow-target %s; or send to a receiver on this machine, such as receiver:NAME.", host)}
}

// endsInNumber: the last label is a number in any base, so that some reader takes the whole for an IPv4 address.
func endsInNumber(host string) bool {
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if last == "" {
		return false
	}
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

func join(addrs []netip.Addr) string {
	out := make([]string, len(addrs))
	for i, a := range addrs {
		out[i] = a.String()
	}
	if len(out) == 0 {
		return "no address"
	}
	return strings.Join(out, ", ")
}
