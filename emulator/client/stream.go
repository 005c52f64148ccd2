package client

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Item is one message of the event stream: an event, or a gap.
type Item struct {
	Event *event.Event
	// Gap says that the events from Gap.From to Gap.To left the window before they could be sent.
	Gap *Gap
}

// Gap is a range of events that the reader has missed.
type Gap struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// maxStreamLine bounds one message of the stream, in bytes: a whole event with its body escaped twice over.
const maxStreamLine = 32 << 20

// Stream calls each with every event that matches query, from after on (nil: from now on), until ctx ends, each returns
// an error, or the connection breaks. To resume, call it again with the seq of the last event.
func (c *Client) Stream(ctx context.Context, query string, after *uint64, each func(Item) error) error {
	v := url.Values{}
	if query != "" {
		v.Set("q", query)
	}
	lastID := ""
	if after != nil {
		lastID = strconv.FormatUint(*after, 10)
	}
	resp, err := c.send(ctx, http.MethodGet, "/events?"+v.Encode(), nil, "text/event-stream", lastID)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(make([]byte, 64<<10), maxStreamLine)
	var name, data string
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "":
			if err := deliver(name, data, each); err != nil {
				return err
			}
			name, data = "", ""
		case strings.HasPrefix(line, "event: "):
			name = line[len("event: "):]
		case strings.HasPrefix(line, "data: "):
			data = line[len("data: "):]
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := lines.Err(); err != nil {
		return &UnreachableError{c.URL, err}
	}
	return &UnreachableError{c.URL, fmt.Errorf("the event stream ended")}
}

func deliver(name, data string, each func(Item) error) error {
	if data == "" {
		return nil
	}
	var item Item
	var err error
	if name == "gap" {
		err = json.Unmarshal([]byte(data), &item.Gap)
	} else {
		err = json.Unmarshal([]byte(data), &item.Event)
	}
	if err != nil {
		return fmt.Errorf("the event stream cannot be read: %w", err)
	}
	return each(item)
}
