// Package postgres runs a private PostgreSQL from the binaries that the system already has: one folder
// holds its data, it listens on 127.0.0.1 and on a socket in that folder, and a password that only the
// folder's owner can read protects it.
//
// The server is started with os/exec, not with a library for embedded PostgreSQL: those start it as the
// current user, and PostgreSQL refuses to run as root, which is who calls in a container. Here only
// PostgreSQL changes to an ordinary user; the caller keeps its rights.
package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// User is the name of the database user that owns everything in the private server.
const User = "miglobe"

// startTimeout covers crash recovery of a large database on a slow disk.
const startTimeout = 60 * time.Second

// maxSocketPath is what sockaddr_un holds on Linux, less the name of the socket itself.
const maxSocketPath = 107 - len("/.s.PGSQL.65535")

// Settings say where a server keeps its data and where it listens.
type Settings struct {
	// Folder holds data, socket, password and log. It is created when missing. Called by root, it is
	// given to the ordinary user that PostgreSQL runs as, who must be able to enter its parents.
	Folder string
	// Port on 127.0.0.1; it must be free.
	Port int
	// Parameters are server parameters that differ from the defaults, for example "fsync": "off".
	Parameters map[string]string
}

// Server is a running PostgreSQL. Stop ends it.
type Server struct {
	settings Settings
	binaries string
	account  *account
	password string
	process  *process
}

// Start brings the server up and returns when it accepts connections. The first start creates the data;
// later ones continue with them, also after the previous process was killed. ctx limits the start alone.
func Start(ctx context.Context, settings Settings) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()

	server, err := newServer(settings)
	if err != nil {
		return nil, err
	}
	if err := server.prepareFolder(); err != nil {
		return nil, err
	}
	if server.password, err = server.loadPassword(); err != nil {
		return nil, err
	}
	if err := server.initialise(ctx); err != nil {
		return nil, err
	}
	if err := server.endPredecessor(ctx); err != nil {
		return nil, err
	}
	if err := server.launch(ctx); err != nil {
		return nil, err
	}
	return server, nil
}

// newServer knows the machine; nothing has been done yet.
func newServer(settings Settings) (*Server, error) {
	folder, err := filepath.Abs(settings.Folder)
	if err != nil {
		return nil, fmt.Errorf("postgres: folder: %w", err)
	}
	settings.Folder = folder
	server := &Server{settings: settings}
	if server.binaries, err = FindBinaries(); err != nil {
		return nil, err
	}
	server.account, err = ordinaryAccount()
	return server, err
}

// DSN is the address of one database of the server, password included.
func (s *Server) DSN(database string) string {
	address := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(User, s.password),
		Host:     s.Address(),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return address.String()
}

// Address is host:port of the server.
func (s *Server) Address() string { return "127.0.0.1:" + strconv.Itoa(s.settings.Port) }

// Password of User.
func (s *Server) Password() string { return s.password }

// Done is closed when the server has ended, wanted or not.
func (s *Server) Done() <-chan struct{} { return s.process.done }

// CreateDatabase creates an empty database unless it is there already.
func (s *Server) CreateDatabase(ctx context.Context, name string) error {
	db, err := sql.Open("postgres", s.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("postgres: open: %w", err)
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name))
	var refused *pq.Error
	if errors.As(err, &refused) && refused.Code.Name() == "duplicate_database" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("postgres: create database %s: %w", name, err)
	}
	return nil
}

// Stop ends the server: open transactions are rolled back, all data are written. It may be called twice.
func (s *Server) Stop() error {
	select {
	case <-s.process.done:
		return nil
	default:
	}
	// SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
	if err := s.process.signal(syscall.SIGINT); err != nil {
		return fmt.Errorf("postgres: stop: %w", err)
	}
	select {
	case <-s.process.done:
		return nil
	case <-time.After(30 * time.Second):
		_ = s.process.signal(syscall.SIGQUIT)
		<-s.process.done
		return errors.New("postgres: did not stop within 30 s and was told to end at once")
	}
}

// Kill ends the server as a crash would: at once, without a word to anybody. A later Start goes on with its data.
func (s *Server) Kill() error {
	if err := s.process.signal(syscall.SIGKILL); err != nil {
		return fmt.Errorf("postgres: kill: %w", err)
	}
	<-s.process.done
	return nil
}

func (s *Server) dataFolder() string   { return filepath.Join(s.settings.Folder, "data") }
func (s *Server) socketFolder() string { return filepath.Join(s.settings.Folder, "socket") }
func (s *Server) passwordFile() string { return filepath.Join(s.settings.Folder, "password") }
func (s *Server) logFile() string      { return filepath.Join(s.settings.Folder, "postgres.log") }

// prepareFolder creates the folders and gives them to the account that PostgreSQL runs as.
func (s *Server) prepareFolder() error {
	for _, folder := range []string{s.settings.Folder, s.socketFolder()} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("postgres: create folder: %w", err)
		}
		if err := os.Chmod(folder, 0o700); err != nil {
			return fmt.Errorf("postgres: protect folder: %w", err)
		}
		if err := s.account.own(folder); err != nil {
			return err
		}
	}
	return s.account.mustEnter(s.settings.Folder)
}

// loadPassword reads the password of the first start, or makes it.
func (s *Server) loadPassword() (string, error) {
	path := s.passwordFile()
	content, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(content)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("postgres: read password: %w", err)
	}
	password := rand.Text()
	if err := os.WriteFile(path, []byte(password+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("postgres: write password: %w", err)
	}
	return password, s.account.own(path)
}

// initialise creates the data folder when there is none. initdb works in a folder beside it that is
// renamed at the end, so that an interrupted first start leaves nothing half made.
func (s *Server) initialise(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(s.dataFolder(), "PG_VERSION")); err == nil {
		return nil
	}
	unfinished := s.dataFolder() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("postgres: remove unfinished data: %w", err)
	}
	command := exec.CommandContext(ctx, filepath.Join(s.binaries, "initdb"),
		"--pgdata="+unfinished, "--username="+User, "--auth=scram-sha-256",
		"--pwfile="+s.passwordFile(),
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions")
	command.Dir = s.settings.Folder
	command.SysProcAttr = s.account.attributes()
	if output, err := command.CombinedOutput(); ctx.Err() != nil {
		return fmt.Errorf("postgres: initdb: %w", ctx.Err())
	} else if err != nil {
		return fmt.Errorf("postgres: initdb: %w\n%s", err, output)
	}
	if err := os.Rename(unfinished, s.dataFolder()); err != nil {
		return fmt.Errorf("postgres: keep new data: %w", err)
	}
	return nil
}

func (s *Server) arguments() []string {
	socket := s.socketFolder()
	if len(socket) > maxSocketPath {
		socket = "" // a longer path cannot be a socket; TCP on loopback remains
	}
	parameters := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(s.settings.Port),
		"unix_socket_directories": socket,
		"max_connections":         "200",
		"log_min_messages":        "warning",
	}
	for name, value := range s.settings.Parameters {
		parameters[name] = value
	}
	arguments := []string{"-D", s.dataFolder()}
	for name, value := range parameters {
		arguments = append(arguments, "-c", name+"="+value)
	}
	return arguments
}
