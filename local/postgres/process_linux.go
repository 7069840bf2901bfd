package postgres

import "syscall"

// endWithParent makes the kernel tell the child to shut down when its parent dies, even by kill -9.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGINT }
