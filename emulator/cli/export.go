package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// exporter prints events in the form that was asked for.
type exporter struct {
	a    *app
	curl bool
	// clean takes out of a text what shall not leave the machine; nil leaves all in.
	clean func(string) string
	// base is where the curl commands send their requests.
	base string
}

func (x exporter) print(e *event.Event) error {
	if x.curl && e.Request == nil {
		return nil
	}
	if x.clean != nil {
		var err error
		if e, err = redactEvent(e, x.clean); err != nil {
			return err
		}
	}
	if x.curl {
		command := e.Curl(x.base)
		if terminal(x.a.Out) {
			command = displayed(command)
		}
		_, err := fmt.Fprintln(x.a.Out, command)
		return err
	}
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(x.a.Out, "%s\n", plainJSON(b))
	return err
}

// displayed is a command as a terminal may show it. Only in a file or a pipe is one exact that holds control characters.
func displayed(command string) string {
	lines := strings.Split(command, "\n")
	for i, line := range lines {
		lines[i] = event.Clean(line, len(line)*8)
	}
	return strings.Join(lines, "\n")
}

// eachEvent pages through all events that match, the oldest first. evicted is the oldest seq that was still whole at the
// end: what came before it may be missing.
func eachEvent(ctx context.Context, c *client.Client, query string, each func(*event.Event) error) (evicted uint64, err error) {
	var after uint64
	for {
		page, err := c.Events(ctx, client.Page{Query: query, Limit: httpapi.MaxPage, After: &after})
		if err != nil {
			return 0, err
		}
		for _, e := range page.Events {
			if err := each(e); err != nil {
				return 0, err
			}
		}
		if page.Next == nil {
			return page.EvictedBefore, nil
		}
		after = *page.Next
	}
}

// goneBefore says that events have left the window; empty where none has.
func goneBefore(evicted uint64) string {
	if evicted <= 1 {
		return ""
	}
	return fmt.Sprintf("events before %d have left the window; `serve --keep` sets its size", evicted)
}

// origin is the scheme and host of a URL, or of another where it has none.
func origin(url, other string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return other
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}
