package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// again makes a recorded request ready to be sent once more, to a path below base (scheme, host and port), or to base as it
// stands where path is empty. It names the headers that are left out because their values were masked.
func again(ctx context.Context, r *event.Request, base, path string) (req *http.Request, masked []string, err error) {
	target, err := url.Parse(base)
	if err == nil && path != "" {
		target, err = below(base, path)
	}
	if err != nil {
		return nil, nil, err
	}
	if req, err = http.NewRequestWithContext(ctx, r.Method, base, strings.NewReader(r.Body)); err != nil {
		return nil, nil, err
	}
	req.URL = target
	headers, masked := r.Again()
	req.Header = headers
	if _, named := headers["User-Agent"]; !named {
		req.Header["User-Agent"] = nil // none, not Go's own
	}
	return req, masked, nil
}

// below is a path of a request line at another host. What it names is never taken for a host: "//name/x" is a path.
func below(base, path string) (*url.URL, error) {
	if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
		// A proxy's form: the host in it is the sender's, and not ours.
		_, rest, _ := strings.Cut(path, "://")
		_, rest, _ = strings.Cut(rest, "/")
		path = "/" + rest
	}
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("the path %q cannot be asked for again", event.Clean(path, 100))
	}
	target, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(path, "//") {
		return url.Parse(target.Scheme + "://" + target.Host + path)
	}
	// As it came in: a URL would be written with escapes of its own.
	return &url.URL{Scheme: target.Scheme, Host: target.Host, Opaque: path}, nil
}
