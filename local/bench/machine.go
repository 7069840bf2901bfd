package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"miglobe/local/postgres"
)

// thisMachine describes what the figures depend on. What cannot be found out is left out.
func thisMachine(ctx context.Context) string {
	about := []string{fmt.Sprintf("%d cores", runtime.NumCPU())}
	if model := field("/proc/cpuinfo", "model name"); model != "" {
		about[0] += " (" + model + ")"
	}
	if memory, err := strconv.ParseInt(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		about = append(about, fmt.Sprintf("%d GB of memory", (memory+1<<19)>>20))
	}
	about = append(about, runtime.GOOS+"/"+runtime.GOARCH)
	if binaries, err := postgres.FindBinaries(); err == nil {
		if version, err := exec.CommandContext(ctx, binaries+"/postgres", "--version").Output(); err == nil {
			about = append(about, "PostgreSQL "+lastWord(strings.TrimSpace(strings.SplitN(string(version), " (Debian", 2)[0])))
		}
	}
	return strings.Join(append(about, "Go "+strings.TrimPrefix(runtime.Version(), "go")), ", ")
}

// field is the first value of a name in a file of lines "name: value".
func field(path, name string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func lastWord(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
