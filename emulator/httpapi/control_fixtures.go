package httpapi

import (
	"io"
	"net/http"
)

func (c *Control) exportFixtures(w http.ResponseWriter, _ *http.Request) {
	b, err := c.Store.ExportFixtures()
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.Header().Set("Cache-Control", "no-store")
	w.Write(b) // a client that is gone is no error of ours
}

// maxFixtures is the largest fixture that PUT takes, in bytes: a catalog of some ten thousand services.
const maxFixtures = 16 << 20

func (c *Control) importFixtures(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, http.StatusRequestEntityTooLarge, "too_large", "the fixture is larger than 16 MiB, or it did not arrive whole",
			"leave services out that no deploy names, or start the emulator with --fixtures FILE")
		return
	}
	notes, err := c.Store.ImportFixtures(b)
	answer(w, http.StatusOK, struct {
		Loaded bool     `json:"loaded"`
		Notes  []string `json:"notes"`
	}{true, notNil(notes)}, err)
}
