package store_test

import (
	"testing"

	"miglobe/store/storetest"
)

// TestStatementsOutliveAMigration: a server that runs while the schema changes has prepared its statements before.
func TestStatementsOutliveAMigration(t *testing.T) {
	db := storetest.Open(t).DB()
	db.SetMaxOpenConns(1)
	columns := func() int {
		t.Helper()
		rows, err := db.QueryContext(t.Context(), `SELECT * FROM rate_limits WHERE action = $1`, "sign_in")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	before := columns()
	if _, err := db.ExecContext(t.Context(), `ALTER TABLE rate_limits ADD COLUMN note text`); err != nil {
		t.Fatal(err)
	}
	if after := columns(); after != before+1 {
		t.Errorf("%d columns after the migration, %d before", after, before)
	}
}

// TestMoreStatementsThanAConnectionKeeps: what is not kept any more is prepared again.
func TestMoreStatementsThanAConnectionKeeps(t *testing.T) {
	db := storetest.Open(t).DB()
	db.SetMaxOpenConns(1)
	for n := range 600 {
		var got int
		if err := db.QueryRowContext(t.Context(), `SELECT $1::int + `+string(rune('0'+n%10))+` -- `+t.Name()+string(rune(n+1000)), n).Scan(&got); err != nil || got != n+n%10 {
			t.Fatalf("statement %d: %d, %v", n, got, err)
		}
	}
	var kept int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_prepared_statements`).Scan(&kept); err != nil || kept > 500 {
		t.Errorf("%d statements are kept, %v", kept, err)
	}
}
