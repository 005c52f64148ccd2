package deploy

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOracle(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "oracles", "activemodel-datetime.tsv"))
	if err != nil {
		t.Skip(err)
	}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		c := strings.Split(sc.Text(), "\t")
		if len(c) != 3 {
			continue
		}
		var v any
		if json.Unmarshal([]byte(c[0]), &v) != nil {
			continue
		}
		s, ok := v.(string)
		if !ok {
			continue
		}
		m, ok := ParseTime(s)
		got := "nil"
		if ok {
			got = m.Time.Format("2006-01-02T15:04:05.000000000Z07:00")
		}
		if got != c[1] {
			t.Errorf("%s: %s want %s", c[0], got, c[1])
		}
		_ = time.Now
	}
}
