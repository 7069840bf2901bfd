package local

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq" // driver of the checks

	"miglobe/local/ports"
	"miglobe/local/postgres"
)

// machine stands for the containers: a PostgreSQL of this machine, and a docker that runs here what the scripts of
// deploy/ would run there.
type machine struct {
	testing.TB
	folder, data string
	server       *postgres.Server
	environment  []string
}

// standIn answers the few calls that the scripts make.
const standIn = `#!/usr/bin/env bash
set -euo pipefail
case "$1 ${2:-}" in
  "compose exec") exec "${@:5}" ;;
  "compose config") echo image ;;
  "compose ps") cat "$RUNNING" ;;
  "compose run" | "run --rm")
    while [ "$1" != -euc ]; do shift; done
    if [[ "$3" == /* ]]; then set -- "$1" "$2" "$CHECK"; fi
    rm -rf "$CHECK"
    exec bash "$@" ;;
  *) echo "docker $*: not expected" >&2; exit 1 ;;
esac
`

func newMachine(t *testing.T) *machine {
	t.Helper()
	binaries, err := postgres.FindBinaries()
	if err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	m := &machine{TB: t}
	m.folder, err = os.MkdirTemp("", "miglobe-deploy-")
	m.must(err)
	t.Cleanup(func() { _ = os.RemoveAll(m.folder) })
	m.must(os.Chmod(m.folder, 0o755)) // PostgreSQL enters it as another user
	m.must(os.Mkdir(filepath.Join(m.folder, "bin"), 0o755))
	m.must(os.WriteFile(filepath.Join(m.folder, "bin", "docker"), []byte(standIn), 0o755))
	m.must(os.WriteFile(filepath.Join(m.folder, "running"), nil, 0o600))
	m.data = filepath.Join(m.folder, "postgres", "data")
	m.start()
	// As in the image the superuser is called postgres.
	m.execute(m.server.DSN("postgres"), "CREATE ROLE postgres SUPERUSER LOGIN PASSWORD 'postgres'")
	host, port, _ := strings.Cut(m.server.Address(), ":")
	m.environment = append(os.Environ(), "PATH="+filepath.Join(m.folder, "bin")+":"+binaries+":"+os.Getenv("PATH"),
		"PGHOST="+host, "PGPORT="+port, "PGPASSWORD=postgres", "PGDATA="+m.data,
		"RUNNING="+filepath.Join(m.folder, "running"), "CHECK="+filepath.Join(m.folder, "check"))
	return m
}

func (m *machine) start() {
	m.Helper()
	port, err := new(ports.Chooser).Choose("test", 0)
	m.must(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	m.server, err = postgres.Start(ctx, postgres.Settings{Folder: filepath.Dir(m.data), Port: port})
	m.must(err)
	server := m.server
	m.Cleanup(func() { _ = server.Stop() })
}

func (m *machine) dsn(user, password, database string) string {
	return (&url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Host: m.server.Address(), Path: database, RawQuery: "sslmode=disable"}).String()
}

func (m *machine) execute(dsn, statement string) {
	m.Helper()
	m.must(m.try(dsn, statement))
}

func (m *machine) try(dsn, statement string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

func (m *machine) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *machine) run(script string, arguments ...string) error {
	command := exec.Command("env", append([]string{script}, arguments...)...) // finds it on the machine's path
	command.Env = m.environment
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", script, err, output)
	}
	return nil
}

// TestProductAndEngineKeepApart runs what PostgreSQL runs at its first start in the installation.
func TestProductAndEngineKeepApart(t *testing.T) {
	m := newMachine(t)
	m.execute(m.dsn("postgres", "postgres", "postgres"), "ALTER ROLE miglobe RENAME TO first") // the script makes its own
	secrets := filepath.Join(m.folder, "secrets")
	m.must(os.Mkdir(secrets, 0o700))
	for _, user := range []string{"miglobe", "temporal", "archive"} {
		m.must(os.WriteFile(filepath.Join(secrets, user+"_password"), []byte("of-"+user), 0o600))
	}
	m.environment = append(m.environment, "SECRETS="+secrets)
	m.must(m.run("../deploy/postgres/databases.sh"))
	m.execute(m.dsn("postgres", "postgres", "postgres"), "SELECT pg_reload_conf()")

	m.execute(m.dsn("miglobe", "of-miglobe", "miglobe"), "CREATE EXTENSION pg_trgm") // which the migrations want
	m.execute(m.dsn("temporal", "of-temporal", "temporal"), "CREATE TABLE shards ()")
	m.execute(m.dsn("temporal", "of-temporal", "temporal_visibility"), "CREATE EXTENSION btree_gin") // which the engine's schema wants
	for user, database := range map[string]string{"miglobe": "temporal", "temporal": "miglobe", "archive": "miglobe"} {
		if err := m.try(m.dsn(user, "of-"+user, database), "SELECT"); err == nil {
			t.Errorf("user %s may enter database %s", user, database)
		}
	}
	m.environment = append(m.environment, "PGPASSWORD=of-archive")
	m.must(m.run("pg_receivewal", "--username=archive", "--slot=archive", "--create-slot"))
}

func TestABackupOfTheInstallationComesBack(t *testing.T) {
	m := newMachine(t)
	super := func() string { return m.dsn("postgres", "postgres", "postgres") }
	m.execute(super(), "CREATE TABLE words (word text)")
	saved := filepath.Join(m.folder, "saved")
	for range 3 {
		m.must(m.run("../deploy/backup.sh", saved, "2"))
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // their names tell the second
	}
	files, err := filepath.Glob(filepath.Join(saved, "*"))
	m.must(err)
	if len(files) != 2 {
		t.Fatalf("kept %v, want the two newest", files)
	}
	newest := files[1]
	if info, err := os.Stat(newest); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the back-up: %v, %v", info.Mode(), err)
	}
	m.execute(super(), "DROP TABLE words")

	m.must(os.WriteFile(filepath.Join(m.folder, "running"), []byte("a-container\n"), 0o600))
	if err := m.run("../deploy/restore.sh", newest, "--replace"); err == nil {
		t.Error("restored while it runs")
	}
	m.must(os.WriteFile(filepath.Join(m.folder, "running"), nil, 0o600))
	m.must(m.server.Stop())
	owner, err := os.Stat(m.data)
	m.must(err)
	if err := m.run("../deploy/restore.sh", newest); err == nil {
		t.Error("restored over data")
	}
	if err := m.run("../deploy/restore.sh", m.damaged(newest), "--replace"); err == nil {
		t.Error("a damaged back-up was restored")
	}
	m.must(m.run("../deploy/restore.sh", newest, "--replace"))
	m.giveTo(owner)
	m.start()
	m.execute(super(), "INSERT INTO words VALUES ('Hamm')")
	if aside, err := filepath.Glob(filepath.Join(filepath.Dir(m.data), "replaced-*")); err != nil || len(aside) != 1 {
		t.Errorf("what was replaced is gone: %v, %v", aside, err)
	}
}

func (m *machine) damaged(file string) string {
	m.Helper()
	content, err := os.ReadFile(file)
	m.must(err)
	content[len(content)/2] ^= 1
	copied := filepath.Join(m.folder, "damaged.tar.gz")
	m.must(os.WriteFile(copied, content, 0o600))
	return copied
}

// giveTo does what the container does by running as PostgreSQL's user.
func (m *machine) giveTo(owner os.FileInfo) {
	m.Helper()
	status := owner.Sys().(*syscall.Stat_t)
	m.must(filepath.WalkDir(m.data, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, int(status.Uid), int(status.Gid))
	}))
}
