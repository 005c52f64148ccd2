package liquid

import (
	"fmt"
	"maps"
	"slices"
)

// The filters. To add one: write its function in the filters_*.go file of its
// kind, and name it in filterTable with the number of arguments it takes.

// filter is one filter. Its function gets the arguments that were given, at
// least min and at most max of them; named ones come last, as one *Hash.
type filter struct {
	min, max int
	fn       func(r *run, in Value, args []Value) (Value, error)
}

// call checks the number of arguments as Ruby does, which counts the input too.
func (f *filter) call(r *run, in Value, args []Value) (Value, error) {
	if len(args) < f.min || len(args) > f.max {
		expected := fmt.Sprint(f.min + 1)
		if f.max > f.min {
			expected += fmt.Sprintf("..%d", f.max+1)
		}
		return nil, argumentError(fmt.Sprintf("wrong number of arguments (given %d, expected %s)", len(args)+1, expected))
	}
	return f.fn(r, in, args)
}

func lookupFilter(name string) *filter {
	if f, ok := filterTable[name]; ok {
		return &f
	}
	return nil
}

// Filters are the names of all filters, Ruby's and OpsLevel's, in the order of the alphabet.
func Filters() []string { return slices.Sorted(maps.Keys(filterTable)) }

// optional is argument i, or a default where it was not given.
func optional(args []Value, i int, otherwise Value) Value {
	if i < len(args) {
		return args[i]
	}
	return otherwise
}

// filterTable never changes.
var filterTable = map[string]filter{
	// text
	"append":                 {1, 1, appendFilter},
	"base64_decode":          {0, 0, base64Decode},
	"base64_encode":          {0, 0, base64Encode},
	"base64_url_safe_decode": {0, 0, base64URLDecode},
	"base64_url_safe_encode": {0, 0, base64URLEncode},
	"capitalize":             {0, 0, textFilter(capitalize)},
	"downcase":               {0, 0, textFilter(downcase)},
	"escape":                 {0, 0, escapeFilter},
	"escape_once":            {0, 0, textFilter(escapeOnce)},
	"h":                      {0, 0, escapeFilter},
	"lstrip":                 {0, 0, textFilter(lstrip)},
	"newline_to_br":          {0, 0, textFilter(newlineToBr)},
	"prepend":                {1, 1, prependFilter},
	"remove":                 {1, 1, removeFilter},
	"remove_first":           {1, 1, removeFirst},
	"remove_last":            {1, 1, removeLast},
	"replace":                {1, 2, replaceFilter},
	"replace_first":          {1, 2, replaceFirst},
	"replace_last":           {2, 2, replaceLast},
	"rstrip":                 {0, 0, textFilter(rstrip)},
	"slice":                  {1, 2, sliceFilter},
	"split":                  {1, 1, splitFilter},
	"squish":                 {0, 0, squishFilter},
	"strip":                  {0, 0, textFilter(strip)},
	"strip_html":             {0, 0, textFilter(stripHTML)},
	"strip_newlines":         {0, 0, textFilter(stripNewlines)},
	"truncate":               {0, 2, truncateFilter},
	"truncatewords":          {0, 2, truncateWords},
	"upcase":                 {0, 0, textFilter(upcase)},
	"url_decode":             {0, 0, urlDecode},
	"url_encode":             {0, 0, urlEncode},
	// numbers
	"abs":        {0, 0, absFilter},
	"at_least":   {1, 1, atLeast},
	"at_most":    {1, 1, atMost},
	"ceil":       {0, 0, ceilFilter},
	"divided_by": {1, 1, arithmeticFilter('/')},
	"floor":      {0, 0, floorFilter},
	"minus":      {1, 1, arithmeticFilter('-')},
	"modulo":     {1, 1, arithmeticFilter('%')},
	"plus":       {1, 1, arithmeticFilter('+')},
	"round":      {0, 1, roundFilter},
	"times":      {1, 1, arithmeticFilter('*')},
	// lists
	"compact":      {0, 1, compactFilter},
	"concat":       {1, 1, concatFilter},
	"find":         {1, 2, findFilter},
	"find_index":   {1, 2, findIndexFilter},
	"first":        {0, 0, edgeFilter(false)},
	"has":          {1, 2, hasFilter},
	"join":         {0, 1, joinFilter},
	"last":         {0, 0, edgeFilter(true)},
	"map":          {1, 1, mapFilter},
	"reject":       {1, 2, rejectFilter},
	"reverse":      {0, 0, reverseFilter},
	"size":         {0, 0, sizeFilter},
	"sort":         {0, 1, sortFilter},
	"sort_natural": {0, 1, sortNatural},
	"sum":          {0, 1, sumFilter},
	"uniq":         {0, 1, uniqFilter},
	"where":        {1, 2, whereFilter},
	// anything
	"date":    {1, 1, dateFilter},
	"default": {0, 2, defaultFilter},
	// OpsLevel's own
	"jsonify":   {0, 0, jsonifyFilter},
	"secret":    {0, 1, secretFilter},
	"tag_value": {1, 1, tagValueFilter},
}
