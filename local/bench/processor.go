package bench

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is what /proc counts processor time in.
const tick = 10 * time.Millisecond

// processor is the processor time that this process, in which the engine and the product run, and PostgreSQL have used so
// far. Where it cannot be told it does not grow.
func (s *surroundings) processor() time.Duration {
	var own syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &own) != nil {
		return 0
	}
	used := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	postmaster := strings.Fields(firstLine(filepath.Join(s.folder, "postgres", "data", "postmaster.pid")))
	if len(postmaster) == 0 {
		return used
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		// After the name in parentheses: state, parent, …, and as 12th to 15th user and system time, own and of children.
		_, after, _ := strings.Cut(firstLine(path), ") ")
		fields := strings.Fields(after)
		pid := filepath.Base(filepath.Dir(path))
		if len(fields) < 15 || pid != postmaster[0] && fields[1] != postmaster[0] {
			continue
		}
		counted := fields[11:13]
		if pid == postmaster[0] {
			counted = fields[11:15] // and those of its children that have ended
		}
		for _, field := range counted {
			ticks, _ := strconv.Atoi(field)
			used += time.Duration(ticks) * tick
		}
	}
	return used
}

func firstLine(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(content), "\n")
	return line
}

// forcedWrite is how long a transaction of one row takes, most of which is waiting for the disk.
func forcedWrite(ctx context.Context, db *sql.DB) (time.Duration, error) {
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS bench_writes (n integer)`); err != nil {
		return 0, fmt.Errorf("forced write: %w", err)
	}
	var writes timing
	for n := range 300 {
		if err := writes.time(func() error {
			_, err := db.ExecContext(ctx, `INSERT INTO bench_writes VALUES ($1)`, n)
			return err
		}); err != nil {
			return 0, fmt.Errorf("forced write: %w", err)
		}
	}
	return writes.p50(), nil
}
