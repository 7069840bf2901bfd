// Package local checks what describes the installation beside the local run: docker-compose.yml, the images, the scripts
// and files of deploy/ can be read, fit together and fit the program.
package local

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// installed is a copy of what the repository has of an installation, after `make secrets`.
func installed(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "deploy"), os.DirFS("../deploy")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"docker-compose.yml", "Dockerfile"} {
		content, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	initialise(t, folder)
	return folder
}

func initialise(t *testing.T, folder string) {
	t.Helper()
	if output, err := exec.Command("bash", filepath.Join(folder, "deploy", "init.sh")).CombinedOutput(); err != nil {
		t.Fatalf("init.sh: %v\n%s", err, output)
	}
}

// load reads the compose file as docker compose does: checked against the schema, variables filled in from .env.
func load(t *testing.T, folder string, profiles ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(folder, "docker-compose.yml")},
		cli.WithWorkingDirectory(folder), cli.WithEnvFiles(), cli.WithDotEnv, cli.WithProfiles(profiles))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func wholeProject(t *testing.T) *types.Project {
	t.Helper()
	return load(t, installed(t), "*")
}

func TestComposeProfiles(t *testing.T) {
	folder := installed(t)
	always := []string{"migrate", "postgres", "proxy", "server", "temporal", "temporal-namespace", "temporal-schema", "temporal-ui", "worker"}
	for profile, more := range map[string][]string{
		"": nil, "dev": {"mails"}, "observe": {"grafana", "prometheus"}, "archive": {"archive"},
	} {
		got, want := load(t, folder, profile).ServiceNames(), append(slices.Clone(always), more...)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("profile %q has %v, want %v", profile, got, want)
		}
	}
	if tryingOut := load(t, folder, "dev").Services["mails"]; tryingOut.Name != readEnv(t, folder)["MIGLOBE_SMTP_HOST"] {
		t.Error("the settings for trying out send mails past the catcher")
	}
}

func TestComposeRunsTheProgram(t *testing.T) {
	project := wholeProject(t)
	for name, command := range map[string]string{"migrate": "migrate", "server": "serve", "worker": "worker"} {
		service := project.Services[name]
		if !slices.Equal(service.Command, []string{command}) || service.Build == nil || service.Build.Context != project.WorkingDir {
			t.Errorf("service %s runs %v, want our image with %s", name, service.Command, command)
		}
	}
	for _, name := range []string{"server", "worker"} {
		service := project.Services[name]
		if service.GetScale() != 2 {
			t.Errorf("%d of %s", service.GetScale(), name)
		}
		const drain = 30 * time.Second
		if service.StopGracePeriod == nil || time.Duration(*service.StopGracePeriod) <= drain {
			t.Errorf("service %s is killed while it drains", name)
		}
	}
}

// TestComposeRestrainsEveryService: what somebody who breaks into one of them could do.
func TestComposeRestrainsEveryService(t *testing.T) {
	pinned := regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+[a-z0-9.-]*$`)
	for name, service := range wholeProject(t).Services {
		switch limits := service.Deploy; {
		case !service.ReadOnly:
			t.Errorf("service %s may write to its image", name)
		case !isOrdinary(service.User):
			t.Errorf("service %s runs as user %q", name, service.User)
		case !slices.Equal(service.CapDrop, []string{"ALL"}) || len(service.CapAdd) > 0 || service.Privileged:
			t.Errorf("service %s keeps rights of root", name)
		case !slices.Contains(service.SecurityOpt, "no-new-privileges:true"):
			t.Errorf("service %s may gain rights", name)
		case service.Restart == "":
			t.Errorf("service %s has no restart policy", name)
		case limits == nil || limits.Resources.Limits == nil || limits.Resources.Limits.MemoryBytes == 0 || limits.Resources.Limits.NanoCPUs == 0:
			t.Errorf("service %s has no limits", name)
		case service.Logging == nil || service.Logging.Options["max-size"] == "":
			t.Errorf("the log of service %s grows without bounds", name)
		case service.Build == nil && !pinned.MatchString(service.Image):
			t.Errorf("service %s runs %q, want a pinned version", name, service.Image)
		}
	}
}

func TestComposePublishesOnLoopbackOnly(t *testing.T) {
	for name, service := range wholeProject(t).Services {
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("service %s publishes %s on %q", name, port.Published, port.HostIP)
			}
			if port.Target == 9464 {
				t.Errorf("service %s publishes its internal address", name)
			}
		}
	}
}

// TestComposeWaitsForWhatItNeeds checks that every relation names a service and a condition which that service
// can meet.
func TestComposeWaitsForWhatItNeeds(t *testing.T) {
	services := wholeProject(t).Services
	for name, service := range services {
		ends := service.Restart == "no" || strings.HasPrefix(service.Restart, "on-failure")
		if !ends && (service.HealthCheck == nil || len(service.HealthCheck.Test) < 2) {
			t.Errorf("service %s has no health check", name)
		}
		for other, relation := range service.DependsOn {
			needed, found := services[other]
			switch {
			case !found:
				t.Errorf("service %s depends on %s, which does not exist", name, other)
			case relation.Condition == "service_healthy" && needed.HealthCheck == nil:
				t.Errorf("service %s waits for the health of %s, which has no health check", name, other)
			case relation.Condition != "service_healthy" && relation.Condition != "service_completed_successfully":
				t.Errorf("service %s waits for %s with condition %q", name, other, relation.Condition)
			}
		}
	}
	for _, name := range []string{"server", "worker"} {
		for _, first := range []string{"migrate", "temporal-namespace"} {
			if services[name].DependsOn[first].Condition != "service_completed_successfully" {
				t.Errorf("service %s does not wait for %s", name, first)
			}
		}
	}
}

// TestComposeKeepsSecretsOut looks for the secrets themselves wherever `docker inspect` would show them.
func TestComposeKeepsSecretsOut(t *testing.T) {
	folder := installed(t)
	project := load(t, folder, "*")
	secret := map[string]string{} // content → name
	for name, file := range project.Secrets {
		content, err := os.ReadFile(file.File)
		if err != nil {
			t.Fatalf("init.sh does not make secret %s: %v", name, err)
		}
		if len(content) > 0 {
			secret[string(content)] = name
		}
	}
	for name, service := range project.Services {
		shown := strings.Join(append(slices.Clone(service.Command), service.Entrypoint...), " ")
		for variable, value := range service.Environment {
			if value == nil {
				continue
			}
			shown += " " + *value
			if regexp.MustCompile(`(PASSWORD|PWD|SECRET|KEY|TOKEN)$`).MatchString(variable) {
				t.Errorf("service %s has %s in its environment", name, variable)
			}
		}
		for content, of := range secret {
			if strings.Contains(shown, content) {
				t.Errorf("service %s shows the secret %s", name, of)
			}
		}
		for _, used := range service.Secrets {
			if _, declared := project.Secrets[used.Source]; !declared {
				t.Errorf("service %s uses %s, which is not declared", name, used.Source)
			}
		}
	}
	if info, err := os.Stat(filepath.Join(folder, "deploy", "secrets")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others on the machine may enter the folder of the secrets: %v, %v", info.Mode(), err)
	}
}

func TestInitNeverWritesOver(t *testing.T) {
	folder := installed(t)
	password := filepath.Join(folder, "deploy", "secrets", "miglobe_password")
	before, err := os.ReadFile(password)
	if err != nil || len(before) < 32 {
		t.Fatalf("password %q, %v", before, err)
	}
	settings := filepath.Join(folder, ".env")
	if err := os.WriteFile(settings, []byte("MIGLOBE_SITE_URL=https://miglobe.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	initialise(t, folder)
	if after, err := os.ReadFile(password); err != nil || string(after) != string(before) {
		t.Errorf("the password became %q, %v", after, err)
	}
	if kept := readEnv(t, folder); len(kept) != 1 {
		t.Errorf("the settings became %v", kept)
	}
}

// TestComposeMountsWhatIsThere: Docker makes a folder of a file that is missing, and the service fails strangely.
func TestComposeMountsWhatIsThere(t *testing.T) {
	project := wholeProject(t)
	for name, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type == types.VolumeTypeVolume {
				if _, declared := project.Volumes[volume.Source]; !declared {
					t.Errorf("service %s uses volume %s, which is not declared", name, volume.Source)
				}
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil || !volume.ReadOnly {
				t.Errorf("service %s mounts %s (read-only %t): %v", name, volume.Source, volume.ReadOnly, err)
			}
		}
	}
}

// TestComposeSetsKnownVariables compares with the configuration of the program, where every variable has a tag.
func TestComposeSetsKnownVariables(t *testing.T) {
	known := programVariables(t)
	for name, service := range wholeProject(t).Services {
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

// TestTheProxyKnowsEveryServer checks the parts of the Caddyfile that nothing else would: it is closed, it gets every
// variable it asks for, and it looks after each server.
func TestTheProxyKnowsEveryServer(t *testing.T) {
	content, err := os.ReadFile("../deploy/proxy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(string(content), "")
	if strings.Count(text, "{") != strings.Count(text, "}") {
		t.Error("a block of the Caddyfile is not closed")
	}
	project := wholeProject(t)
	proxy := project.Services["proxy"]
	for _, variable := range regexp.MustCompile(`\{\$(\w+)\}`).FindAllStringSubmatch(text, -1) {
		if value := proxy.Environment[variable[1]]; value == nil || *value == "" {
			t.Errorf("the Caddyfile asks for %s, which the proxy does not get", variable[1])
		}
	}
	var want []string
	server := project.Services["server"]
	for n := range server.GetScale() {
		want = append(want, project.Name+"-server-"+string(rune('1'+n))+":8080")
	}
	if servers := proxy.Environment["SERVERS"]; servers == nil || *servers != strings.Join(want, " ") {
		t.Errorf("the proxy sends to %v, want %v", servers, want)
	}
	if !strings.Contains(text, "health_uri /readyz") {
		t.Error("the proxy does not ask whether a server is ready")
	}
}

func readEnv(t *testing.T, folder string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, ".env"))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for line := range strings.Lines(string(content)) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found && !strings.HasPrefix(name, "#") {
			values[name] = value
		}
	}
	return values
}
