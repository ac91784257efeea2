import GRDB

/// Returns the journal's tables, version by version; one that was released never changes.
///
/// Values are JSON texts; the columns beside them are what is searched by. Moments are
/// milliseconds since 1970.
func journalMigrations() -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in try database.execute(sql: first) }
    migrator.registerMigration("2") { database in try database.execute(sql: second) }
    return migrator
}

private let first = """
    CREATE TABLE decisions (
        sequence INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        record TEXT NOT NULL
    ) STRICT;
    CREATE INDEX decisions_by_model ON decisions (model, sequence);

    CREATE TABLE notes (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        tip TEXT NOT NULL
    ) STRICT;

    CREATE TABLE runs (
        model TEXT NOT NULL,
        number INTEGER NOT NULL,
        started INTEGER NOT NULL,
        state TEXT NOT NULL,
        run TEXT NOT NULL,
        PRIMARY KEY (model, number)
    ) STRICT;
    CREATE INDEX runs_by_start ON runs (started, model, number);
    CREATE INDEX runs_by_state ON runs (state, model, number);

    CREATE TABLE outcomes (
        model TEXT NOT NULL,
        number INTEGER NOT NULL,
        outcome BLOB NOT NULL,
        PRIMARY KEY (model, number)
    ) STRICT;

    CREATE TABLE events (
        model TEXT NOT NULL,
        number INTEGER NOT NULL,
        position INTEGER NOT NULL,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        PRIMARY KEY (model, number, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE effects (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        what TEXT NOT NULL,
        intended INTEGER NOT NULL,
        outcome TEXT,
        finished INTEGER
    ) STRICT;
    CREATE INDEX effects_open ON effects (id) WHERE finished IS NULL;

    CREATE TABLE positions (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE statuses (
        model TEXT PRIMARY KEY,
        status TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE problems (
        key TEXT PRIMARY KEY,
        since INTEGER NOT NULL,
        failure TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

/// What people and forges are told.
///
/// `told` is the decision up to which rows were made. A journal that has decisions already was
/// written by a version that told nobody: what is in it is old and stays untold.
private let second = """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        event TEXT NOT NULL,
        channel TEXT NOT NULL,
        body TEXT NOT NULL,
        created INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        nextAttempt INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
        lastError TEXT
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (channel, nextAttempt, id) WHERE state = 'waiting';
    CREATE INDEX outbox_by_state ON outbox (state, id);

    CREATE TABLE told (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        sequence INTEGER NOT NULL
    ) STRICT;
    INSERT INTO told (id, sequence)
        SELECT 1, sequence FROM decisions ORDER BY sequence DESC LIMIT 1;

    CREATE INDEX decisions_by_commit ON decisions (json_extract(record, '$.commit'), sequence);

    CREATE TABLE forge_ledger (
        forge TEXT NOT NULL,
        about TEXT NOT NULL,
        context TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (forge, about, context)
    ) STRICT, WITHOUT ROWID;
    """
