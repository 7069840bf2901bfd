// Package local checks what describes the installation beside the local run: docker-compose.yml and Dockerfile
// can be read, fit together and fit the program.
package local

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
}

type composeService struct {
	Image       string                     `yaml:"image"`
	Build       string                     `yaml:"build"`
	Command     []string                   `yaml:"command"`
	Environment map[string]string          `yaml:"environment"`
	Ports       []string                   `yaml:"ports"`
	Volumes     []string                   `yaml:"volumes"`
	DependsOn   map[string]composeRelation `yaml:"depends_on"`
	Healthcheck *struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
}

type composeRelation struct {
	Condition string `yaml:"condition"`
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	file, err := os.Open("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var compose composeFile
	if err := yaml.NewDecoder(file).Decode(&compose); err != nil {
		t.Fatal(err)
	}
	return compose
}

func TestComposeHasAllServices(t *testing.T) {
	compose := readCompose(t)
	for _, name := range []string{"postgres", "temporal", "temporal-ui", "mails", "migrate", "server", "worker"} {
		if _, found := compose.Services[name]; !found {
			t.Errorf("service %s is missing", name)
		}
	}
	for name, command := range map[string]string{"migrate": "migrate", "server": "serve", "worker": "worker"} {
		service := compose.Services[name]
		if !slices.Equal(service.Command, []string{command}) || service.Build != "." {
			t.Errorf("service %s builds %q and runs %v, want our image with %s", name, service.Build, service.Command, command)
		}
	}
	for name, service := range compose.Services {
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if _, found := compose.Volumes[source]; !found {
				t.Errorf("service %s uses volume %s, which is not declared", name, source)
			}
		}
	}
}

func TestComposePinsImages(t *testing.T) {
	pinned := regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+[a-z0-9.-]*$`)
	for name, service := range readCompose(t).Services {
		if service.Build == "" && !pinned.MatchString(service.Image) {
			t.Errorf("service %s runs %q, want a pinned version", name, service.Image)
		}
	}
}

func TestComposePublishesOnLoopbackOnly(t *testing.T) {
	published := regexp.MustCompile(`^127\.0\.0\.1:\d+:\d+$`)
	for name, service := range readCompose(t).Services {
		for _, port := range service.Ports {
			if !published.MatchString(port) {
				t.Errorf("service %s publishes %q, want 127.0.0.1:PORT:PORT", name, port)
			}
		}
	}
}

// TestComposeWaitsForWhatItNeeds checks that every relation names a service and a condition which that service
// can meet.
func TestComposeWaitsForWhatItNeeds(t *testing.T) {
	services := readCompose(t).Services
	for name, service := range services {
		for other, relation := range service.DependsOn {
			needed, found := services[other]
			switch {
			case !found:
				t.Errorf("service %s depends on %s, which does not exist", name, other)
			case relation.Condition == "service_healthy" && needed.Healthcheck == nil:
				t.Errorf("service %s waits for the health of %s, which has no health check", name, other)
			case relation.Condition != "service_healthy" && relation.Condition != "service_completed_successfully":
				t.Errorf("service %s waits for %s with condition %q", name, other, relation.Condition)
			}
		}
	}
	for _, name := range []string{"server", "worker"} {
		if services[name].DependsOn["migrate"].Condition != "service_completed_successfully" {
			t.Errorf("service %s does not wait for the migrations", name)
		}
	}
}

// TestComposeKeepsSecretsOut allows passwords from the environment, with a default that is marked as one for trying out.
func TestComposeKeepsSecretsOut(t *testing.T) {
	fromEnvironment := regexp.MustCompile(`\$\{[A-Z_]+:-[a-z]+-dev\}`)
	address := regexp.MustCompile(`//[^/@:]+:([^/@]+)@`)
	for name, service := range readCompose(t).Services {
		for variable, value := range service.Environment {
			secret := ""
			if regexp.MustCompile(`PASSWORD$|PWD$|SECRET$|KEY$|TOKEN$`).MatchString(variable) {
				secret = value
			} else if found := address.FindStringSubmatch(value); found != nil {
				secret = found[1]
			}
			if secret != "" && fromEnvironment.FindString(secret) != secret {
				t.Errorf("service %s has a secret in %s", name, variable)
			}
		}
	}
}

// TestComposeSetsKnownVariables compares with the configuration of the program, where every variable has a tag.
func TestComposeSetsKnownVariables(t *testing.T) {
	known := programVariables(t)
	for name, service := range readCompose(t).Services {
		for variable := range service.Environment {
			if strings.HasPrefix(variable, "MIGLOBE_") && !known[variable] {
				t.Errorf("service %s sets %s, which the program does not know", name, variable)
			}
		}
	}
}

// programVariables are the environment variables that the program reads.
func programVariables(t *testing.T) map[string]bool {
	t.Helper()
	sources, err := filepath.Glob("../cmd/miglobe/*.go")
	if err != nil {
		t.Fatal(err)
	}
	tag := regexp.MustCompile(`env:"([A-Z_]+)|"(MIGLOBE_[A-Z_]+)`)
	known := map[string]bool{}
	for _, source := range sources {
		content, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range tag.FindAllStringSubmatch(string(content), -1) {
			known["MIGLOBE_"+strings.TrimPrefix(found[1]+found[2], "MIGLOBE_")] = true
		}
	}
	if len(known) == 0 {
		t.Fatal("found no environment variable in the program")
	}
	return known
}

type buildStage struct {
	name, user string
	copiesFrom []string
}

func readStages(t *testing.T) []buildStage {
	t.Helper()
	content, err := os.ReadFile("../Dockerfile")
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
	stages := readStages(t)
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
	last := stages[len(stages)-1]
	if last.user == "" || last.user == "root" || strings.HasPrefix(last.user, "0") {
		t.Errorf("the image runs as user %q", last.user)
	}
	if len(last.copiesFrom) == 0 {
		t.Error("the image contains nothing of the build")
	}
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
