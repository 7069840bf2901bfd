package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	_ "github.com/lib/pq" // the tables of the engine are read, too

	"miglobe/advisory"
	"miglobe/local/product"
	"miglobe/local/stack"
)

// surroundings is a fresh stack with a durable PostgreSQL in a folder that goes away with it.
type surroundings struct {
	*stack.Stack
	folder string
}

func setUp(ctx context.Context) (*surroundings, error) {
	folder, err := os.MkdirTemp("", "miglobe-bench-")
	if err != nil {
		return nil, fmt.Errorf("folder: %w", err)
	}
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL enters it as another user
		return nil, fmt.Errorf("folder: %w", err)
	}
	around, err := stack.Start(ctx, stack.Settings{Folder: folder, Log: quiet()})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return &surroundings{Stack: around, folder: folder}, nil
}

func (s *surroundings) tearDown() error { return errors.Join(s.Stop(), os.RemoveAll(s.folder)) }

// openProduct brings MiGlobe up beside the stack, in this process.
func (s *surroundings) openProduct(ctx context.Context) (*product.Product, error) {
	return product.Open(ctx, s.Stack, advisory.RealClock(), quiet())
}

// database opens one of the stack's databases.
func (s *surroundings) database(name string) (*sql.DB, error) {
	db, err := sql.Open("postgres", s.Postgres.DSN(name))
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", name, err)
	}
	return db, nil
}

// quiet logs what is broken and nothing else.
func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// fill runs a file of statements, in which each name in braces stands for a value. The first paragraph runs before the
// others, of which two at a time; no references are checked.
func fill(ctx context.Context, db *sql.DB, statements string, values map[string]string) error {
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", value)
	}
	paragraphs := strings.Split(strings.NewReplacer(pairs...).Replace(statements), "\n\n")
	run := func(ctx context.Context, paragraph string) error {
		if _, err := db.ExecContext(ctx, "SET session_replication_role = replica; SET synchronous_commit = off;\n"+
			strings.TrimSpace(paragraph)+"\n;RESET ALL"); err != nil {
			return fmt.Errorf("fill: %w\n%s", err, paragraph)
		}
		return nil
	}
	if err := run(ctx, paragraphs[0]); err != nil {
		return err
	}
	return inTurn(ctx, len(paragraphs)-1, 2, func(ctx context.Context, i int) error { return run(ctx, paragraphs[i+1]) })
}

// vacuum does at once what the database does by itself within minutes.
func vacuum(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, `VACUUM ANALYZE`); err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	if _, err := db.ExecContext(ctx, `CHECKPOINT`); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}
