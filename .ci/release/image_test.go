package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// image is what a runtime reads out of the layout, by architecture.
type image struct {
	configs map[string]imageConfig
	roots   map[string]map[string]packed
	files   map[string]packed
	// programs are the binaries beside the image.
	programs map[string][]byte
}

// openImage follows the layout as a runtime does, and checks each digest, size and type on the way.
func openImage(t *testing.T, dist string) image {
	t.Helper()
	im := image{map[string]imageConfig{}, map[string]map[string]packed{}, untar(t, content(t, dist, ociFile(t, dist))), map[string][]byte{}}
	var top, all index
	unmarshal(t, im.files["index.json"].content, &top)
	if len(top.Manifests) != 1 {
		t.Fatalf("index.json lists %d, want the one index of all platforms", len(top.Manifests))
	}
	unmarshal(t, im.blob(t, top.Manifests[0], mediaIndex), &all)
	for _, d := range all.Manifests {
		var m manifest
		var c imageConfig
		unmarshal(t, im.blob(t, d, mediaManifest), &m)
		unmarshal(t, im.blob(t, m.Config, mediaConfig), &c)
		if d.Platform == nil || *d.Platform != c.platform || len(m.Layers) != 1 {
			t.Fatalf("platform %v in the index, %v in the image, %d layers", d.Platform, c.platform, len(m.Layers))
		}
		layer := gunzip(t, im.blob(t, m.Layers[0], mediaLayer))
		if want := []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}; !slices.Equal(c.RootFS.DiffIDs, want) {
			t.Errorf("diff_ids %v, want %v", c.RootFS.DiffIDs, want)
		}
		im.configs[c.Architecture], im.roots[c.Architecture] = c, untar(t, layer)
		im.programs[c.Architecture] = content(t, dist, named(t, dist, "-linux-"+c.Architecture))
	}
	return im
}

func (im image) blob(t *testing.T, d descriptor, mediaType string) []byte {
	t.Helper()
	b := im.files[d.path()].content
	if got := fmt.Sprintf("sha256:%x", sha256.Sum256(b)); got != d.Digest || len(b) != d.Size || d.MediaType != mediaType {
		t.Errorf("blob %s of %d bytes, %s; described as %+v", got, len(b), mediaType, d)
	}
	return b
}

func unmarshal(t *testing.T, b []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
}

func checkImage(t *testing.T, im image) {
	var version struct{ ImageLayoutVersion string }
	if unmarshal(t, im.files["oci-layout"].content, &version); version.ImageLayoutVersion != "1.0.0" {
		t.Errorf("layout version %q", version.ImageLayoutVersion)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		root, c := im.roots[arch], im.configs[arch]
		if names := sortedNames(root); !slices.Equal(names, []string{"bubblelevel"}) {
			t.Fatalf("the image for %s holds %v, want the binary alone", arch, names)
		}
		program := root["bubblelevel"]
		if !bytes.Equal(program.content, im.programs[arch]) || program.header.Mode != 0o755 {
			t.Errorf("the program for %s is not the one of the release, or cannot be run: %o", arch, program.header.Mode)
		}
		if !program.header.ModTime.Equal(c.Created) || c.Created.IsZero() {
			t.Errorf("the image for %s was made at %s, its program at %s; want the commit's time", arch, c.Created, program.header.ModTime)
		}
		if c.Config.User != "65532:65532" || !slices.Equal(c.Config.Entrypoint, []string{"/bubblelevel"}) || !slices.Equal(c.Config.Cmd, []string{"serve"}) {
			t.Errorf("the image for %s starts as %+v", arch, c.Config)
		}
		if _, ok := c.Config.ExposedPorts["6775/tcp"]; !ok || c.Config.Labels["org.opencontainers.image.revision"] == "" {
			t.Errorf("ports and labels of the image for %s: %+v", arch, c.Config)
		}
	}
	var docker []dockerImage
	unmarshal(t, im.files["manifest.json"].content, &docker)
	if len(docker) != 2 {
		t.Errorf("manifest.json: %+v", docker)
	}
	for _, d := range docker {
		var c imageConfig
		unmarshal(t, im.files[d.Config].content, &c)
		if len(d.RepoTags) != 1 || len(d.Layers) != 1 || len(im.files[d.Layers[0]].content) == 0 || !bytes.HasSuffix([]byte(d.RepoTags[0]), []byte("-"+c.Architecture)) {
			t.Errorf("manifest.json: %+v for %s", d, c.Architecture)
		}
	}
}
