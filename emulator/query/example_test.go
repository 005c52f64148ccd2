package query_test

import (
	"errors"
	"fmt"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func ExampleParse() {
	_, err := query.Parse("environment:Production svc:cart")
	var e *query.Error
	if errors.As(err, &e) {
		fmt.Printf("error: %s\n%s\nhint: %s\n", e.Message, e.Mark(), e.Hint)
	}
	// Output:
	// error: unknown field svc
	// environment:Production svc:cart
	//                        ^^^
	// hint: did you mean service:? to search for the text, quote it: "svc:cart"
}

func ExampleNew() {
	q, err := query.New(
		query.Is(query.Service, "shopping_cart"),
		query.Is(query.Description, "Deployed by CI"),
		query.Not(query.Is(query.Result, "duplicate_deploy", "rejected")),
	)
	fmt.Println(q, err)
	fmt.Println(q.Shell())
	// Output:
	// service:shopping_cart description:"Deployed by CI" not:result:duplicate_deploy,rejected <nil>
	// service:shopping_cart 'description:"Deployed by CI"' not:result:duplicate_deploy,rejected
}

func ExampleQuery_Distance() {
	q, _ := query.Parse("service:shopping_cart environment:production has:title")
	d := q.Distance(samples()[0], now)
	fmt.Printf("%d of %d\n", d.Matched, d.Total)
	for _, m := range d.Misses {
		fmt.Printf("%-12s %-12s | %s\n", m.Field, m.Want, m.Got)
	}
	// Output:
	// 1 of 3
	// environment  production   | Production
	// title        any value    |
}
