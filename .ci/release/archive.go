package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sumsFile holds a line for each file of the release, as `sha256sum -c` reads it.
const sumsFile = "SHA256SUMS"

// entry is a file in an archive.
type entry struct {
	name    string
	mode    int64
	content []byte
}

// write writes the binaries, an archive of each, the image where there is one for Linux, and the checksums.
func (r release) write(built []binary) error {
	files := map[string][]byte{}
	var linux []binary
	for _, b := range built {
		entries := []entry{{b.program(), 0o755, b.content}}
		for _, text := range []string{"LICENSE", "README.md"} {
			content, err := os.ReadFile(filepath.Join(r.source, text))
			if err != nil {
				return err
			}
			entries = append(entries, entry{text, 0o644, content})
		}
		pack, suffix := tarGz, ".tar.gz"
		if b.os == "windows" {
			pack, suffix = zipped, ".zip"
		}
		archive, err := pack(b.stem(), entries, b.at)
		if err != nil {
			return err
		}
		files[b.stem()+suffix] = archive
		files[b.stem()+filepath.Ext(b.program())] = b.content
		if b.os == "linux" {
			linux = append(linux, b)
		}
	}
	if len(linux) > 0 {
		image, err := ociArchive(linux)
		if err != nil {
			return err
		}
		files[name+"-"+built[0].version+"-oci.tar"] = image
	}
	return writeAll(r.out, files)
}

// writeAll writes files and their checksums, by name.
func writeAll(dir string, files map[string][]byte) error {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var sums strings.Builder
	for _, name := range names {
		mode := os.FileMode(0o644)
		if ext := filepath.Ext(name); ext != ".gz" && ext != ".zip" && ext != ".tar" {
			mode = 0o755
		}
		if err := os.WriteFile(filepath.Join(dir, name), files[name], mode); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return os.WriteFile(filepath.Join(dir, sumsFile), []byte(sums.String()), 0o644)
}

// tarGz packs entries into one folder. Owner and time are fixed: they say nothing of the machine that built them.
func tarGz(folder string, entries []entry, at time.Time) ([]byte, error) {
	for i := range entries {
		entries[i].name = folder + "/" + entries[i].name
	}
	content, err := tarOf(entries, at)
	if err != nil {
		return nil, err
	}
	return gzipped(content)
}

func tarOf(entries []entry, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: e.name, Mode: e.mode, Size: int64(len(e.content)), ModTime: at.UTC(), Format: tar.FormatUSTAR}
		if strings.HasSuffix(e.name, "/") {
			header.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(e.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

func gzipped(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

func zipped(folder string, entries []entry, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestCompression) })
	for _, e := range entries {
		header := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: at.UTC()}
		header.SetMode(os.FileMode(e.mode))
		f, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(e.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
