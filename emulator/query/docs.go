package query

import "slices"

// Docs are all fields, in the order of the grammar page.
func Docs() []FieldDoc { return slices.Clone(fieldDocs[:]) }

// wordFields are the fields in which a word without a field is looked for; the body first, as it holds most of them.
var wordFields = func() (f []Field) {
	for _, d := range fieldDocs {
		if d.Word {
			f = append(f, d.Field)
		}
	}
	return f
}()

// fieldDocs is a constant in all but name: nothing writes to it.
var fieldDocs = [...]FieldDoc{
	{Field: Service, Compare: Letter, Word: true,
		Doc: "the alias that was sent, and the service it matched"},
	{Field: Alias, Compare: Letter,
		Doc: "only what was sent as service"},
	{Field: Environment, Synonyms: []string{"env"}, Compare: Letter, Word: true,
		Doc: "the environment that was sent"},
	{Field: Result, Compare: Fold, Word: true, Values: []string{"ok", "no_service_found", "duplicate_deploy", "rejected"},
		Doc: "what became of the deploy"},
	{Field: HTTP, Compare: Number,
		Doc: "the status of the HTTP answer"},
	{Field: Status, Synonyms: []string{"deploy_status"}, Compare: Letter, Word: true,
		Doc: "the status of the deploy, as sent and as OpsLevel reads it"},
	{Field: Description, Compare: Letter, Word: true,
		Doc: "the description that was sent"},
	{Field: DeployNumber, Synonyms: []string{"deploy_number"}, Compare: Decimal, Word: true,
		Doc: "the deploy number, sent or given by OpsLevel"},
	{Field: Dedup, Synonyms: []string{"dedup_id"}, Compare: Letter, Word: true,
		Doc: "the deduplication id"},
	{Field: URL, Synonyms: []string{"deploy_url"}, Compare: Letter, Word: true,
		Doc: "the address of the deploy"},
	{Field: DeployedAt, Compare: Time,
		Doc: "when the sender says it deployed"},
	{Field: Deployer, Compare: Letter, Word: true,
		Doc: "who deployed: name, e-mail address or id"},
	{Field: DeployerID, Compare: Letter, Doc: "only the id"},
	{Field: DeployerEmail, Compare: Letter, Doc: "only the e-mail address"},
	{Field: DeployerName, Compare: Letter, Doc: "only the name"},
	{Field: User, Synonyms: []string{"associated_user"}, Compare: Letter,
		Doc: "the OpsLevel user with the deployer's address"},
	{Field: SHA, Synonyms: []string{"commit.sha"}, Compare: Letter, Word: true,
		Doc: "the commit"},
	{Field: Branch, Synonyms: []string{"commit.branch"}, Compare: Letter, Word: true,
		Doc: "its branch"},
	{Field: Message, Synonyms: []string{"commit.message"}, Compare: Letter, Word: true,
		Doc: "its message"},
	{Field: CommitDate, Compare: Time, Doc: "its date"},
	{Field: Author, Compare: Letter, Word: true,
		Doc: "its author: name or e-mail address"},
	{Field: AuthorName, Compare: Letter, Doc: "only the name"},
	{Field: AuthorEmail, Compare: Letter, Doc: "only the e-mail address"},
	{Field: AuthoringDate, Compare: Time, Doc: "when it was written"},
	{Field: Committer, Compare: Letter, Word: true,
		Doc: "its committer: name or e-mail address"},
	{Field: CommitterName, Compare: Letter, Doc: "only the name"},
	{Field: CommitterEmail, Compare: Letter, Doc: "only the e-mail address"},
	{Field: Finding, Compare: Fold, Word: true,
		Doc: "a finding: its id, its id before a dot, or its severity"},
	{Field: Drift, Compare: Fold, Values: []string{"any", "http", "result", "title", "detail", "content_type", "body"},
		Doc: "with --upstream: a field in which the real answer differs"},
	{Field: Why, Compare: Part, Word: true,
		Doc: "why OpsLevel answers so"},
	{Field: Title, Compare: Letter, Word: true,
		Doc: "the title of the error document"},
	{Field: Detail, Compare: Part, Word: true,
		Doc: "the detail of the error document"},
	{Field: Problem, Compare: Letter,
		Doc: "a field that is missing or wrong"},
	{Field: DuplicateOf, Compare: Number,
		Doc: "the seq of the deploy that this one repeats"},
	{Field: Fault, Compare: Fold,
		Doc: "a fault that was injected: its kind, its id, or any"},
	{Field: Template, Compare: Letter,
		Doc: "the service template that a webhook was fired for"},
	{Field: Seq, Compare: Number,
		Doc: "the place in the journal"},
	{Field: Kind, Compare: Fold, Values: []string{"deploy", "call", "change", "firing", "reset", "evicted"},
		Doc: "what kind of event it is"},
	{Field: Integration, Compare: Letter,
		Doc: "the uuid of the integration"},
	{Field: At, Synonyms: []string{"received_at"}, Compare: Time,
		Doc: "when it happened"},
	{Field: Newer, Compare: Age,
		Doc: "it happened at most so long ago, or since then"},
	{Field: Older, Compare: Age,
		Doc: "it happened longer ago, or before then"},
	{Field: Method, Compare: Fold,
		Doc: "the method of the request"},
	{Field: Path, Compare: Letter, Word: true,
		Doc: "its path, with the query string"},
	{Field: Header, Compare: Part,
		Doc: "any line of its header; header.NAME: the whole value of one"},
	{Field: Body, Compare: Part, Word: true,
		Doc: "its body, as it arrived"},
}
