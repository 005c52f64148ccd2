// Package liquid renders Liquid templates exactly as Shopify's Ruby Liquid 5.x
// does inside a Rails application, with the filters that OpsLevel adds, and
// tells the author of a template what Ruby keeps to itself: see Problem.
//
// # How it sits on osteele/liquid
//
// This is the only importer of github.com/osteele/liquid, pinned at v1.9.2. It
// uses that module's packages parser and render, not its public Engine, because
// the Engine cannot do what Ruby does: it cannot replace for, if, case and
// tablerow or give blocks clauses, its expression grammar is fixed, an error in
// a filter ends the whole render instead of being printed, hashes lose their
// order, and nothing bounds what a template costs.
//
// A template goes through these hands:
//
//	tokenizer, parser   Ruby's tokens and tags (tokenizer.go, parser.go, tag_*.go)
//	lexer, strict, lax  expressions, in Ruby's two grammars (also variable.go, condition.go)
//	compile             the tree written as a canonical token stream, from which
//	                    osteele builds its own tree through our compilers
//	osteele/render      walks that tree, block by block
//	run                 the state of one render: variables, limits, output (render.go, scope.go)
//	filters_*, date     what filters do to values (value.go, number.go, text.go, compare.go)
//	problem_*           what the author should know
//
// Osteele has the token scan, the nesting of blocks, the compile step and the
// render loop over blocks; what its nodes do is ours.
//
// # Faithfulness
//
// Where Ruby's versions differ, this is 5.13 with ActiveSupport loaded. The
// mode strict2 and the drops of a Rails application are not there. Numbers,
// texts of errors, dates and the odd corners of the lax grammar are compared
// with recorded oracles and, where Ruby is installed, with Ruby itself.
//
// # To add a filter or a tag
//
// A filter: write its function in the filters_*.go file of its kind and name it
// in filterTable (filters.go). A tag: see tags.go.
package liquid
