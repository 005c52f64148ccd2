// Package yamlfile reads YAML strictly. It is the only importer of github.com/goccy/go-yaml.
package yamlfile

import "github.com/goccy/go-yaml"

// Unmarshal reads a document into a struct; unknown and repeated keys are errors.
func Unmarshal(src []byte, into any) error {
	return yaml.UnmarshalWithOptions(src, into, yaml.Strict())
}
