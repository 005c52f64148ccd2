package finding

import "strings"

// unreadBody says whether a body finding explains why nothing could be read.
func unreadBody(c *Case) bool {
	w := &c.Wire
	return w.Body == Empty || w.InvalidUTF8 || w.Ignored != "" || w.LooksLikeJSON && (w.Body == Form || w.Body == Other) || w.Body == JSON && c.Params == nil
}

// body are the findings about how the body was sent.
func body(c *Case, f []Finding) []Finding {
	w := &c.Wire
	switch {
	case w.InvalidUTF8:
		return notUTF8(f)
	case w.Ignored != "":
		return brokenMultipart(c, f)
	case w.Body == Form && w.LooksLikeJSON:
		return formEncodedJSON(c, f)
	case w.Body == Other && w.LooksLikeJSON:
		return textPlainJSON(c, f)
	case len(c.Problems) == 0:
		return f
	case w.Body == Empty:
		return emptyPost(c, f)
	case w.Body == JSON && c.Params == nil && c.Problems[0].Status == 400:
		return brokenJSON(c, f)
	}
	return f
}

func notUTF8(f []Finding) []Finding {
	return append(f, Finding{
		ID: "body.not_utf8", Severity: Warning,
		Evidence:    "The body holds bytes that are not UTF-8.",
		Explanation: "Rails refuses such a body with 400; it is usually a name or a commit message in Latin-1 or Windows-1252.",
		Cure:        "Make the sender write UTF-8, for example with iconv -t UTF-8 or LANG=C.UTF-8.",
	})
}

func formEncodedJSON(c *Case, f []Finding) []Finding {
	cure := "Send the header Content-Type: application/json."
	if c.Wire.client() == curlClient {
		cure = "Add -H 'Content-Type: application/json' to curl, or use its --json."
	}
	return append(f, Finding{
		ID: "body.form_encoded_json", Severity: Warning, Field: "Content-Type",
		Evidence:    "The body is JSON text, sent with " + contentType(c) + ".",
		Explanation: "OpsLevel goes by the content type, reads the whole text as the name of one form field and misses service; curl -d sends this type by itself.",
		Cure:        cure,
	})
}

func textPlainJSON(c *Case, f []Finding) []Finding {
	return append(f, Finding{
		ID: "body.text_plain_json", Severity: Warning, Field: "Content-Type",
		Evidence:    "The body is JSON text, sent with " + contentType(c) + ".",
		Explanation: "OpsLevel reads a body as JSON only when the content type says so, and sees no field at all here; JavaScript's fetch sends text/plain by itself.",
		Cure:        "Send the header Content-Type: application/json.",
	})
}

func contentType(c *Case) string {
	if c.Wire.ContentType == "" {
		return "no content type"
	}
	return "the content type " + quote(c.Wire.ContentType)
}

// emptyPost is a POST without a body: what curl -L -X POST sends after a redirect.
func emptyPost(c *Case, f []Finding) []Finding {
	x := Finding{
		ID: "wire.redirect", Severity: Warning,
		Evidence:    "A POST without a body reached the integration URL.",
		Explanation: "Clients that follow a redirect with the method forced (curl -L -X POST) repeat the POST without its body; an unset variable does the same.",
		Cure:        "Put the address that the redirect leads to (https://, not http://) into the integration URL, and check that the body is not empty.",
	}
	if c.Wire.ContentType != "" || c.Wire.Referer != "" {
		x.Evidence = "A POST with the headers of a body, but without one, reached the integration URL."
	}
	return append(f, x)
}

func brokenMultipart(c *Case, f []Finding) []Finding {
	return append(f, Finding{
		ID: "body.broken_multipart", Severity: Warning,
		Evidence:    "OpsLevel goes on as if there were no body: " + c.Wire.Ignored + ".",
		Explanation: "Rails reads nothing of such a body, says nothing of it, and goes on with what stands in the URL: the fields are missing although they were sent.",
		Cure:        "Let the HTTP library write the body and its Content-Type together (curl -F sets both), or send JSON with Content-Type: application/json.",
	})
}

func brokenJSON(c *Case, f []Finding) []Finding {
	return append(f, Finding{
		ID: "body.broken_json", Severity: Warning,
		Evidence:    "The body " + jsonFault(c.Wire.BodyPrefix) + ".",
		Explanation: "OpsLevel cannot read the body and keeps nothing; the usual cause is a value pasted between quotes that itself holds a quote, a backslash or a line break.",
		Cure:        "Build the body with a JSON writer, for example jq -n --arg description \"$MESSAGE\" '{description: $description}'.",
	})
}

// jsonFault says what the start of a body gives away.
func jsonFault(prefix string) string {
	switch trimmed := strings.TrimLeft(prefix, " \t\r\n"); {
	case strings.HasPrefix(trimmed, "\ufeff"):
		return "starts with a byte order mark, which JSON does not allow"
	case strings.HasPrefix(trimmed, "{'"), strings.HasPrefix(trimmed, "'"):
		return "is written with single quotes, which JSON does not know"
	case strings.HasPrefix(trimmed, "@"):
		return "is the name of a file, not what stands in it (curl reads a file for -d @NAME, not for --data-raw)"
	case strings.HasPrefix(trimmed, `{\"`), strings.HasPrefix(trimmed, `"{`):
		return "has its quotes escaped, as if it had been made JSON twice"
	case strings.HasPrefix(trimmed, "---"), strings.HasPrefix(trimmed, "service:"):
		return "is YAML, not JSON"
	case strings.HasPrefix(trimmed, "<"):
		return "is XML or HTML, not JSON"
	}
	return "is not well-formed JSON"
}
