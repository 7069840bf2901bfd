package health

import (
	"context"
	"errors"
	"log/slog"

	"go.temporal.io/sdk/client"

	"miglobe/migrations"
	"miglobe/store"
)

// OfServer is ready with a database alone: pages need nothing else, and what people say while the engine is away is kept.
func OfServer(st *store.Store, engine client.Client, log *slog.Logger) *Health {
	return New(log, database(st), schema(st), engineOf(engine, true))
}

// OfWorker is ready with database and engine.
func OfWorker(st *store.Store, engine client.Client, log *slog.Logger) *Health {
	return New(log, database(st), schema(st), engineOf(engine, false))
}

func database(st *store.Store) Check {
	return Check{Name: "database", Run: func(ctx context.Context) (string, error) {
		if err := st.Ping(ctx); err != nil {
			return "away", err
		}
		return "ok", nil
	}}
}

var errMissing = errors.New("the database lacks migrations")

// schema fails where migrations are missing. Newer ones are no reason to stop: a release migrates before its processes
// start, and the earlier ones go on until then.
func schema(st *store.Store) Check {
	return Check{Name: "migrations", Run: func(ctx context.Context) (string, error) {
		newest, err := migrations.Newest()
		if err != nil {
			return "unknown", err
		}
		version, err := st.SchemaVersion(ctx)
		switch {
		case err != nil:
			return "unknown", err
		case version < newest:
			return "missing: run miglobe migrate", errMissing
		case version > newest:
			return "ok: newer than this program", nil
		}
		return "ok", nil
	}}
}

// engineOf asks the engine whether it serves.
func engineOf(engine client.Client, optional bool) Check {
	return Check{Name: "engine", Optional: optional, Run: func(ctx context.Context) (string, error) {
		if _, err := engine.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
			return "away: inputs are kept and delivered later", err
		}
		return "ok", nil
	}}
}
