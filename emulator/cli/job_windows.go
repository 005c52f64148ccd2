package cli

import (
	"syscall"
	"unsafe"
)

// job is a job object of Windows; 0 where none could be made, and then it is empty.
type job syscall.Handle

// Of the Windows API: the rights that a process must give to be put into a job, and the question for a job's numbers.
const (
	processTerminate   = 0x1
	processSetQuota    = 0x100
	jobBasicAccounting = 1
)

// jobNumbers is JOBOBJECT_BASIC_ACCOUNTING_INFORMATION.
type jobNumbers struct {
	userTime, kernelTime, periodUserTime, periodKernelTime      int64
	pageFaults, totalProcesses, activeProcesses, endedProcesses uint32
}

func kernel(name string) *syscall.LazyProc { return syscall.NewLazyDLL("kernel32.dll").NewProc(name) }

// newJob makes a job of one process. A process that has ended already is in none.
func newJob(pid int) job {
	process, err := syscall.OpenProcess(processTerminate|processSetQuota, false, uint32(pid))
	if err != nil {
		return 0
	}
	defer syscall.CloseHandle(process)
	made, _, _ := kernel("CreateJobObjectW").Call(0, 0)
	j := job(made)
	if j == 0 {
		return 0
	}
	if ok, _, _ := kernel("AssignProcessToJobObject").Call(uintptr(j), uintptr(process)); ok == 0 {
		j.close()
		return 0
	}
	return j
}

// active is how many processes of the job run.
func (j job) active() int {
	var n jobNumbers
	if j == 0 {
		return 0
	}
	ok, _, _ := kernel("QueryInformationJobObject").Call(uintptr(j), jobBasicAccounting, uintptr(unsafe.Pointer(&n)), unsafe.Sizeof(n), 0)
	if ok == 0 {
		return 0
	}
	return int(n.activeProcesses)
}

func (j job) kill() {
	if j != 0 {
		_, _, _ = kernel("TerminateJobObject").Call(uintptr(j), 1) // gone is what was wanted
	}
}

func (j job) close() {
	if j != 0 {
		_ = syscall.CloseHandle(syscall.Handle(j))
	}
}
