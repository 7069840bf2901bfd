package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The metrics that dashboard and rules ask for are checked where all of them are exported, in local/engine.

func TestEveryAlertSaysWhatIsWrongAndWhereToGoOn(t *testing.T) {
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	decode(t, "../../deploy/prometheus/alerts.yaml", &rules)
	manual, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	alerts := 0
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			alerts++
			if severity := rule.Labels["severity"]; severity != "critical" && severity != "warning" {
				t.Errorf("%s has the severity %q", rule.Alert, severity)
			}
			if rule.Annotations["summary"] == "" || rule.Annotations["runbook"] != "docs/operations.md#alert-"+strings.ToLower(rule.Alert) {
				t.Errorf("%s: %v", rule.Alert, rule.Annotations)
			}
			if !strings.Contains(string(manual), "\n### Alert "+rule.Alert+"\n") {
				t.Errorf("docs/operations.md does not say what to do about %s", rule.Alert)
			}
			balanced(t, rule.Alert, rule.Expr)
		}
	}
	if alerts < 9 {
		t.Errorf("%d alerts", alerts)
	}
}

func TestTheDashboardAsksSomethingOfEveryPanel(t *testing.T) {
	content, err := os.ReadFile("../../deploy/grafana/dashboards/miglobe.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		UID    string
		Panels []struct {
			Type, Title string
			Targets     []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(content, &dashboard); err != nil {
		t.Fatal(err)
	}
	if dashboard.UID != "miglobe" || len(dashboard.Panels) == 0 {
		t.Errorf("dashboard %q of %d panels", dashboard.UID, len(dashboard.Panels))
	}
	for _, panel := range dashboard.Panels {
		if panel.Title == "" || panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("panel %q asks for nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			balanced(t, panel.Title, target.Expr)
		}
	}
}

func TestPrometheusFindsEveryReplica(t *testing.T) {
	var scrape struct {
		Jobs []struct {
			Name  string `yaml:"job_name"`
			Found []struct {
				Names []string
				Port  int
			} `yaml:"dns_sd_configs"`
		} `yaml:"scrape_configs"`
	}
	decode(t, "../../deploy/prometheus/prometheus.yaml", &scrape)
	found := map[string]string{} // service by job
	for _, job := range scrape.Jobs {
		for _, service := range job.Found {
			found[job.Name] = fmt.Sprintf("%s:%d", strings.Join(service.Names, " "), service.Port)
		}
	}
	if found["miglobe-server"] != "server:9464" || found["miglobe-worker"] != "worker:9464" {
		t.Errorf("found are %v", found)
	}
	for _, file := range []string{"datasources/prometheus.yaml", "dashboards/miglobe.yaml"} {
		var provisioned struct{ APIVersion int }
		decode(t, "../../deploy/grafana/provisioning/"+file, &provisioned)
	}
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// balanced finds the commonest slips in an expression.
func balanced(t *testing.T, where, expression string) {
	t.Helper()
	for _, pair := range []string{"()", "{}", "[]"} {
		if strings.Count(expression, pair[:1]) != strings.Count(expression, pair[1:]) {
			t.Errorf("%s: %s", where, expression)
		}
	}
	if expression == "" || strings.Count(expression, `"`)%2 != 0 {
		t.Errorf("%s: %s", where, expression)
	}
}
