package bench

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.temporal.io/sdk/client"

	"miglobe/advisory"
	"miglobe/local/product"
	"miglobe/local/robot"
	"miglobe/local/stack"
)

//go:embed fill/memory.sql
var memoryFill string

// measureMemory opens consultations that run in the engine, lets people decide, and looks at what the processes and the
// databases hold. Server and worker are the production program, each in a process of its own.
func measureMemory(ctx context.Context, options Options) (result Result, err error) {
	around, err := setUp(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, around.tearDown()) }()
	running, err := around.openProduct(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	engine, err := around.database("temporal")
	if err != nil {
		return result, err
	}
	defer engine.Close()
	spaces := []*space{{name: "product", db: running.Store.DB()}, {name: "engine", db: engine}}
	for _, s := range spaces {
		if s.before, err = s.measure(ctx); err != nil {
			return result, err
		}
	}
	m := &memory{Product: running, n: options.size(10_000, 300), site: stack.URL(around.Ports.Site)}
	if err := fill(ctx, running.Store.DB(), memoryFill, map[string]string{"n": strconv.Itoa(m.n)}); err != nil {
		return result, err
	}
	server, err := startChild(ctx, options, around, "serve")
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	worker, err := startChild(ctx, options, around, "worker")
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, worker.stop()) }()
	result.Tables = []Table{{Head: []string{"resident memory", "server", "worker"}}}
	note := func(when string) {
		serverNow, serverMost := server.memory()
		workerNow, workerMost := worker.memory()
		result.Tables[0].Rows = append(result.Tables[0].Rows, []string{when,
			megabytes(serverNow) + " (at most " + megabytes(serverMost) + ")", megabytes(workerNow) + " (at most " + megabytes(workerMost) + ")"})
	}
	began := time.Now()
	if err := m.open(ctx); err != nil {
		return result, err
	}
	took := time.Since(began)
	note(strconv.Itoa(m.n) + " consultations open")
	decided, err := m.decide(ctx, options.size(500, 20))
	if err != nil {
		return result, err
	}
	note("after " + strconv.Itoa(decided) + " decisions in four browsers")
	table, err := growth(ctx, spaces, m.n)
	if err != nil {
		return result, err
	}
	result.Tables = append(result.Tables, table)
	result.Notes = []string{fmt.Sprintf("%d consultations were started in %s. Each waits for its coordinator, with a task, an input, its "+
		"mails and a timer. Tables and indexes count, vacuumed.", m.n, seconds(took))}
	return result, nil
}

// memory is the product as the bench process sees it: pages and worker are the children.
type memory struct {
	*product.Product
	n    int
	site string
}

// open starts the workflows, as the relay does, and waits until all of them have opened their first task.
func (m *memory) open(ctx context.Context) error {
	ids, err := m.strings(ctx, `SELECT id FROM consultations ORDER BY number`)
	if err != nil {
		return err
	}
	if err := inTurn(ctx, len(ids), sideBySide, func(ctx context.Context, i int) error {
		_, err := m.Engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: advisory.WorkflowID(ids[i]), TaskQueue: advisory.TaskQueue},
			advisory.ConsultationWorkflow, advisory.Journey{ConsultationID: ids[i]})
		return err
	}); err != nil {
		return err
	}
	return until(ctx, 100*time.Millisecond, "that all consultations are open", func() (bool, error) {
		open := 0
		err := m.Store.DB().QueryRowContext(ctx, `SELECT count(*) FROM tasks WHERE state = 'open'`).Scan(&open)
		return open >= m.n, err
	})
}

// decide lets a coordinator claim requests in four browsers, over the pages of the server process.
func (m *memory) decide(ctx context.Context, each int) (decided int, err error) {
	const desks = 4
	person, err := m.Store.PersonByEmail(ctx, "coordination@bench.example")
	if err != nil {
		return 0, err
	}
	tasks, err := m.strings(ctx, `SELECT id FROM tasks WHERE state = 'open' ORDER BY id LIMIT `+strconv.Itoa(desks*each))
	if err != nil {
		return 0, err
	}
	err = together(ctx, desks, func(ctx context.Context, desk int) error {
		browser, err := signedIn(ctx, m.Store, m.site, person.ID)
		if err != nil {
			return err
		}
		for i := desk; i < len(tasks); i += desks {
			form, err := browser.PrepareTask(ctx, tasks[i], robot.Writer{Words: words, Calendar: advisory.NewCalendar("NW"), Today: time.Now()})
			if err != nil {
				return err
			}
			answer, err := browser.Send(ctx, form)
			if err == nil && answer.Told() != robot.Applied {
				err = errors.New(browser.Explain(answer))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return len(tasks), err
}

func (m *memory) strings(ctx context.Context, query string) (found []string, err error) {
	rows, err := m.Store.DB().QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, fmt.Errorf("memory: %w", err)
		}
		found = append(found, value)
	}
	return found, rows.Err()
}

// space is a database and how large it was before.
type space struct {
	name   string
	db     *sql.DB
	before extent
}

type extent struct{ rows, bytes int64 }

func (s *space) measure(ctx context.Context) (found extent, err error) {
	if err := vacuum(ctx, s.db); err != nil {
		return found, err
	}
	err = s.db.QueryRowContext(ctx, `
		SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint, coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`).Scan(&found.rows, &found.bytes)
	if err != nil {
		return found, fmt.Errorf("size of %s: %w", s.name, err)
	}
	return found, nil
}

// growth is what an open consultation has brought to each database.
func growth(ctx context.Context, spaces []*space, n int) (Table, error) {
	table := Table{Head: []string{"an open consultation in the database of", "rows", "bytes"}}
	for _, s := range spaces {
		now, err := s.measure(ctx)
		if err != nil {
			return table, err
		}
		table.Rows = append(table.Rows, []string{s.name, fmt.Sprintf("%.1f", float64(now.rows-s.before.rows)/float64(n)),
			kilobytes(float64(now.bytes-s.before.bytes) / float64(n))})
	}
	return table, nil
}
