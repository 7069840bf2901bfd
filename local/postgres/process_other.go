//go:build !linux

package postgres

import "syscall"

// endWithParent does nothing where the kernel offers no such signal; the next start ends the orphan.
func endWithParent(*syscall.SysProcAttr) {}
