package liquid

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

func TestTry(t *testing.T) {
	src, err := os.ReadFile("/tmp/lq/in.liquid")
	if err != nil {
		t.Skip()
	}
	data, _ := os.ReadFile("/tmp/lq/in.json")
	v, err := DecodeJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	tp, err := Parse(string(src), Options{LineNumbers: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := tp.Render(context.Background(), Input{Context: v})
	fmt.Println(res.Output, err)
	for _, p := range res.Problems {
		b, _ := json.Marshal(p)
		fmt.Println(string(b))
	}
	for _, p := range res.Spans {
		fmt.Printf("%+v %q\n", p, res.Output[p.Offset:p.Offset+p.Length])
	}
}
