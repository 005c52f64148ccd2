package probe

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"time"
)

// Commit is the newest commit of a throw-away repository. Its files are an empty tree.
type Commit struct {
	Branch, Message                                        string
	AuthorName, AuthorEmail, CommitterName, CommitterEmail string
	At                                                     time.Time
}

// Object is one object of a git repository: the name, which is its SHA-1, and the content with git's header before it.
type Object struct {
	SHA     string
	Content []byte
}

func object(kind string, content []byte) Object {
	whole := append(fmt.Appendf(nil, "%s %d\x00", kind, len(content)), content...)
	sum := sha1.Sum(whole)
	return Object{SHA: hex.EncodeToString(sum[:]), Content: whole}
}

// Objects are the commit and its empty tree, as git keeps them before it compresses them. The first is the commit.
// They are made without git, so that a message stands in them byte for byte.
func (c Commit) Objects() []Object {
	tree := object("tree", nil)
	when := fmt.Sprintf("%d +0000", c.At.Unix())
	text := fmt.Sprintf("tree %s\nauthor %s <%s> %s\ncommitter %s <%s> %s\n\n%s",
		tree.SHA, c.AuthorName, c.AuthorEmail, when, c.CommitterName, c.CommitterEmail, when, c.Message)
	return []Object{object("commit", []byte(text)), tree}
}
