// Package storetest gives tests a real PostgreSQL: one private server per test binary, started from the system's
// binaries, and a fresh database for every test.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver

	"miglobe/migrations"
	"miglobe/store"
)

// Main runs the tests of a package and stops the server that they started. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}

// Open gives the test a store on a fresh, migrated database. Where no PostgreSQL is installed the test is skipped, or
// fails if MIGLOBE_REQUIRE_POSTGRES is set.
func Open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), DSN(t))
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// DSN gives the test the connection string of a fresh, migrated database.
func DSN(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") == "" {
			t.Skipf("no PostgreSQL: %v", err)
		}
		t.Fatalf("no PostgreSQL: %v", err)
	}
	name := "t" + randomHex()
	if _, err := server.db.Exec("CREATE DATABASE " + name + " TEMPLATE miglobe_template"); err != nil {
		t.Fatalf("create database: %v", err)
	}
	return server.dsn(name)
}

type postgres struct {
	dir  string
	port int
	cmd  *exec.Cmd
	db   *sql.DB
}

var (
	once    sync.Once
	running *postgres
	failure error
)

func shared() (*postgres, error) {
	once.Do(func() { running, failure = start() })
	return running, failure
}

func start() (*postgres, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "miglobe-test-")
	if err != nil {
		return nil, err
	}
	p := &postgres{dir: dir, port: freePort()}
	identity, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "miglobe", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
	initdb.SysProcAttr = identity
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	p.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(p.port),
		"-h", "127.0.0.1", "-k", dir, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	p.cmd.SysProcAttr = identity
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	if err := p.prepare(); err != nil {
		p.cmd.Process.Kill()
		return nil, err
	}
	return p, nil
}

// prepare waits until the server answers and migrates the template that every test's database is copied from.
func (p *postgres) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := sql.Open("postgres", p.dsn("postgres"))
	if err != nil {
		return err
	}
	for db.PingContext(ctx) != nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	p.db = db
	if _, err := db.ExecContext(ctx, "CREATE DATABASE miglobe_template"); err != nil {
		return err
	}
	template, err := sql.Open("postgres", p.dsn("miglobe_template"))
	if err != nil {
		return err
	}
	defer template.Close()
	return migrations.Up(ctx, template)
}

func (p *postgres) dsn(database string) string {
	return fmt.Sprintf("postgres://miglobe@127.0.0.1:%d/%s?sslmode=disable", p.port, database)
}

func stop() {
	if running == nil {
		return
	}
	running.db.Close()
	running.cmd.Process.Signal(syscall.SIGQUIT)
	running.cmd.Wait()
	os.RemoveAll(running.dir)
}

func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("initdb is not installed")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged lets the server run as an ordinary user where the tests run as root, which PostgreSQL refuses.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid), NoSetGroups: true},
		Pdeathsig:  syscall.SIGQUIT,
	}, nil
}

func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func randomHex() string {
	b := make([]byte, 8)
	rand.Read(b)
	return hex.EncodeToString(b)
}
