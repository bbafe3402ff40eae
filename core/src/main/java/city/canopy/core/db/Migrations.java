package city.canopy.core.db;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database, empty or older, to this build's tables by the numbered files below {@code db/migration}. */
public final class Migrations {
    private Migrations() {}

    /**
     * Runs what has not run yet; two processes at once wait for each other.
     *
     * @return how many files ran
     * @throws IllegalStateException when a file fails, or the database was made by a newer build
     */
    public static int run(Database database) {
        try {
            return Flyway.configure()
                    .dataSource(database.pool())
                    .locations("classpath:db/migration")
                    .cleanDisabled(true)
                    .validateMigrationNaming(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException e) {
            throw new IllegalStateException("the database cannot be brought to this version: " + e.getMessage(), e);
        }
    }
}
