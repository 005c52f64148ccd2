package probe

import "strconv"

func number(n int) string { return strconv.Itoa(n) }

// plural is "1 deploy" or "2 deploys".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}
