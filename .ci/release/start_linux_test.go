package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// insideVariable holds, in the process that stands for a container runtime, the file with its instructions.
const insideVariable = "RELEASE_TEST_CONTAINER"

func TestMain(m *testing.M) {
	if spec := os.Getenv(insideVariable); spec != "" {
		if err := inside(spec); err != nil {
			fmt.Println("FAILED", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// container is what the stand-in for a runtime is told.
type container struct {
	Root   string
	Config startup
}

// checkStart starts the image as a container runtime would: its files alone, read-only, by the user, the arguments and
// the variables of its configuration, in namespaces of its own, so that the port is the real one. No right of root is
// needed for that, but a kernel that lets everybody make namespaces.
func checkStart(t *testing.T, im image) {
	c, ok := im.configs[runtime.GOARCH]
	if !ok {
		t.Skip("no image for this processor")
	}
	root := filepath.Join(t.TempDir(), "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, f := range im.roots[runtime.GOARCH] {
		if err := os.WriteFile(filepath.Join(root, name), f.content, os.FileMode(f.header.Mode)); err != nil {
			t.Fatal(err)
		}
	}
	spec := filepath.Join(t.TempDir(), "spec.json")
	b, err := json.Marshal(container{root, c.Config})
	if err == nil {
		err = os.WriteFile(spec, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), insideVariable+"="+spec)
	cmd.SysProcAttr = namespaces(0, os.Getuid(), os.Getgid())
	cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWNS | syscall.CLONE_NEWNET
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Skipf("this kernel lets us make no namespaces: %v", err)
	case strings.Contains(string(out), "NOT ALLOWED"):
		t.Skipf("this kernel restricts what may be done in a namespace: %s", out)
	}
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "POSTED 202") {
		t.Errorf("the image did not start and answer: %v", err)
	}
	if strings.Count(string(out), "nothing will be kept after the end") != 1 || strings.Contains(string(out), "other commands will not find") {
		t.Error("want one line that says that nothing is kept, and none that the emulator is not found: wait finds it")
	}
}

// namespaces makes a user namespace in which one user stands for us.
func namespaces(id, uid, gid int) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: id, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: id, HostID: gid, Size: 1}},
		Credential:  &syscall.Credential{Uid: uint32(id), Gid: uint32(id), NoSetGroups: true},
		Pdeathsig:   syscall.SIGKILL,
	}
}

// inside is the runtime: it has its own mounts and an empty network, and what it prints is the test's.
func inside(spec string) error {
	runtime.LockOSThread() // a child's Pdeathsig follows its parent's thread
	b, err := os.ReadFile(spec)
	var c container
	if err := errors.Join(err, json.Unmarshal(b, &c)); err != nil {
		return err
	}
	if err := errors.Join(loopbackUp(), readOnly(c.Root)); err != nil {
		return fmt.Errorf("NOT ALLOWED: %w", err)
	}
	if err := os.WriteFile(filepath.Join(c.Root, "x"), nil, 0o600); !errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("the root file system is not read-only: %v", err)
	}
	server := contained(c, append(c.Config.Entrypoint, c.Config.Cmd...))
	server.Stderr = os.Stdout
	stdout, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	defer server.Process.Kill()
	if out, err := contained(c, c.Config.Healthcheck.Test[1:]).CombinedOutput(); err != nil {
		return fmt.Errorf("the health check: %w %s", err, out)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		fmt.Println(lines.Text())
		if strings.HasPrefix(lines.Text(), "curl ") {
			break
		}
	}
	// The curl that the emulator prints, as it stands; only the status is asked for beside it.
	post := exec.Command("sh", "-c", lines.Text()+` -w ' POSTED %{http_code}\n'`)
	if out, err := post.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	} else {
		fmt.Printf("%s", out)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
	return server.Wait()
}

// contained is a command in the image: in another user namespace, where we are the image's user and have no right.
func contained(c container, args []string) *exec.Cmd {
	var uid, gid int
	fmt.Sscanf(c.Config.User, "%d:%d", &uid, &gid)
	cmd := &exec.Cmd{Path: args[0], Args: args, Dir: c.Config.WorkingDir, Env: append([]string{"HOME=/"}, c.Config.Env...)}
	cmd.SysProcAttr = namespaces(uid, 0, 0)
	cmd.SysProcAttr.Credential.Gid = uint32(gid)
	cmd.SysProcAttr.GidMappings[0].ContainerID = gid
	cmd.SysProcAttr.Chroot = c.Root
	return cmd
}

// readOnly mounts a folder over itself so that nobody can write there.
func readOnly(dir string) error {
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mounts of our own: %w", err)
	}
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind mount: %w", err)
	}
	var at syscall.Statfs_t
	if err := syscall.Statfs(dir, &at); err != nil {
		return err
	}
	const kept = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOATIME | syscall.MS_NODIRATIME | syscall.MS_RELATIME
	flags := syscall.MS_REMOUNT | syscall.MS_BIND | syscall.MS_RDONLY | uintptr(at.Flags)&kept
	if err := syscall.Mount("none", dir, "", flags, ""); err != nil {
		return fmt.Errorf("read-only mount: %w", err)
	}
	return nil
}

// loopbackUp brings up the loopback interface of an empty network.
func loopbackUp() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	request := struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return fmt.Errorf("loopback interface: %w", errno)
	}
	return nil
}
