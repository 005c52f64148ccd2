package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// wrongValue says in a person's words why a value does not fit a flag; err is the flag's own error.
func wrongValue(f *pflag.Flag, value string, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		err = invalid.Unwrap()
	}
	if errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%q is too large", value)
	}
	switch f.Value.Type() {
	case "int", "int64", "uint", "uint64":
		return fmt.Errorf("%q is no number%s", value, wholeNumber(f, value))
	case "float64":
		return fmt.Errorf("%q is no number", value)
	case "bool":
		return fmt.Errorf("%q is neither true nor false", value)
	case "duration":
		if _, unitErr := strconv.ParseFloat(value, 64); unitErr == nil {
			return fmt.Errorf("%q has no unit; write %ss for seconds, %sm for minutes", value, value, value)
		}
		if _, spaceErr := time.ParseDuration(strings.ReplaceAll(value, " ", "")); spaceErr == nil {
			return fmt.Errorf("%q is a duration without spaces: %s", value, strings.ReplaceAll(value, " ", ""))
		}
		return fmt.Errorf("%q is no duration; write one such as 500ms, 10s or 1m30s", value)
	}
	return err
}

// wholeNumber says which numbers a flag takes, where the value is a number of another kind.
func wholeNumber(f *pflag.Flag, value string) string {
	if _, err := strconv.ParseFloat(value, 64); err != nil {
		return ""
	}
	if strings.HasPrefix(f.Value.Type(), "u") {
		return " that fits here: it is a whole number from 0 on, in digits"
	}
	return " that fits here: it is a whole number, in digits"
}
