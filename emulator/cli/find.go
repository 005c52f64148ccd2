package cli

import (
	"context"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/client"
)

// defaultListen is where an emulator listens when nobody says otherwise.
const defaultListen = "127.0.0.1:6775"

// askPatience is how long a client command waits for a first answer.
const askPatience = 5 * time.Second

// emulator finds the running emulator: --url or BUBBLELEVEL_URL, else the ready file of this working directory, else the
// default port. It has answered its health when it is returned.
func (a *app) emulator(ctx context.Context) (*client.Client, error) {
	candidates := a.candidates()
	var first error
	for _, c := range candidates {
		ask, cancel := context.WithTimeout(ctx, askPatience)
		_, err := c.Health(ask)
		cancel()
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, &failure{code: exitNotReady, err: first,
		hint: "start one with `bubblelevel serve`, or name a running one with --url or BUBBLELEVEL_URL"}
}

func (a *app) candidates() []*client.Client {
	if a.url != "" {
		return []*client.Client{client.New(a.url, a.token)}
	}
	var found []*client.Client
	if p, err := a.place(); err == nil {
		if r, err := readReady(p.ready); err == nil {
			token := a.token
			if token == "" {
				token = r.Token
			}
			found = append(found, client.New(r.ControlURL, token))
		}
	}
	return append(found, client.New("http://"+defaultListen, a.token))
}
