package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrationFiles embed.FS

// schemaTable is where goose notes which migrations have run.
const schemaTable = "huawu_schema"

// migrate brings the schema up to this program's, each step in a transaction
// of its own, while no other process does the same.
func (s *Store) migrate(ctx context.Context) error {
	pool, err := s.write.DB()
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrationFiles, s.dialect.migrations())
	if err != nil {
		return err
	}
	return s.dialect.alone(ctx, pool, func() error {
		provider, err := goose.NewProvider(s.dialect.goose(), pool, files, goose.WithTableName(schemaTable),
			goose.WithDisableGlobalRegistry(true))
		if err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		has, knows, err := provider.GetVersions(ctx)
		if err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		if has > knows {
			return fmt.Errorf("%w: it has version %d, this program knows %d: start a newer huawu, or restore the database from before the upgrade",
				ErrNewerSchema, has, knows)
		}
		done, err := provider.Up(ctx)
		if partial := (*goose.PartialError)(nil); errors.As(err, &partial) {
			done, err = partial.Applied, fmt.Errorf("migration %s: %w", partial.Failed.Source.Path, partial.Err)
		}
		for _, m := range done {
			s.log.Info("migrated the store", "migration", m.Source.Path, "took", m.Duration)
		}
		return err
	})
}
