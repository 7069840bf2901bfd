package temporal

import (
	"fmt"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

// setUpSchemas brings both databases to the schema of the server's version. It uses the tasks that the
// temporal-sql-tool runs, which are in the server's module, and not the tool: that ends the process on an
// error and writes to the terminal.
func setUpSchemas(database Database, logger log.Logger) error {
	for name, embedded := range map[string]string{
		mainDatabase:       "postgresql/v12/temporal",
		visibilityDatabase: "postgresql/v12/visibility",
	} {
		if err := setUpSchema(database, name, embedded, logger); err != nil {
			return fmt.Errorf("temporal: schema of database %s: %w", name, err)
		}
	}
	return nil
}

func setUpSchema(database Database, name, embedded string, logger log.Logger) error {
	connection, err := sql.NewConnection(sqlConfig(database, name), logger)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer connection.Close()
	setup := &schema.SetupConfig{InitialVersion: "0.0"}
	if err := schema.NewSetupSchemaTask(connection, setup, logger).Run(); err != nil {
		return fmt.Errorf("version tables: %w", err)
	}
	update := &schema.UpdateConfig{DBName: name, SchemaName: embedded}
	if err := schema.NewUpdateSchemaTask(connection, update, logger).Run(); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return nil
}
