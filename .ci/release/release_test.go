package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestRelease builds the commit that is checked out for three systems, and looks at what came of it. What has not been
// committed is not in it.
func TestRelease(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binaries of a release")
	}
	dist := buildAnew(t, "linux/amd64,linux/arm64,windows/amd64")
	t.Run("checksums", func(t *testing.T) { checkSums(t, dist) })
	t.Run("archives", func(t *testing.T) { checkArchives(t, dist) })
	t.Run("version", func(t *testing.T) { checkVersion(t, dist) })
	t.Run("image", func(t *testing.T) { checkImage(t, openImage(t, dist)) })
	t.Run("start", func(t *testing.T) { checkStart(t, openImage(t, dist)) })
	t.Run("reproducible", func(t *testing.T) {
		t.Setenv("TZ", "Pacific/Auckland")
		t.Setenv("GOFLAGS", "-buildvcs=false -tags=netgo")
		t.Setenv("GOAMD64", "v3")
		again := buildAnew(t, "linux/arm64,windows/amd64,linux/amd64")
		for _, file := range namesIn(t, dist) {
			if !bytes.Equal(content(t, dist, file), content(t, again, file)) {
				t.Errorf("%s of two builds of one commit differ", file)
			}
		}
	})
}

// buildAnew clones the repository into a folder of its own, builds there, and returns where the files are.
func buildAnew(t *testing.T, targets string) (dist string) {
	t.Helper()
	dir := t.TempDir()
	clone, dist := filepath.Join(dir, "clone"), filepath.Join(dir, "dist")
	if out, err := exec.Command("git", "clone", "-q", filepath.Join("..", ".."), clone).CombinedOutput(); err != nil {
		t.Fatalf("git clone: %v\n%s", err, out)
	}
	var log bytes.Buffer
	if err := run(context.Background(), []string{"-from", clone, "-out", dist, "-targets", targets}, &log); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	t.Logf("%s", &log)
	return dist
}

func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func content(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// named is the one file of a release whose name ends so.
func named(t *testing.T, dist, suffix string) string {
	t.Helper()
	for _, name := range namesIn(t, dist) {
		if strings.HasSuffix(name, suffix) {
			return name
		}
	}
	t.Fatalf("no file *%s in %v", suffix, namesIn(t, dist))
	return ""
}

func ociFile(t *testing.T, dist string) string { t.Helper(); return named(t, dist, "-oci.tar") }

func checkSums(t *testing.T, dist string) {
	var listed []string
	for line := range strings.Lines(string(content(t, dist, sumsFile))) {
		sum, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		listed = append(listed, file)
		if got := fmt.Sprintf("%x", sha256.Sum256(content(t, dist, file))); got != sum {
			t.Errorf("%s has the sum %s, not %s", file, got, sum)
		}
	}
	all := slices.DeleteFunc(namesIn(t, dist), func(name string) bool { return name == sumsFile })
	if !slices.Equal(listed, all) || len(all) != 7 {
		t.Errorf("sums of\n%v\nfor the files\n%v\nwant the same 7", listed, all)
	}
}

func checkArchives(t *testing.T, dist string) {
	packed := untar(t, gunzip(t, content(t, dist, named(t, dist, "-linux-amd64.tar.gz"))))
	folder := strings.TrimSuffix(named(t, dist, "-linux-amd64.tar.gz"), ".tar.gz")
	want := []string{folder + "/LICENSE", folder + "/README.md", folder + "/bubblelevel"}
	if got := sortedNames(packed); !slices.Equal(got, want) {
		t.Errorf("the archive for Linux holds %v, want %v", got, want)
	}
	program := packed[folder+"/bubblelevel"]
	if program.header.Mode != 0o755 || program.header.Uid != 0 || program.header.Uname != "" {
		t.Errorf("the program in the archive is %+v", program.header)
	}
	if !bytes.Equal(program.content, content(t, dist, folder)) {
		t.Error("the program in the archive is not the one beside it")
	}
	if b, _ := os.ReadFile("../../LICENSE"); !bytes.Equal(packed[folder+"/LICENSE"].content, b) {
		t.Error("the licence in the archive is not the repository's")
	}
	file := content(t, dist, named(t, dist, "-windows-amd64.zip"))
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name[strings.Index(f.Name, "/")+1:])
	}
	if slices.Sort(got); !slices.Equal(got, []string{"LICENSE", "README.md", "bubblelevel.exe"}) {
		t.Errorf("the archive for Windows holds %v", got)
	}
}

// checkVersion asks the binary of this machine, where it is among those built.
func checkVersion(t *testing.T, dist string) {
	program := "-" + runtime.GOOS + "-" + runtime.GOARCH
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if runtime.GOOS == "darwin" {
		t.Skip("not built for this system here")
	}
	out, err := exec.Command(filepath.Join(dist, named(t, dist, program)), "version", "--output", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Version, Commit, Go string
		CommitDate          string `json:"commit_date"`
		Modified            *bool
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	head, err := exec.Command("git", "log", "-1", "--format=%H").Output()
	if err != nil {
		t.Fatal(err)
	}
	if said.Commit != strings.TrimSpace(string(head)) || said.Modified == nil || *said.Modified {
		t.Errorf("version says %s; the commit is %s, with nothing modified", out, head)
	}
	if said.CommitDate == "" || said.Go == "" || said.Version == "dev" || said.Version == "" {
		t.Errorf("version says %s: no date, no Go version or no version", out)
	}
}

// TestRefusesWhatIsNoRelease: files that differ from the commit, and a folder that holds something else.
func TestRefusesWhatIsNoRelease(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{"go.mod": "module example.test/x\n\ngo 1.25.0\n", "main.go": "package main\n\nfunc main() {}\n", "README.md": "x", "LICENSE": "x"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	own := runtime.GOOS + "/" + runtime.GOARCH
	out := filepath.Join(t.TempDir(), "dist")
	attempt := func(more ...string) error {
		return run(context.Background(), append([]string{"-from", dir, "-out", out, "-targets", own}, more...), io.Discard)
	}
	if err := attempt(); err == nil || !strings.Contains(err.Error(), "git") {
		t.Errorf("outside a checkout: %v", err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=x", "-c", "user.email=x@example.test", "commit", "-qm", "x"}} {
		if b, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, b)
		}
	}
	if err := attempt(); err != nil {
		t.Errorf("as committed: %v", err)
	}
	large := release{source: dir, out: out, targets: []target{{runtime.GOOS, runtime.GOARCH}}, limit: 1 << 10}
	if err := large.build(context.Background(), io.Discard); err == nil || !strings.Contains(err.Error(), "more than 1024") {
		t.Errorf("a binary over the limit: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() { println() }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := attempt(); err == nil || !strings.Contains(err.Error(), "-modified") {
		t.Errorf("with a modified file: %v", err)
	}
	if err := attempt("-modified"); err != nil || !strings.Contains(strings.Join(namesIn(t, out), " "), "+dirty") {
		t.Errorf("with -modified: %v, files %v", err, namesIn(t, out))
	}
	if err := os.WriteFile(filepath.Join(out, "thesis.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := attempt("-modified"); err == nil || !strings.Contains(err.Error(), "thesis.txt") {
		t.Errorf("into a folder with something else: %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "thesis.txt")); err != nil {
		t.Errorf("the file of somebody else is gone: %v", err)
	}
	for _, wrong := range [][]string{{"-targets", "linux"}, {"word"}} {
		if err := run(context.Background(), wrong, io.Discard); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

// packed is a file of an archive.
type packed struct {
	header  *tar.Header
	content []byte
}

func untar(t *testing.T, b []byte) map[string]packed {
	t.Helper()
	files := map[string]packed{}
	for r := tar.NewReader(bytes.NewReader(b)); ; {
		header, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := files[header.Name]; twice || !fs.ValidPath(strings.TrimSuffix(header.Name, "/")) {
			t.Errorf("the entry %q is twice in an archive, or leads out of it", header.Name)
		}
		files[header.Name] = packed{header, content}
	}
}

func sortedNames(files map[string]packed) (names []string) {
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func gunzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !r.ModTime.IsZero() || r.Name != "" {
		t.Errorf("the compressed file names %q of %s", r.Name, r.ModTime)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
