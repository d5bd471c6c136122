"""What a PostgreSQL database does on its own is what the migrations set up, or is reported."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from stories.queries.verification import Verification
from stories.queries.verification.database.check import check_database
from tests.tampering import execute

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="is PostgreSQL's own"),
    pytest.mark.usefixtures("article"),
]

LIVE_PAGE = "stories_live_version(text, timestamptz)"
# The statements to execute, and the finding that is expected.
TAMPERINGS = {
    "the live page's function without a story": (
        [
            (
                "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('stories_live_version'::regproc), 'WHERE a.slug = asked_slug', "  # noqa: E501
                "'WHERE a.article_id <> 2 AND a.slug = asked_slug'); END $do$"
            )
        ],
        (
            "The function stories_live_version(asked_slug text, moment timestamp with time zone) in the schema public is not as "  # noqa: E501
            "it was made: its body."
        ),
    ),
    "the live page's function with a path of its own": (
        [f"ALTER FUNCTION {LIVE_PAGE} SET search_path = evil, public"],
        "not as it was made: its settings (search_path=evil, public).",
    ),
    "the live page's function in its owner's name": (
        [f"ALTER FUNCTION {LIVE_PAGE} SECURITY DEFINER"],
        "not as it was made: in whose name it runs.",
    ),
    "the live page's function as one that writes": (
        [f"ALTER FUNCTION {LIVE_PAGE} VOLATILE"],
        "not as it was made: whether it reads or writes.",
    ),
    "the live page's function of somebody else": (
        [
            "CREATE ROLE eve",
            "GRANT CREATE ON SCHEMA public TO eve",
            f"ALTER FUNCTION {LIVE_PAGE} OWNER TO eve",
        ],
        "not as it was made: its owner (eve).",
    ),
    "another function of the name": (
        [
            "CREATE FUNCTION stories_live_version(varchar, timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ],
        "is one too many of its name.",
    ),
    "the function gone": ([f"DROP FUNCTION {LIVE_PAGE}"], "The function stories_live_version is not there."),
    "the guard hollowed by a path": (
        [
            "CREATE SCHEMA evil",
            "CREATE FUNCTION evil.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$SELECT 'on'$$",
            "ALTER FUNCTION stories_refuse_change() SET search_path = evil, pg_catalog",
        ],
        (
            "The function stories_refuse_change() in the schema public is not as it was made: its settings "
            "(search_path=evil, pg_catalog)."
        ),
    ),
    "the guard in its owner's name": (
        ["ALTER FUNCTION stories_refuse_change() SECURITY DEFINER"],
        "The table stories_revision is not guarded against changes",
    ),
    "the guards lifted for the database": (
        [
            "DO $do$ BEGIN EXECUTE format('ALTER DATABASE %I SET stories.lifted = ''on''', current_database()); END $do$"  # noqa: E501
        ],
        "The setting stories.lifted=on is given to everybody in ",
    ),
    "the guards lifted for a role": (
        ["ALTER ROLE CURRENT_USER SET stories.lifted = 'on'"],
        "The setting stories.lifted=on is given to ",
    ),
    "a path for a role": (
        ["CREATE ROLE web", "ALTER ROLE web SET search_path = evil, public"],
        "The setting search_path=evil, public is given to web in every database",
    ),
    "a role that plays a replica": (
        ["CREATE ROLE web", "ALTER ROLE web SET session_replication_role = replica"],
        "The setting session_replication_role=replica is given to web",
    ),
    "the guards lifted for this very session": (
        ["SET LOCAL stories.lifted = 'on'"],
        "The setting stories.lifted is on for whoever connects",
    ),
    "row-level security": (
        [
            "CREATE POLICY p ON stories_publication USING (id <> 3 OR current_setting('transaction_read_only') = 'on')",
            "ALTER TABLE stories_publication ENABLE ROW LEVEL SECURITY",
        ],
        "The table stories_publication has row-level security",
    ),
    "a policy that rests": (
        ["CREATE POLICY quiet ON stories_publishednote USING (true)"],
        "The table stories_publishednote has a policy on who sees which rows: quiet.",
    ),
    "a view in a table's place": (
        [
            "ALTER TABLE stories_withdrawal RENAME TO hidden",
            "CREATE VIEW stories_withdrawal AS SELECT * FROM hidden WHERE false",
        ],
        "stories_withdrawal is no table, but a view.",
    ),
    "a materialized view in a table's place": (
        [
            "ALTER TABLE stories_publishednote RENAME TO hidden",
            "CREATE MATERIALIZED VIEW stories_publishednote AS SELECT * FROM hidden",
        ],
        "stories_publishednote is no table, but a materialized view.",
    ),
    "a view before a table": (
        [
            "CREATE SCHEMA web",
            "CREATE VIEW web.stories_publication AS SELECT * FROM public.stories_publication LIMIT 1",
        ],
        "Another view of the name stories_publication is in the schema web.",
    ),
    "a table that inherits": (
        ["CREATE TABLE more () INHERITS (stories_publishednote)"],
        "The table stories_publishednote shares its rows with another, more.",
    ),
    "a rule": (
        ["CREATE RULE silent AS ON INSERT TO stories_ledgerentry DO INSTEAD NOTHING"],
        "The table stories_ledgerentry has a rule, which rewrites what is asked of it: silent.",
    ),
    "a trigger of somebody's": (
        [
            "CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER helpful BEFORE INSERT ON stories_publishednote FOR EACH ROW EXECUTE FUNCTION drop_it()",
        ],
        "The table stories_publishednote has a trigger that is none of ours: helpful.",
    ),
    "triggers that rest": (
        ["ALTER TABLE stories_publishednote DISABLE TRIGGER ALL"],
        "The table stories_publishednote has a trigger that rests: ",
    ),
    "a table of somebody else": (
        [
            "CREATE ROLE eve",
            "GRANT CREATE ON SCHEMA public TO eve",
            "ALTER TABLE stories_revision OWNER TO eve",
        ],
        "The table stories_revision belongs to eve, and stories_ledgerentry to ",
    ),
    "a table that is not logged": (
        ["ALTER TABLE stories_verificationrun SET UNLOGGED"],
        "The table stories_verificationrun is not kept when the server falls",
    ),
    "a table gone": (["DROP TABLE stories_signoff"], "The table stories_signoff is not there."),
    "an operator that is nearer": (
        [
            "CREATE FUNCTION equal(varchar, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
            "CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = text, FUNCTION = equal)",
        ],
        "Somebody has made a operator",
    ),
    "a cast": (
        [
            "CREATE FUNCTION as_text(uuid) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "CREATE CAST (uuid AS integer) WITH FUNCTION as_text(uuid) AS IMPLICIT",
        ],
        "uuid to integer",
    ),
    "a function of PostgreSQL's own replaced": (
        [
            (
                "CREATE OR REPLACE FUNCTION pg_catalog.pg_has_role(name, oid, text) RETURNS boolean LANGUAGE sql STABLE "  # noqa: E501
                "STRICT PARALLEL SAFE AS 'SELECT true'"
            )
        ],
        "pg_has_role(name,oid,text)",
    ),
    "an operator's function replaced by another of PostgreSQL's": (
        [
            (
                "CREATE OR REPLACE FUNCTION pg_catalog.timestamptz_le(timestamptz, timestamptz) RETURNS boolean "
                "LANGUAGE internal IMMUTABLE STRICT AS 'timestamp_ge'"
            )
        ],
        "timestamptz_le(timestamp with time zone,timestamp with time zone)",
    ),
    "an operator that asks another function": (
        [
            "SET LOCAL allow_system_table_mods = on",
            (
                "UPDATE pg_operator SET oprcode = 'timestamptz_ge' WHERE oid = "
                "'<=(timestamptz,timestamptz)'::regoperator"
            ),
        ],
        "The operator <=(timestamp with time zone,timestamp with time zone) is PostgreSQL’s own, and was changed",
    ),
    "a function of somebody's in an extension": (
        [
            "CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql AS $$SELECT ''$$",
            "ALTER EXTENSION plpgsql ADD FUNCTION lower(varchar)",
        ],
        "Somebody has made a function that our queries may come upon: lower(character varying)",
    ),
    "an event trigger": (
        [
            "CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "CREATE EVENT TRIGGER helpful ON ddl_command_end EXECUTE FUNCTION meddle()",
        ],
        "The database does something by itself whenever a table is changed or made: helpful.",
    ),
    "a subscription": (
        [
            (
                "CREATE SUBSCRIPTION evil CONNECTION 'dbname=nowhere' PUBLICATION more "
                "WITH (connect = false, enabled = false, slot_name = NONE, create_slot = false)"
            )
        ],
        "Another server writes into this database, and as a replica’s its rows pass foreign keys: evil.",
    ),
    "a trigger of a table that is not ours": (
        [
            "CREATE SCHEMA evil",
            "CREATE FUNCTION evil.meddle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER helpful AFTER INSERT ON django_session EXECUTE FUNCTION evil.meddle()",
        ],
        "The table django_session has a trigger that is none of ours: helpful.",
    ),
    "a guard that fires for a replica alone": (
        ["ALTER TABLE stories_ledgerentry ENABLE REPLICA TRIGGER append_only"],
        "The table stories_ledgerentry is not guarded against changes",
    ),
    "a table cut into partitions": (
        [
            "ALTER TABLE stories_signoff RENAME TO hidden",
            "CREATE TABLE stories_signoff (LIKE hidden) PARTITION BY RANGE (id)",
        ],
        "stories_signoff is no table, but a partitioned table.",
    ),
    "a constraint gone": (
        ["ALTER TABLE stories_publication DROP CONSTRAINT stories_publication_pkey CASCADE"],
        "The table stories_publication lacks",
    ),
    "a foreign key gone": (
        [
            (
                "DO $do$ BEGIN EXECUTE (SELECT format('ALTER TABLE stories_publication DROP CONSTRAINT %I', conname) "
                "FROM pg_constraint WHERE contype = 'f' AND conrelid = 'stories_publication'::regclass LIMIT 1); "
                "END $do$"
            )
        ],
        "The table stories_publication lacks a foreign key",
    ),
    "a constraint that old rows need not meet": (
        [
            "ALTER TABLE stories_signoff ADD CONSTRAINT kept CHECK (id > 0) NOT VALID",
        ],
        "The table stories_signoff has a constraint that is not held: kept.",
    ),
    "an index that leaves rows out": (
        [
            "SET LOCAL allow_system_table_mods = on",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'publication_by_article'::regclass",
        ],
        "The table stories_publication has an index that does not hold all its rows: publication_by_article.",
    ),
    "an index that keeps one story from being published again": (
        ["CREATE UNIQUE INDEX quick ON stories_publication (article_id) WHERE article_id = 3 AND id > 100"],
        "The table stories_publication has a constraint or an index that is none of ours: quick.",
    ),
    "an index of an expression that fails for corrections": (
        [
            "CREATE INDEX quick ON stories_updatenote ((1 / CASE WHEN kind = 'correction' THEN id * 0 ELSE 1 END))"
        ],
        "The table stories_updatenote has a constraint or an index that is none of ours: quick.",
    ),
    "a check that refuses corrections from now on": (
        ["ALTER TABLE stories_updatenote ADD CONSTRAINT kept CHECK (kind <> 'correction' OR id < 1000)"],
        "The table stories_updatenote has a constraint or an index that is none of ours: kept.",
    ),
    "an index of ours that became a unique one": (
        [
            "DROP INDEX status_waiting",
            "CREATE UNIQUE INDEX status_waiting ON stories_storystatus ((true)) WHERE waiting_since IS NOT NULL",
        ],
        "The table stories_storystatus has a constraint or an index that is none of ours: status_waiting.",
    ),
    "an index of ours that leaves other rows out": (
        [
            "DROP INDEX status_withdrawn",
            "CREATE INDEX status_withdrawn ON stories_storystatus (article_id) WHERE 1 / (article_id - 3) > 0",
        ],
        "The table stories_storystatus has a constraint or an index that is none of ours: status_withdrawn.",
    ),
    "a check of ours that holds of everything": (
        [
            "ALTER TABLE stories_withholding DROP CONSTRAINT withholding_says_why",
            "ALTER TABLE stories_withholding ADD CONSTRAINT withholding_says_why CHECK (true OR reason <> '')",
        ],
        "The table stories_withholding has a constraint or an index that is none of ours: withholding_says_why.",
    ),
    "a check of ours that refuses one row more": (
        [
            "ALTER TABLE stories_publication DROP CONSTRAINT publication_first_has_no_base",
            (
                "ALTER TABLE stories_publication ADD CONSTRAINT publication_first_has_no_base CHECK "
                "((publication_class <> 'first' OR base_id IS NULL) AND article_id <> 300)"
            ),
        ],
        "The table stories_publication has a constraint or an index that is none of ours: publication_first_has",
    ),
    "a unique constraint of ours over other columns": (
        [
            "ALTER TABLE stories_revision DROP CONSTRAINT revision_number_once",
            "ALTER TABLE stories_revision ADD CONSTRAINT revision_number_once UNIQUE (id, number)",
        ],
        "The table stories_revision lacks a constraint (revision_number_once), whose name another has.",
    ),
    "a foreign key that takes rows with it": (
        [
            (
                "DO $do$ BEGIN EXECUTE (SELECT format('ALTER TABLE stories_textblock DROP CONSTRAINT %I, "
                "ADD CONSTRAINT %I FOREIGN KEY (parent_id) REFERENCES stories_article ON DELETE CASCADE', "
                "conname, conname) FROM pg_constraint WHERE contype = 'f' "
                "AND conrelid = 'stories_textblock'::regclass LIMIT 1); END $do$"
            )
        ],
        "The table stories_textblock has a foreign key that changes its rows by itself:",
    ),
    "a role that may change what is only added to": (
        ["CREATE ROLE eve", "GRANT UPDATE, TRUNCATE ON stories_publication TO eve"],
        "The role eve was given TRUNCATE on what is only added to: stories_publication.",
    ),
    "everybody may change one column": (
        ["GRANT UPDATE (live_from) ON stories_publication TO PUBLIC"],
        "The role everybody was given UPDATE on what is only added to: stories_publication.",
    ),
    "a function of somebody's nearby": (
        ["CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql AS $$SELECT ''$$"],
        "Somebody has made a function",
    ),
    "a column that the database makes": (
        [
            "ALTER TABLE stories_publishednote DROP COLUMN was",
            "ALTER TABLE stories_publishednote ADD COLUMN was text NOT NULL GENERATED ALWAYS AS ('') STORED",
        ],
        "The column was of stories_publishednote is not as it was made: the database makes it of others.",
    ),
    "a column of another type": (
        ["ALTER TABLE stories_publishednote ALTER COLUMN kind TYPE text"],
        "The column kind of stories_publishednote is not as it was made: its type is text.",
    ),
    "a column with a default": (
        ["ALTER TABLE stories_publishednote ALTER COLUMN text SET DEFAULT 'x'"],
        "The column text of stories_publishednote is not as it was made: it has a default.",
    ),
    "a column compared by other rules": (
        [
            'ALTER TABLE stories_publishednote ALTER COLUMN text TYPE text COLLATE "C"',
        ],
        "it is compared by other rules",
    ),
    "a column that may be empty": (
        ["ALTER TABLE stories_publishednote ALTER COLUMN text DROP NOT NULL"],
        "The column text of stories_publishednote is not as it was made: whether it may be empty.",
    ),
    "a column more": (
        ["ALTER TABLE stories_publishednote ADD COLUMN hidden boolean"],
        "The column hidden of stories_publishednote is one that we did not make.",
    ),
    "what is searched made otherwise": (
        [
            "ALTER TABLE stories_searchtext DROP COLUMN search",
            (
                "ALTER TABLE stories_searchtext ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', dek)) "  # noqa: E501
                "STORED"
            ),
        ],
        "The column search of stories_searchtext is not as it was made: what is searched.",
    ),
    "a sequence set back": (
        [
            "INSERT INTO auth_group (name) VALUES ('One'), ('Two')",
            "SELECT setval(pg_get_serial_sequence('auth_group', 'id'), (SELECT max(id) FROM auth_group) - 1)",
        ],
        "The sequence of auth_group was set back to ",
    ),
    "a sequence begun anew": (
        [
            "INSERT INTO auth_group (name) VALUES ('One')",
            "ALTER SEQUENCE auth_group_id_seq RESTART",
        ],
        "The sequence of auth_group was set back to 0; its rows have numbers up to ",
    ),
    "a sequence that counts in twos": (
        ["ALTER SEQUENCE stories_revision_id_seq INCREMENT 2"],
        "The sequence of stories_revision does not count up by one, as it was made to, or may not be read",
    ),
    "a key without a sequence": (
        ["ALTER TABLE stories_revision ALTER COLUMN id DROP IDENTITY"],
        "The rows of stories_revision are numbered by no sequence of its own.",
    ),
    "a guard against endless times gone": (
        ["ALTER TABLE stories_publication DROP CONSTRAINT stories_publication_in_one_form"],
        "The table stories_publication is not guarded against values written otherwise",
    ),
}


def messages() -> list[str]:
    return [str(finding) for finding in check_database(whole=True)]


def test_a_database_as_the_migrations_make_it_is_as_it_should_be() -> None:
    assert messages() == []


@pytest.mark.parametrize(("statements", "said"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_what_is_not_as_it_was_made_is_named(statements: list[str], said: str) -> None:
    with transaction.atomic():
        connection.check_constraints()
        for statement in statements:
            execute(statement)
        found = messages()
        transaction.set_rollback(True)
    assert any(said in each for each in found), found


def test_a_whole_run_names_it_too() -> None:
    execute("CREATE POLICY quiet ON stories_publishednote USING (true)")
    assert any("a policy on who sees which rows: quiet" in str(finding) for finding in Verification())
