package store

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/lib/pq"
)

// connector makes connections that prepare a statement the first time they run it and keep it: from then on it costs one
// round trip instead of two, and PostgreSQL neither parses nor plans it anew. A decision is some thirty statements.
type connector struct{ driver.Connector }

// Connect opens a connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{pqConnection: opened.(pqConnection), prepared: map[string]preparedStatement{}}, nil
}

// pqConnection is all that database/sql makes use of in a connection of lib/pq.
type pqConnection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type preparedStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// connection is used by one goroutine at a time, as database/sql promises.
type connection struct {
	pqConnection
	prepared map[string]preparedStatement
}

// mostPrepared bounds what PostgreSQL keeps for a connection; what comes later is not kept.
const mostPrepared = 500

type unprepared struct{}

// withoutPreparing is the context of a statement whose best plan depends on what is looked for: it is planned each time.
func withoutPreparing(ctx context.Context) context.Context {
	return context.WithValue(ctx, unprepared{}, true)
}

func (c *connection) statement(ctx context.Context, query string, args []driver.NamedValue) (preparedStatement, error) {
	if found, ok := c.prepared[query]; ok {
		return found, nil
	}
	if len(args) == 0 || len(c.prepared) >= mostPrepared || ctx.Value(unprepared{}) != nil {
		return nil, nil
	}
	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = made.(preparedStatement)
	return c.prepared[query], nil
}

// QueryContext reads rows.
func (c *connection) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	for again := true; ; again = false {
		statement, err := c.statement(ctx, query, args)
		if err != nil {
			return nil, err
		}
		if statement == nil {
			return c.pqConnection.QueryContext(ctx, query, args)
		}
		rows, err := statement.QueryContext(ctx, args)
		if !c.forgets(query, err) || !again {
			return rows, err
		}
	}
}

// ExecContext changes rows.
func (c *connection) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	for again := true; ; again = false {
		statement, err := c.statement(ctx, query, args)
		if err != nil {
			return nil, err
		}
		if statement == nil {
			return c.pqConnection.ExecContext(ctx, query, args)
		}
		result, err := statement.ExecContext(ctx, args)
		if !c.forgets(query, err) || !again {
			return result, err
		}
	}
}

// forgets lets a statement be prepared anew that PostgreSQL does not take any more, because a migration changed what it
// reads. In a transaction, which has failed then, preparing it tells so.
func (c *connection) forgets(query string, err error) bool {
	var refused *pq.Error
	if !errors.As(err, &refused) || refused.Code != "0A000" && refused.Code != "26000" {
		return false
	}
	delete(c.prepared, query)
	return true
}
