// Package store holds every SQL statement of MiGlobe, beside the method that runs it. Methods own their transaction;
// small helpers take it. Errors come out as advisory.Error: not_found, unavailable where the database is away, conflict,
// internal for everything else.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/XSAM/otelsql"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"go.opentelemetry.io/otel/trace"

	"miglobe/advisory"
)

// Store reads and writes the database. It is safe for concurrent use.
type Store struct {
	db         *sqlx.DB
	programmes sync.Map // advisory.Programme by version
}

// Open connects to a PostgreSQL by its connection string. It does not wait for the database to be there: every call
// says unavailable until it is.
func Open(_ context.Context, dsn string) (*Store, error) {
	made, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return open(sql.OpenDB(connector{made})), nil
}

// OpenTraced does the same; every statement is then a span of the trace that its context belongs to.
func OpenTraced(_ context.Context, dsn string, traces trace.TracerProvider) (*Store, error) {
	made, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return open(otelsql.OpenDB(connector{made}, otelsql.WithTracerProvider(traces), otelsql.WithSpanOptions(spans))), nil
}

// spans are the statements of a trace, without the plumbing around them. What an error says may quote a value.
var spans = otelsql.SpanOptions{
	DisableErrSkip: true, OmitConnResetSession: true, OmitConnPrepare: true, OmitRows: true, OmitConnectorConnect: true,
	RecordError: func(error) bool { return false },
	SpanFilter: func(ctx context.Context, _ otelsql.Method, _ string, _ []driver.NamedValue) bool {
		return trace.SpanContextFromContext(ctx).IsValid() // what nobody asked for, such as the relay's looking, is no trace
	},
}

func open(pool *sql.DB) *Store {
	db := sqlx.NewDb(pool, "postgres")
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Store{db: db}
}

// DB is the connection pool, for migrations.
func (s *Store) DB() *sql.DB { return s.db.DB }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return problem(s.db.PingContext(ctx)) }

// Close ends all connections.
func (s *Store) Close() error { return s.db.Close() }

// inTx runs f in one transaction: committed where f returns nil, rolled back otherwise.
func (s *Store) inTx(ctx context.Context, f func(*sqlx.Tx) error) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return problem(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(tx); err != nil {
		return problem(err)
	}
	return problem(tx.Commit())
}

// problem gives an error of the database its code. Errors that have one already keep it.
func problem(err error) error {
	var known *advisory.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return advisory.Errorf(advisory.NotFound, "no such row: %w", err)
	case isAway(err):
		return advisory.Errorf(advisory.Unavailable, "database away: %w", err)
	default:
		return advisory.Errorf(advisory.Internal, "database: %w", silent(err))
	}
}

// wordless is an error of the database whose words would quote what somebody typed.
type wordless struct{ err *pq.Error }

func (e wordless) Error() string { return "SQLSTATE " + string(e.err.Code) }
func (e wordless) Unwrap() error { return e.err }

// silent keeps quotes of values out of logs: PostgreSQL has them in its words about data that it cannot read.
func silent(err error) error {
	var server *pq.Error
	if errors.As(err, &server) && server.Code.Class() == "22" {
		return wordless{server}
	}
	return err
}

// isAway tells a database that cannot be reached, shuts down or starts from one that refuses a statement.
func isAway(err error) bool {
	var server *pq.Error
	if errors.As(err, &server) {
		switch server.Code.Class() {
		case "08", "53", "57": // connection, resources, operator intervention
			return true
		}
		return false
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

// isDuplicate tells whether a unique key refused a row.
func isDuplicate(err error) bool {
	var server *pq.Error
	return errors.As(err, &server) && server.Code == "23505"
}
