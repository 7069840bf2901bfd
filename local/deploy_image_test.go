package local

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type buildStage struct {
	name, user string
	copiesFrom []string
}

func readStages(t *testing.T, dockerfile string) []buildStage {
	t.Helper()
	content, err := os.ReadFile(dockerfile)
	if err != nil {
		t.Fatal(err)
	}
	from := regexp.MustCompile(`^FROM (\S*\d\S*)(?: AS (\S+))?$`)
	var stages []buildStage
	for _, line := range strings.Split(string(content), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if words[0] == "FROM" {
			found := from.FindStringSubmatch(line)
			if found == nil {
				t.Fatalf("cannot read %q, or its image is not pinned", line)
			}
			stages = append(stages, buildStage{name: found[2]})
			continue
		}
		if len(stages) == 0 {
			continue
		}
		stage := &stages[len(stages)-1]
		switch words[0] {
		case "USER":
			stage.user = words[1]
		case "COPY":
			if source, isStage := strings.CutPrefix(words[1], "--from="); isStage {
				stage.copiesFrom = append(stage.copiesFrom, source)
			}
		}
	}
	return stages
}

func TestDockerfileStages(t *testing.T) {
	stages := readStages(t, "../Dockerfile")
	if len(stages) < 2 {
		t.Fatalf("%d stages, want the tools of the build to stay out of the image", len(stages))
	}
	var earlier []string
	for _, stage := range stages {
		for _, source := range stage.copiesFrom {
			if !slices.Contains(earlier, source) {
				t.Errorf("copies from %s, which is no earlier stage", source)
			}
		}
		earlier = append(earlier, stage.name)
	}
	if len(stages[len(stages)-1].copiesFrom) == 0 {
		t.Error("the image contains nothing of the build")
	}
}

func TestImagesRunAsAnOrdinaryUser(t *testing.T) {
	for _, dockerfile := range []string{"../Dockerfile", "../deploy/proxy/Dockerfile"} {
		stages := readStages(t, dockerfile)
		if last := stages[len(stages)-1]; !isOrdinary(last.user) {
			t.Errorf("the image of %s runs as user %q", dockerfile, last.user)
		}
	}
}

// isOrdinary tells whether a user, as a Dockerfile or a service names it, is known not to be root.
func isOrdinary(user string) bool {
	return user != "" && user != "root" && !regexp.MustCompile(`^0+(:|$)`).MatchString(user)
}

// TestDockerBuildSeesThePackages checks that every package the program is built from passes .dockerignore, which
// names what may pass.
func TestDockerBuildSeesThePackages(t *testing.T) {
	content, err := os.ReadFile("../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range folders {
		folder := filepath.Base(filepath.Dir(source))
		if folder != "local" && !slices.Contains(strings.Fields(string(content)), "!"+folder) {
			t.Errorf(".dockerignore keeps %s out of the build", folder)
		}
	}
}
