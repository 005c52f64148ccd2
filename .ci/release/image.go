package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Media types of the OCI image specification 1.0.
const (
	mediaIndex    = "application/vnd.oci.image.index.v1+json"
	mediaManifest = "application/vnd.oci.image.manifest.v1+json"
	mediaConfig   = "application/vnd.oci.image.config.v1+json"
	mediaLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// How the image starts.
const (
	// imageUser is "nonroot" of the images without a distribution; a number, so that Kubernetes can see it is not root.
	imageUser = "65532:65532"
	imagePort = "6775/tcp"
	// imageListen reaches beyond the container. A variable, not an argument: `bubblelevel wait`, the health check, and
	// every other command run in the container read it as well.
	imageListen = "BUBBLELEVEL_LISTEN=0.0.0.0:6775"
)

type platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
}

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Platform    *platform         `json:"platform,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

type index struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	Manifests     []descriptor      `json:"manifests"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

type manifest struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	Config        descriptor        `json:"config"`
	Layers        []descriptor      `json:"layers"`
	Annotations   map[string]string `json:"annotations"`
}

type imageConfig struct {
	platform
	Created time.Time      `json:"created"`
	Config  startup        `json:"config"`
	RootFS  rootFS         `json:"rootfs"`
	History []historyEntry `json:"history"`
}

type startup struct {
	User         string              `json:"User"`
	ExposedPorts map[string]struct{} `json:"ExposedPorts"`
	Env          []string            `json:"Env"`
	Entrypoint   []string            `json:"Entrypoint"`
	Cmd          []string            `json:"Cmd"`
	WorkingDir   string              `json:"WorkingDir"`
	Labels       map[string]string   `json:"Labels"`
	StopSignal   string              `json:"StopSignal"`
	// Healthcheck is Docker's; the specification lets others pass it over.
	Healthcheck healthcheck `json:"Healthcheck"`
}

// healthcheck has its times in nanoseconds.
type healthcheck struct {
	Test        []string      `json:"Test"`
	Interval    time.Duration `json:"Interval"`
	Timeout     time.Duration `json:"Timeout"`
	StartPeriod time.Duration `json:"StartPeriod"`
	Retries     int           `json:"Retries"`
}

type rootFS struct {
	Type    string   `json:"type"`
	DiffIDs []string `json:"diff_ids"`
}

type historyEntry struct {
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by"`
}

// dockerImage is an entry of manifest.json, which the older image store of Docker reads. It holds one platform each.
type dockerImage struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// layout collects the blobs of an image layout.
type layout struct{ blobs map[string][]byte }

// add keeps a blob and returns where it is.
func (l *layout) add(mediaType string, content []byte) descriptor {
	digest := fmt.Sprintf("%x", sha256.Sum256(content))
	l.blobs["blobs/sha256/"+digest] = content
	return descriptor{MediaType: mediaType, Digest: "sha256:" + digest, Size: len(content)}
}

func (l *layout) addJSON(mediaType string, v any) (descriptor, error) {
	content, err := json.Marshal(v)
	return l.add(mediaType, content), err
}

func (d descriptor) path() string { return "blobs/" + strings.Replace(d.Digest, ":", "/", 1) }

// ociArchive is an image layout in a tar file: one index, with an image for each binary that holds this binary alone.
func ociArchive(linux []binary) ([]byte, error) {
	l := &layout{blobs: map[string][]byte{}}
	tag := strings.ReplaceAll(linux[0].version, "+", "-") // a tag has no "+"
	all := index{SchemaVersion: 2, MediaType: mediaIndex, Annotations: labels(linux[0])}
	var docker []dockerImage
	for _, b := range linux {
		m, d, err := l.image(b)
		if err != nil {
			return nil, err
		}
		d.RepoTags = []string{name + ":" + tag + "-" + b.arch}
		all.Manifests, docker = append(all.Manifests, m), append(docker, d)
	}
	whole, err := l.addJSON(mediaIndex, all)
	if err != nil {
		return nil, err
	}
	whole.Annotations = map[string]string{
		"org.opencontainers.image.ref.name": tag,
		"io.containerd.image.name":          "docker.io/library/" + name + ":" + tag,
	}
	top := map[string]any{
		"oci-layout":    map[string]string{"imageLayoutVersion": "1.0.0"},
		"index.json":    index{SchemaVersion: 2, MediaType: mediaIndex, Manifests: []descriptor{whole}},
		"manifest.json": docker,
	}
	for file, v := range top {
		if l.blobs[file], err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	return l.tar(linux[0].at)
}

// image adds the image of one binary: layer, configuration, manifest.
func (l *layout) image(b binary) (descriptor, dockerImage, error) {
	files, err := tarOf([]entry{{name, 0o755, b.content}}, b.at)
	if err != nil {
		return descriptor{}, dockerImage{}, err
	}
	packed, err := gzipped(files)
	if err != nil {
		return descriptor{}, dockerImage{}, err
	}
	layer := l.add(mediaLayer, packed)
	p := platform{Architecture: b.arch, OS: b.os}
	config, err := l.addJSON(mediaConfig, imageConfig{
		platform: p, Created: b.at.UTC(), Config: start(b),
		RootFS:  rootFS{Type: "layers", DiffIDs: []string{fmt.Sprintf("sha256:%x", sha256.Sum256(files))}},
		History: []historyEntry{{Created: b.at.UTC(), CreatedBy: "go run ./.ci/release"}},
	})
	if err != nil {
		return descriptor{}, dockerImage{}, err
	}
	m, err := l.addJSON(mediaManifest, manifest{
		SchemaVersion: 2, MediaType: mediaManifest, Config: config, Layers: []descriptor{layer}, Annotations: labels(b),
	})
	m.Platform = &p
	return m, dockerImage{Config: config.path(), Layers: []string{layer.path()}}, err
}

// start is how a container of the image starts.
func start(b binary) startup {
	return startup{
		User: imageUser, ExposedPorts: map[string]struct{}{imagePort: {}}, Env: []string{imageListen},
		Entrypoint: []string{"/" + name}, Cmd: []string{"serve"}, WorkingDir: "/", Labels: labels(b), StopSignal: "SIGTERM",
		Healthcheck: healthcheck{
			Test:     []string{"CMD", "/" + name, "wait", "--timeout", "3s"},
			Interval: 5 * time.Second, Timeout: 5 * time.Second, StartPeriod: 10 * time.Second, Retries: 3,
		},
	}
}

// labels say what an image is, in the words that OCI gives for it.
func labels(b binary) map[string]string {
	const prefix = "org.opencontainers.image."
	return map[string]string{
		prefix + "title":       name,
		prefix + "description": "A faithful local OpsLevel for deploy webhooks, that tells what OpsLevel does not",
		prefix + "source":      "https://github.com/bubblelevel/bubblelevel",
		prefix + "licenses":    "MIT",
		prefix + "version":     b.version,
		prefix + "revision":    b.commit,
		prefix + "created":     b.at.UTC().Format(time.RFC3339),
	}
}

// tar packs the layout, sorted by name.
func (l *layout) tar(at time.Time) ([]byte, error) {
	entries := []entry{{"blobs/", 0o755, nil}, {"blobs/sha256/", 0o755, nil}}
	for name, content := range l.blobs {
		entries = append(entries, entry{name, 0o644, content})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return tarOf(entries, at)
}
